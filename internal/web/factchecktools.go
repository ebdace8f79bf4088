package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/library"
)

// ToolsStore is what the Fact Check Tools API reads: live publications and the
// checks by others.
type ToolsStore interface {
	// SearchChecks finds checks: the best first, or the newest first if the query
	// has no words. Of our own, publisher and address are empty and Slug is set.
	// more reports that others follow. TooMany if it would take too long.
	SearchChecks(ctx context.Context, q library.Query) (found []library.Check, more bool, err error)
}

// The Fact Check Tools API v1alpha1 as its public clients expect it (discovery
// document of factchecktools, revision 20240929): GET /v1alpha1/claims:search.
// Searching by image and keeping pages of markup are not offered, and answer in
// the shape of that API's errors.

// toolsRoutes are the routes of the Fact Check Tools API.
func (s *Server) toolsRoutes() []route {
	store, ok := s.Store.(ToolsStore)
	if !ok {
		return nil // a store without a library
	}
	t := tools{s, store}
	return []route{
		{http.MethodGet, `/v1alpha1/claims\:search`, anybody, noBody, t.answer(t.search)},
		{http.MethodGet, `/v1alpha1/claims\:imageSearch`, anybody, noBody, t.answer(t.imageSearch)},
		{http.MethodGet, "/v1alpha1/pages", anybody, noBody, t.answer(t.listPages)},
		{http.MethodPost, "/v1alpha1/pages", anybody, formBody, t.answer(t.unoffered)},
		{http.MethodGet, "/v1alpha1/pages/:id", anybody, noBody, t.answer(t.noPage)},
		{http.MethodPut, "/v1alpha1/pages/:id", anybody, formBody, t.answer(t.unoffered)},
		{http.MethodDelete, "/v1alpha1/pages/:id", anybody, noBody, t.answer(t.unoffered)},
	}
}

// tools answers the Fact Check Tools API.
type tools struct {
	server *Server
	store  ToolsStore
}

// The answers, with the names and the order of the discovery document. Empty
// fields are left out.
type (
	toolsAnswer struct {
		Claims []toolsClaim `json:"claims,omitempty"`
		Next   string       `json:"nextPageToken,omitempty"`
	}
	toolsClaim struct {
		Text     string        `json:"text,omitempty"`
		Claimant string        `json:"claimant,omitempty"`
		Date     string        `json:"claimDate,omitempty"`
		Reviews  []toolsReview `json:"claimReview,omitempty"`
	}
	toolsReview struct {
		Publisher *toolsPublisher `json:"publisher,omitempty"`
		URL       string          `json:"url,omitempty"`
		Title     string          `json:"title,omitempty"`
		Date      string          `json:"reviewDate,omitempty"`
		Rating    string          `json:"textualRating,omitempty"`
		Lang      string          `json:"languageCode,omitempty"`
	}
	toolsPublisher struct {
		Name string `json:"name,omitempty"`
		Site string `json:"site,omitempty"`
	}
	toolsError struct {
		Error toolsProblem `json:"error"`
	}
	toolsProblem struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Status  string `json:"status"`
	}
)

// Error makes a problem an error, so that handlers can return one.
func (p toolsProblem) Error() string { return p.Status + ": " + p.Message }

func badArgument(format string, args ...any) error {
	return toolsProblem{http.StatusBadRequest, fmt.Sprintf(format, args...), "INVALID_ARGUMENT"}
}

// answer adapts a handler of this API: its errors are JSON, whoever made them.
func (t tools) answer(fn func(*gin.Context) (any, error)) func(*gin.Context) error {
	return func(c *gin.Context) error {
		body, err := fn(c)
		if err == nil {
			err = t.write(c, body)
		}
		if err != nil {
			p := t.problem(c, err)
			c.Header("Cache-Control", "no-store")
			c.JSON(p.Code, toolsError{p})
		}
		return nil
	}
}

