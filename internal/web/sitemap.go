package web

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// mapped is how many checks one site map lists at most. A site map may hold
// 50,000 addresses and 50 MB (sitemaps.org).
const mapped = 10_000

// mapPlace is an entry of a site map or of an index of them.
type mapPlace struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// siteMap handles GET /sitemap.xml: every check and the two lists, or where there
// are too many for one site map, an index of site maps. A check stays in the same
// one for ever.
func (s *Server) siteMap(c *gin.Context) error {
	parts, err := s.Store.AddressParts(c.Request.Context(), mapped)
	if err != nil {
		return err
	}
	if len(parts) < 2 {
		return s.mapOf(c, parts, true)
	}
	index := struct {
		XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Maps    []mapPlace `xml:"sitemap"`
	}{}
	for _, n := range parts {
		index.Maps = append(index.Maps, mapPlace{Loc: fmt.Sprintf("%s/sitemaps/%d.xml", s.Site.BaseURL, n)})
	}
	return writeMap(c, index)
}

// sitePart handles GET /sitemaps/:part: the checks of one part, and in the first
// of them the two lists.
func (s *Server) sitePart(c *gin.Context) error {
	parts, err := s.Store.AddressParts(c.Request.Context(), mapped)
	if err != nil {
		return err
	}
	text, isMap := strings.CutSuffix(c.Param("part"), ".xml")
	n, err := strconv.ParseInt(text, 10, 64)
	if !isMap || err != nil || !slices.Contains(parts, n) {
		return errs.New("web.sitePart", errs.NotFound, "There is no such site map.")
	}
	return s.mapOf(c, []int64{n}, n == parts[0])
}

// mapOf is the site map of some parts, with the lists of checks if asked for.
func (s *Server) mapOf(c *gin.Context, parts []int64, lists bool) error {
	set := struct {
		XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []mapPlace `xml:"url"`
	}{}
	if lists {
		set.URLs = []mapPlace{{Loc: s.Site.BaseURL + "/"}, {Loc: s.Site.BaseURL + "/corrections"}}
	}
	for _, n := range parts {
		all, err := s.Store.Addresses(c.Request.Context(), mapped, n)
		if err != nil {
			return err
		}
		set.URLs = append(set.URLs, s.mapPlaces(all)...)
	}
	return writeMap(c, set)
}

func (s *Server) mapPlaces(all []review.Address) []mapPlace {
	var out []mapPlace
	for _, a := range all {
		out = append(out, mapPlace{s.Site.CheckURL(a.Slug), a.At.UTC().Format(time.RFC3339)})
	}
	return out
}

func writeMap(c *gin.Context, m any) error {
	body, err := xml.Marshal(m)
	if err != nil {
		return fmt.Errorf("write site map: %w", err)
	}
	cached(c, "application/xml; charset=utf-8", "map", append([]byte(xml.Header), body...))
	return nil
}
