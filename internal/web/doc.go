// Package web speaks HTTP: the desk for staff and the public pages.
//
// A handler reads the request, makes one call and answers with a page or a
// redirect; it returns its error, and [Server.handle] alone turns errors into
// pages. What may be done with a review is never decided here: buttons are
// drawn from review.Dossier.Available, and review.Service.Do decides again.
//
// Article text and all that people typed is hostile. It reaches a page only as
// text through html/template.
package web