// problem is err in the words of this API. What is our fault is logged.
func (t tools) problem(c *gin.Context, err error) toolsProblem {
	var p toolsProblem
	if errors.As(err, &p) {
		return p
	}
	t.server.note(c, err)
	p, known := toolsProblems[errs.KindOf(err)]
	if !known {
		return toolsProblem{http.StatusInternalServerError, "Internal error encountered.", "INTERNAL"}
	}
	if m := errs.Message(err); m != "" {
		p.Message = m
	}
	return p
}

// toolsProblems is how kinds of error answer here. Those that are missing are
// our fault.
var toolsProblems = map[errs.Kind]toolsProblem{
	errs.Invalid:  {http.StatusBadRequest, "Request contains an invalid argument.", "INVALID_ARGUMENT"},
	errs.NotFound: {http.StatusNotFound, "Requested entity was not found.", "NOT_FOUND"},
	errs.TooMany:  {http.StatusTooManyRequests, "Try again later.", "RESOURCE_EXHAUSTED"},
	errs.Canceled: {499, "The request was cancelled.", "CANCELLED"},
}

// write answers with JSON: only the fields that the caller asked for, and 304
// for who has them already.
func (t tools) write(c *gin.Context, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	if mask := c.Query("fields"); mask != "" {
		tree, err := parseMask(mask)
		if err != nil {
			return err
		}
		var v any
		if err := json.Unmarshal(data, &v); err != nil {
			return fmt.Errorf("decode answer: %w", err)
		}
		if data, err = json.Marshal(tree.apply(v)); err != nil {
			return fmt.Errorf("encode answer: %w", err)
		}
	}
	if pretty, err := strconv.ParseBool(c.DefaultQuery("prettyPrint", "true")); err != nil || pretty {
		var v json.RawMessage = data
		if data, err = json.MarshalIndent(v, "", "  "); err != nil {
			return fmt.Errorf("indent answer: %w", err)
		}
		data = append(data, '\n')
	}
	cached(c, "application/json; charset=UTF-8", "claims", data)
	return nil
}

// Limits of a page of answers.
const (
	toolsPageSize = 10 // if none is asked for
	maxToolsQuery = 2000
)

// search handles GET /v1alpha1/claims:search.
func (t tools) search(c *gin.Context) (any, error) {
	q, size, err := t.query(c)
	if err != nil {
		return nil, err
	}
	found, more, err := t.store.SearchChecks(c.Request.Context(), q)
	if err != nil {
		return nil, err
	}
	a := toolsAnswer{Claims: t.claims(found)}
	if more && q.Offset+size <= library.MaxOffset {
		a.Next = pageToken(q.Offset+size, c.Request.URL.Query())
	}
	return a, nil
}

// query reads the parameters. Those that are not ours, such as key and alt,
// are passed over: clients send them.
func (t tools) query(c *gin.Context) (library.Query, int, error) {
	text, site := strings.TrimSpace(c.Query("query")), strings.TrimSpace(c.Query("reviewPublisherSiteFilter"))
	switch {
	case text == "" && site == "":
		return library.Query{}, 0, badArgument("Give a query, or a reviewPublisherSiteFilter.")
	case len(text) > maxToolsQuery:
		return library.Query{}, 0, badArgument("The query is longer than %d bytes.", maxToolsQuery)
	}
	q := library.Query{Text: text, Site: library.Site(site)}
	if site != "" && q.Site == "" && site != ownHost(t.server.Site) {
		return q, 0, badArgument("reviewPublisherSiteFilter is the host of a site, such as example.org.")
	}
	if own := ownHost(t.server.Site); site != "" && (q.Site == own || site == own) {
		q.Site, q.Own = own, true
	}
	var err error
	if q.Lang, err = primaryLang(c.Query("languageCode")); err != nil {
		return q, 0, err
	}
	days, err := intParam(c, "maxAgeDays")
	if err != nil {
		return q, 0, err
	}
	if days > 0 {
		q.Since = t.server.Now().AddDate(0, 0, -min(days, 1_000_000))
	}
	size, err := intParam(c, "pageSize")
	if err != nil {
		return q, 0, err
	}
	if size == 0 {
		size = toolsPageSize
	}
	q.Limit = min(size, library.MaxFound)
	q.Offset, err = offsetOf(c)
	return q, q.Limit, err
}

