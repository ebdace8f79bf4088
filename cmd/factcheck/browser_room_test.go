package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"factcheck/internal/mail/mailtest"
	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// room is a newsroom whose desk a test also reaches without the browser: what a
// journey is not about is done there, and people click the rest.
type room struct {
	*newsroom
	*storetest.Desk
	browser context.Context
	post    *mailtest.Server
	read    int // letters that were looked at
}

// openRoom opens a newsroom with people and a mail server.
func openRoom(t *testing.T) *room {
	t.Helper()
	r := &room{browser: startChromium(t), post: mailtest.Start(t)}
	r.newsroom = openNewsroom(t, filepath.Join(t.TempDir(), "desk.db"), "--smtp-host", r.post.Settings.Host, "--smtp-port", fmt.Sprint(r.post.Settings.Port),
		"--smtp-tls", "none", "--smtp-from", "desk@example.org", "--base-url", siteURL)
	r.Desk = storetest.NewDesk(t, r.store())
	r.Pass(time.Since(storetest.Start) - time.Hour) // what is done without the browser was done within the last hour
	return r
}

// siteURL is how letters call the site, that the browser reaches elsewhere.
const siteURL = "http://desk.example"

// sits is somebody of the desk, signed in, in a browser of their own.
func (r *room) sits(t *testing.T, p review.Person) *tab {
	t.Helper()
	b := r.visits(t)
	b.as(r.store(), strings.ToLower(p.Name)+"@example.org")
	return b
}

// visits is a reader.
func (r *room) visits(t *testing.T) *tab {
	t.Helper()
	return newTab(t, r.browser, r.url)
}

// letter waits for the next letter, which must go to that address, and is its
// text.
func (r *room) letter(t *testing.T, to string) string {
	t.Helper()
	for end := time.After(patience); len(r.post.Letters()) <= r.read; {
		select {
		case <-r.post.Came():
		case <-end:
			t.Fatalf("no letter comes to %s", to)
		}
	}
	l := r.post.Letters()[r.read]
	r.read++
	if len(l.To) != 1 || l.To[0] != to {
		t.Fatalf("a letter goes to %v, want %s", l.To, to)
	}
	return strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(l.Data)
}

// linkIn is the path of the first link of a letter that begins with prefix.
func linkIn(t *testing.T, letter, prefix string) string {
	t.Helper()
	m := regexp.MustCompile(regexp.QuoteMeta(siteURL) + `(` + prefix + `[A-Za-z0-9_/-]+)`).FindStringSubmatch(letter)
	if m == nil {
		t.Fatalf("no link to %s in:\n%s", prefix, letter)
	}
	return m[1]
}

// picture takes one at the size of a desk and one at that of a phone, where the
// page has to fit, and holds the page to the rules of axe-core.
func (b *tab) picture(name string) {
	b.t.Helper()
	b.shot(name + "-1600")
	b.accessible(name, readAxe(b))
	b.size(phone, hand)
	b.fits(name)
	b.shot(name + "-360")
	b.size(wide, tall)
}

func workOf(id int64) string { return fmt.Sprintf("/desk/reviews/%d", id) }

// TestBrowserJourneys are the ways of people through a claim, beside the main
// one: each walks as they do, one browser for each person.
func TestBrowserJourneys(t *testing.T) {
	r := openRoom(t)
	for _, j := range []struct {
		name string
		walk func(*testing.T, *room)
	}{
		{"a second reader disagrees", secondReaderDisagrees},
		{"a correction changes the verdict", correctionChangesVerdict},
		{"a retraction is signed by two", retractionByTwo},
		{"a claim is merged and parted again", mergeAndUnmerge},
		{"a guest reads by a link", guestReads},
		{"a subscriber is told once", subscriberIsTold},
		{"a complaint leads to a correction", complaintToCorrection},
		{"a session dies in the middle of a verdict", sessionDies},
	} {
		t.Run(j.name, func(t *testing.T) { j.walk(t, r) })
	}
	if all := r.post.Letters(); len(all) != r.read {
		t.Errorf("%d letters went out, %d were expected: the last to %v", len(all), r.read, all[len(all)-1].To)
	}
}
