package web

import (
	"github.com/gin-gonic/gin"

	"factcheck/internal/export"
	"factcheck/internal/review"
)

// publicTopic is the data of pages/public_topic.html.
type publicTopic struct {
	Name   string
	Path   string // of the page; its feeds are below it
	Checks []checkRow
	Later  bool
	Next   string
}

// showTopic handles GET /topics/:slug: what is published about one topic.
func (s *Server) showTopic(c *gin.Context) error {
	from, err := before(c)
	if err != nil {
		return err
	}
	slug := c.Param("slug")
	name, all, err := s.Store.PublishedAbout(c.Request.Context(), review.TopicKey(slug), from, readerRows+1)
	if err != nil {
		return err
	}
	p := publicTopic{Name: name, Path: export.TopicPath(slug), Later: !from.IsZero()}
	all, p.Next = pageOf(all, func(l review.Listed) review.Cursor {
		return review.Cursor{Key: l.Publication.PublishedAt.UnixMicro(), ID: l.Publication.ReviewID}
	})
	for _, l := range all {
		p.Checks = append(p.Checks, rowOf(l))
	}
	return s.reader(c, "public_topic", "topic", p)
}

// feedTopic handles GET /topics/:slug/feed.xml and .json: what was published last
// about one topic.
func (s *Server) feedTopic(f feedFormat) func(*gin.Context) error {
	return func(c *gin.Context) error {
		slug := c.Param("slug")
		name, all, err := s.Store.PublishedAbout(c.Request.Context(), review.TopicKey(slug), review.Cursor{}, readerRows)
		if err != nil {
			return err
		}
		var entries []entry
		for _, l := range all {
			entries = append(entries, s.checkEntry(l.Publication))
		}
		about := feed{s.Site.Name + ": fact-checks about " + name, s.Site.Name, s.Site.BaseURL + c.Request.URL.EscapedPath(), s.Site.BaseURL + export.TopicPath(slug)}
		return s.feed(c, f, about, entries)
	}
}
