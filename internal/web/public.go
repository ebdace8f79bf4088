package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// publicRoutes are the routes for readers. They read publications, never
// reviews: what is not published cannot be reached here.
func (s *Server) publicRoutes() []route {
	pages := []struct {
		path string
		do   func(*gin.Context) error
	}{
		{"/", s.listChecks},
		{"/checks/:slug", s.showCheck},
		{"/checks/:slug/claimreview.json", s.showClaimReview},
		{"/checks/:slug/editions/:n", s.showEdition},
		{"/speakers/:slug", s.showSpeaker},
		{"/topics/:slug", s.showTopic},
		{"/topics/:slug/feed.xml", s.feedTopic(atom)},
		{"/topics/:slug/feed.json", s.feedTopic(jsonFeed)},
		{"/corrections", s.listCorrections},
		{"/feeds/checks.xml", s.feedChecks(atom)},
		{"/feeds/checks.json", s.feedChecks(jsonFeed)},
		{"/feeds/corrections.xml", s.feedCorrections},
		{"/sitemap.xml", s.siteMap},
		{"/sitemaps/:part", s.sitePart},
		{"/healthz", s.healthy},
		{"/readyz", s.ready},
	}
	var all []route
	for _, p := range pages { // gin answers HEAD only where it is asked to
		all = append(all, route{http.MethodGet, p.path, anybody, noBody, p.do}, route{http.MethodHead, p.path, anybody, noBody, p.do})
	}
	return all
}

// reader is what every public page is drawn from, whoever asks: pages for
// readers know nothing of who is signed in, so that they can be cached.
func (s *Server) reader(c *gin.Context, name, tag string, page any) error {
	var b bytes.Buffer
	if err := s.templates.Render(&b, name, view{Site: s.Site, Path: c.Request.URL.Path, Page: page}); err != nil {
		return err
	}
	cached(c, "text/html; charset=utf-8", tag, b.Bytes())
	return nil
}

// cached answers with body, or with 304 to whoever has it already. The ETag
// begins with tag, the hash of what was published, and goes on with one of the
// body, which also changes with the templates of a new build. A copy may be
// kept but is asked about each time: a correction shows at once.
func cached(c *gin.Context, media, tag string, body []byte) {
	sum := sha256.Sum256(body)
	h := c.Writer.Header()
	h.Set("ETag", fmt.Sprintf(`"%.16s-%s"`, tag, hex.EncodeToString(sum[:8])))
	h.Set("Content-Type", media)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(body))
}

// readerRows is how many rows a public list shows.
const readerRows = 30

// before reads the cursor of ?before=, the zero cursor on the first page.
func before(c *gin.Context) (review.Cursor, error) {
	text := c.Query("before")
	if text == "" {
		return review.Cursor{}, nil
	}
	key, id, _ := strings.Cut(text, "-")
	k, err1 := strconv.ParseInt(key, 10, 64)
	n, err2 := strconv.ParseInt(id, 10, 64)
	if err1 != nil || err2 != nil || k < 0 || n < 1 {
		return review.Cursor{}, errs.New("web.before", errs.NotFound, "There is no such page of this list. Begin at its first page.")
	}
	return review.Cursor{Key: k, ID: n}, nil
}

// pageOf divides what was read, one more than a page holds, into the rows to
// show and the cursor of the page after; empty if this is the last.
func pageOf(all []review.Listed, cursor func(review.Listed) review.Cursor) ([]review.Listed, string) {
	if len(all) <= readerRows {
		return all, ""
	}
	all = slices.Clip(all[:readerRows])
	last := cursor(all[readerRows-1])
	return all, fmt.Sprintf("%d-%d", last.Key, last.ID)
}