// offsetOf is where the page begins: by its token, else by offset.
func offsetOf(c *gin.Context) (int, error) {
	if token := c.Query("pageToken"); token != "" {
		return readToken(token, c.Request.URL.Query())
	}
	n, err := intParam(c, "offset")
	if err == nil && n > library.MaxOffset {
		err = badArgument("offset is at most %d.", library.MaxOffset)
	}
	return n, err
}

// intParam reads a whole number that is not negative; 0 if it is missing.
func intParam(c *gin.Context, name string) (int, error) {
	text := c.Query(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 0 {
		return 0, badArgument("Invalid value at '%s' (TYPE_INT32): it is a whole number from 0 on.", name)
	}
	return int(n), nil
}

// primaryLang is the language of a BCP 47 tag without its region.
func primaryLang(tag string) (string, error) {
	primary, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
	if primary == "" {
		return "", nil
	}
	for _, r := range primary {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') || len(primary) < 2 || len(primary) > 8 {
			return "", badArgument("languageCode is a BCP-47 code, such as en-US.")
		}
	}
	return strings.ToLower(primary), nil
}

// asked are the parameters that must be the same on every page.
var asked = []string{"query", "languageCode", "reviewPublisherSiteFilter", "maxAgeDays", "pageSize"}

// pageToken names the page that begins at offset, of these parameters alone.
func pageToken(offset int, params url.Values) string {
	h := fnv.New32a()
	for _, name := range asked {
		fmt.Fprintf(h, "%s=%q&", name, params.Get(name))
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%x", offset, h.Sum32()))
}

// readToken is the offset of a token that pageToken made for the same
// parameters.
func readToken(token string, params url.Values) (int, error) {
	bad := badArgument("The pageToken is not one of this search: send it with the parameters of the page before.")
	data, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return 0, bad
	}
	number, _, _ := strings.Cut(string(data), ".")
	offset, err := strconv.Atoi(number)
	if err != nil || offset < 1 || offset > library.MaxOffset || pageToken(offset, params) != token {
		return 0, bad
	}
	return offset, nil
}

// claims are checks as this API gives them. Checks of the same words by the
// same claimant that follow each other are reviews of one claim.
func (t tools) claims(found []library.Check) []toolsClaim {
	var all []toolsClaim
	at := map[string]int{}
	for _, c := range found {
		key := c.Fingerprint + "\x00" + c.Claimant
		i, ok := at[key]
		if !ok {
			i = len(all)
			at[key] = i
			all = append(all, toolsClaim{Text: c.ClaimText, Claimant: c.Claimant, Date: toolsTime(c.ClaimDate)})
		}
		if all[i].Date == "" {
			all[i].Date = toolsTime(c.ClaimDate)
		}
		all[i].Reviews = append(all[i].Reviews, t.review(c))
	}
	return all
}

func (t tools) review(c library.Check) toolsReview {
	r := toolsReview{
		Publisher: &toolsPublisher{c.Publisher.Name, c.Publisher.Site}, URL: c.URL, Title: c.Title,
		Date: toolsTime(c.ReviewDate), Rating: c.Rating, Lang: c.Lang,
	}
	if c.Slug != "" {
		r.Publisher, r.URL = &toolsPublisher{t.server.Site.Name, ownHost(t.server.Site)}, t.server.Site.CheckURL(c.Slug)
	}
	if r.Lang == "und" {
		r.Lang = ""
	}
	return r
}

func toolsTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// ownHost is the host of our site without "www.".
func ownHost(site export.Site) string {
	u, err := url.Parse(site.BaseURL)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// imageSearch handles GET /v1alpha1/claims:imageSearch.
func (t tools) imageSearch(c *gin.Context) (any, error) {
	if c.Query("imageUri") == "" {
		return nil, badArgument("Request contains an invalid argument: imageUri is required.")
	}
	return t.unoffered(c)
}

// listPages handles GET /v1alpha1/pages.
func (t tools) listPages(c *gin.Context) (any, error) {
	if (c.Query("url") == "") == (c.Query("organization") == "") {
		return nil, badArgument("Request contains an invalid argument: give either url or organization.")
	}
	return t.unoffered(c)
}

// noPage handles GET /v1alpha1/pages/{id}: there is none.
func (tools) noPage(*gin.Context) (any, error) { return nil, toolsProblems[errs.NotFound] }

// unoffered answers for what this API can do elsewhere and not here.
func (tools) unoffered(*gin.Context) (any, error) {
	return nil, toolsProblem{http.StatusNotImplemented, "This server offers claims:search only. Its own checks carry ClaimReview at /checks.", "UNIMPLEMENTED"}
}

// mask is which fields of an answer to keep: all of them if it is empty.
type mask map[string]mask

// Limits of a field mask.
const (
	maxMask      = 2000 // bytes
	maxMaskDepth = 10
)

// parseMask reads a partial-response mask such as
// "claims(text,claimReview/url),nextPageToken".
func parseMask(text string) (mask, error) {
	p := maskParser{rest: text}
	tree := mask{}
	if len(text) > maxMask || !p.list(tree, 0) || p.rest != "" {
		return nil, badArgument("Invalid field selection %s", strconv.QuoteToASCII(text[:min(len(text), 100)]))
	}
	return tree, nil
}

type maskParser struct{ rest string }

// list reads fields with commas between them into a tree.
func (p *maskParser) list(into mask, depth int) bool {
	for {
		if depth > maxMaskDepth || !p.path(into, depth) {
			return false
		}
		if !strings.HasPrefix(p.rest, ",") {
			return true
		}
		p.rest = p.rest[1:]
	}
}

// path reads a/b/c or a(b,c).
func (p *maskParser) path(into mask, depth int) bool {
	end := strings.IndexAny(p.rest, ",/()")
	if end < 0 {
		end = len(p.rest)
	}
	name := strings.TrimSpace(p.rest[:end])
	if name == "" || name != "*" && !knownField(name) {
		return false
	}
	p.rest = p.rest[end:]
	below, seen := into[name]
	whole := seen && len(below) == 0
	if below == nil {
		below = mask{}
	}
	into[name] = below
	switch {
	case strings.HasPrefix(p.rest, "/"):
		p.rest = p.rest[1:]
		if depth >= maxMaskDepth || !p.path(below, depth+1) {
			return false
		}
	case strings.HasPrefix(p.rest, "("):
		p.rest = p.rest[1:]
		if !p.list(below, depth+1) || !strings.HasPrefix(p.rest, ")") {
			return false
		}
		p.rest = p.rest[1:]
	default:
		whole = true
	}
	if whole { // "claims,claims/text" is all of claims
		into[name] = mask{}
	}
	return true
}

// toolsFields are the names that a mask may use.
var toolsFields = []string{"claims", "nextPageToken", "text", "claimant", "claimDate", "claimReview", "publisher", "name", "site", "url", "title",
	"reviewDate", "textualRating", "languageCode"}

func knownField(name string) bool { return slices.Contains(toolsFields, name) }

// apply keeps the fields of v that the mask names.
func (m mask) apply(v any) any {
	if len(m) == 0 {
		return v
	}
	switch x := v.(type) {
	case []any:
		for i := range x {
			x[i] = m.apply(x[i])
		}
	case map[string]any:
		for name := range x {
			below, ok := m[name]
			if all, star := m["*"]; star && !ok {
				below, ok = all, true
			}
			if !ok {
				delete(x, name)
				continue
			}
			x[name] = below.apply(x[name])
		}
	}
	return v
}
