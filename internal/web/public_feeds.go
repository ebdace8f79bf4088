package web

import (
	"encoding/json"
	"fmt"
	"html"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/feeds"

	"factcheck/internal/export"
	"factcheck/internal/review"
)

// feedFormat is how a feed is written.
type feedFormat struct {
	media string
	write func(feed, []entry) ([]byte, error)
}

var (
	atom     = feedFormat{"application/atom+xml; charset=utf-8", writeAtom}
	jsonFeed = feedFormat{"application/feed+json; charset=utf-8", writeJSONFeed}
)

// feed is what a feed says of itself.
type feed struct{ Title, Site, Address, Home string }

// entry is one item of a feed. All of it is plain text.
type entry struct {
	ID, Address      string
	Title, Text      string
	First, Published time.Time
}

// feedChecks handles GET /feeds/checks.xml and .json: the checks that were
// published last.
func (s *Server) feedChecks(f feedFormat) func(*gin.Context) error {
	return func(c *gin.Context) error {
		all, err := s.Store.Published(c.Request.Context(), review.Cursor{}, readerRows)
		if err != nil {
			return err
		}
		var entries []entry
		for _, l := range all {
			entries = append(entries, s.checkEntry(l.Publication))
		}
		return s.feed(c, f, feed{s.Site.Name + ": fact-checks", s.Site.Name, s.Site.BaseURL + c.Request.URL.Path, s.Site.BaseURL + "/"}, entries)
	}
}

// checkEntry is the live edition of a check. Its id stays the same, so that
// readers of feeds show a correction or a retraction where the check was.
func (s *Server) checkEntry(p review.Publication) entry {
	r := p.Report
	e := entry{
		ID: s.Site.CheckURL(r.Slug), Address: s.Site.CheckURL(r.Slug), First: r.FirstPublished, Published: r.PublishedAt,
		Title: r.Rating.Label + ": " + export.Headline(r), Text: r.Summary,
	}
	switch {
	case r.Retracted != nil:
		e.Title, e.Text = "Retracted: "+export.Headline(r), r.Retracted.Note
	case r.Unreviewed != nil:
		e.Text = "Published without a second review. " + e.Text
	}
	return e
}

// feedCorrections handles GET /feeds/corrections.xml: what replaced an edition
// last, and why. Each correction and each retraction is an entry of its own.
func (s *Server) feedCorrections(c *gin.Context) error {
	all, err := s.Store.Corrections(c.Request.Context(), review.Cursor{}, readerRows)
	if err != nil {
		return err
	}
	var entries []entry
	for _, l := range all {
		r := l.Publication.Report
		one, ok := export.CorrectionOf(l.Publication)
		if !ok {
			continue
		}
		entries = append(entries, entry{
			ID: fmt.Sprintf("%s/editions/%d", s.Site.CheckURL(r.Slug), r.Edition), Address: s.Site.CheckURL(r.Slug),
			Title: one.Label + ": " + export.Headline(r), Text: one.Note, First: r.PublishedAt, Published: r.PublishedAt,
		})
	}
	return s.feed(c, atom, feed{s.Site.Name + ": corrections", s.Site.Name, s.Site.BaseURL + c.Request.URL.Path, s.Site.BaseURL + "/corrections"}, entries)
}

func (s *Server) feed(c *gin.Context, f feedFormat, about feed, entries []entry) error {
	body, err := f.write(about, entries)
	if err != nil {
		return fmt.Errorf("write feed: %w", err)
	}
	c.Header("Access-Control-Allow-Origin", "*")
	cached(c, f.media, "feed", body)
	return nil
}

// asFeed is the feed as the library has it. text turns our plain text into
// what the format holds there.
func asFeed(about feed, entries []entry, text func(string) string) *feeds.Feed {
	f := &feeds.Feed{Title: about.Title, Link: &feeds.Link{Href: about.Home}, Author: &feeds.Author{Name: about.Site}, Updated: time.Unix(0, 0).UTC()}
	for i, e := range entries {
		if i == 0 || e.Published.After(f.Updated) {
			f.Updated = e.Published.UTC()
		}
		f.Items = append(f.Items, &feeds.Item{
			Id: e.ID, Title: e.Title, Link: &feeds.Link{Href: e.Address}, Description: text(e.Text), Created: e.First.UTC(), Updated: e.Published.UTC(),
		})
	}
	return f
}

// writeAtom is RFC 4287. The library calls every summary HTML, so that text has
// to be escaped once for that, and again, by the encoder, for XML.
func writeAtom(about feed, entries []entry) ([]byte, error) {
	a := (&feeds.Atom{Feed: asFeed(about, entries, html.EscapeString)}).AtomFeed()
	a.Id = about.Address // of the home page, by the library: two feeds would be one
	for i, e := range entries {
		a.Entries[i].Published = e.First.UTC().Format(time.RFC3339)
	}
	text, err := feeds.ToXML(a)
	return []byte(text), err
}

// writeJSONFeed is JSON Feed 1.1, in which a summary is plain text.
func writeJSONFeed(about feed, entries []entry) ([]byte, error) {
	f := (&feeds.JSON{Feed: asFeed(about, entries, func(s string) string { return s })}).JSONFeed()
	f.FeedUrl = about.Address
	for i, e := range entries {
		f.Items[i].ContentText = e.Text // an item needs a content
	}
	items := f.Items
	if items == nil {
		items = []*feeds.JSONItem{}
	}
	return json.MarshalIndent(struct {
		*feeds.JSONFeed
		Items []*feeds.JSONItem `json:"items"` // the library leaves out an empty list, which the format needs
	}{f, items}, "", "  ")
}
