package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/export"
	"factcheck/internal/library"
	"factcheck/internal/store/storetest"
	"factcheck/internal/web"
)

// toolsDesk is the Fact Check Tools API over one publication of our own and a
// few checks by others.
type toolsDesk struct {
	*storetest.Desk
	handler http.Handler
	slug    string
}

func newTools(t *testing.T) *toolsDesk {
	t.Helper()
	d := storetest.NewDesk(t, storetest.SQLite(t))
	p := d.Published(d.Claim("Crime fell by 12 percent"))
	i, err := d.Store.BeginImport(context.Background(), library.Import{Format: "csv", Name: "x", Identity: "x", StartedAt: d.Now(), ChangedAt: d.Now()})
	if err != nil {
		t.Fatal(err)
	}
	day := func(year int) time.Time { return time.Date(year, 2, 3, 0, 0, 0, 0, time.UTC) }
	checks := []library.Check{
		{URL: "https://a.example/1", ClaimText: "Crime fell everywhere", Claimant: "A mayor", ClaimDate: day(2025), ReviewDate: day(2026), Title: "No, crime did not fall", Rating: "FALSE", Lang: "en", Publisher: library.Publisher{Name: "A", Site: "a.example"}},
		{URL: "https://b.example/1", ClaimText: "The moon is made of cheese", Rating: "It is not.", Publisher: library.Publisher{Name: "B", Site: "b.example"}},
		{URL: "https://c.example/1", ClaimText: "The moon is made of cheese!", Rating: "Faux", Lang: "fr-FR", Publisher: library.Publisher{Name: "C", Site: "c.example"}},
	}
	for n := range 25 {
		checks = append(checks, library.Check{URL: fmt.Sprintf("https://many.example/%d", n), ClaimText: fmt.Sprintf("Bridge number %d is closed", n), ReviewDate: day(2000 + n), Rating: "True", Publisher: library.Publisher{Name: "Many", Site: "many.example"}})
	}
	for n := range checks {
		checks[n].Bucket, checks[n].Fingerprint = library.Other, strings.ToLower(strings.TrimSuffix(checks[n].ClaimText, "!"))
	}
	if _, err := d.Store.SaveImport(context.Background(), i, checks); err != nil {
		t.Fatal(err)
	}
	s := &web.Server{Store: d.Store, Site: export.Site{Name: "The Fjord Check", BaseURL: "https://www.desk.example"}, Now: d.Now}
	return &toolsDesk{d, web.ToolsHandler(s), p.Slug}
}

// ask is the answer to a search as a client sends it.
func (d *toolsDesk) ask(path string, header ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, req)
	return w
}

func searchPath(params ...string) string {
	v := url.Values{"alt": {"json"}, "prettyPrint": {"false"}}
	for i := 0; i+1 < len(params); i += 2 {
		v.Set(params[i], params[i+1])
	}
	return "/v1alpha1/claims:search?" + v.Encode()
}

func TestClaimsSearchAnswersAsItsClientsExpect(t *testing.T) {
	d := newTools(t)
	tests := []struct {
		name   string
		params []string
		want   string
	}{
		{"ours and theirs", []string{"query", "crime fell", "languageCode", "en-GB"},
			`{"claims":[{"text":"Crime fell by 12 percent","claimant":"Lena Marsh","claimReview":[{"publisher":{"name":"The Fjord Check","site":"desk.example"},"url":"https://www.desk.example/checks/` + d.slug + `","reviewDate":"DATE","textualRating":"Mostly true","languageCode":"en"}]},` +
				`{"text":"Crime fell everywhere","claimant":"A mayor","claimDate":"2025-02-03T00:00:00Z","claimReview":[{"publisher":{"name":"A","site":"a.example"},"url":"https://a.example/1","title":"No, crime did not fall","reviewDate":"2026-02-03T00:00:00Z","textualRating":"FALSE","languageCode":"en"}]}]}`},
		{"two reviews of one claim; empty fields are left out", []string{"query", "moon cheese"},
			`{"claims":[{"text":"The moon is made of cheese","claimReview":[{"publisher":{"name":"B","site":"b.example"},"url":"https://b.example/1","textualRating":"It is not."},{"publisher":{"name":"C","site":"c.example"},"url":"https://c.example/1","textualRating":"Faux","languageCode":"fr-FR"}]}]}`},
		{"nothing found", []string{"query", "dragons breathe"}, `{}`},
		{"our site", []string{"reviewPublisherSiteFilter", "https://desk.example/", "fields", "claims/text"}, `{"claims":[{"text":"Crime fell by 12 percent"}]}`},
		{"another site", []string{"reviewPublisherSiteFilter", "www.A.example", "fields", "claims(claimReview/publisher/site)"}, `{"claims":[{"claimReview":[{"publisher":{"site":"a.example"}}]}]}`},
		{"a site and words", []string{"reviewPublisherSiteFilter", "a.example", "query", "cheese"}, `{}`},
		{"a language", []string{"query", "cheese", "languageCode", "fr", "fields", "claims.text"}, `{"error":{"code":400,"message":"Invalid field selection \"claims.text\"","status":"INVALID_ARGUMENT"}}`},
		{"a language, by its region", []string{"query", "cheese", "languageCode", "fr-CA", "fields", "claims/text,nextPageToken"}, `{"claims":[{"text":"The moon is made of cheese!"}]}`},
		{"not older than", []string{"query", "crime", "maxAgeDays", "30", "fields", "claims(text)"}, `{"claims":[{"text":"Crime fell everywhere"},{"text":"Crime fell by 12 percent"}]}`},
		{"all fields", []string{"query", "dragons", "fields", "*"}, `{}`},
		{"neither query nor site", nil, `{"error":{"code":400,"message":"Give a query, or a reviewPublisherSiteFilter.","status":"INVALID_ARGUMENT"}}`},
		{"no number", []string{"query", "x", "pageSize", "ten"}, `{"error":{"code":400,"message":"Invalid value at 'pageSize' (TYPE_INT32): it is a whole number from 0 on.","status":"INVALID_ARGUMENT"}}`},
		{"no token of ours", []string{"query", "x", "pageToken", "CAo"}, `{"error":{"code":400,"message":"The pageToken is not one of this search: send it with the parameters of the page before.","status":"INVALID_ARGUMENT"}}`},
		{"no language", []string{"query", "x", "languageCode", "e'n"}, `{"error":{"code":400,"message":"languageCode is a BCP-47 code, such as en-US.","status":"INVALID_ARGUMENT"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := d.ask(searchPath(tt.params...))
			got := w.Body.String()
			if p, err := d.Store.Check(context.Background(), d.slug); err == nil {
				got = strings.ReplaceAll(got, p.Editions[0].PublishedAt.UTC().Format(time.RFC3339), "DATE")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if wantCode := map[bool]int{true: 400, false: 200}[strings.Contains(tt.want, `"error"`)]; w.Code != wantCode {
				t.Errorf("status %d, want %d", w.Code, wantCode)
			}
		})
	}
}

func TestClaimsSearchPagesToItsEnd(t *testing.T) {
	d := newTools(t)
	var seen []string
	token := ""
	for page := 0; ; page++ {
		params := []string{"reviewPublisherSiteFilter", "many.example"}
		if token != "" {
			params = append(params, "pageToken", token)
		}
		var a struct {
			Claims []struct{ Text string }
			Next   string `json:"nextPageToken"`
		}
		if err := json.Unmarshal(d.ask(searchPath(params...)).Body.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		for _, c := range a.Claims {
			seen = append(seen, c.Text)
		}
		if a.Next == "" {
			if page != 2 {
				t.Errorf("the last page is %d", page)
			}
			break
		}
		token = a.Next
		if w := d.ask(searchPath("reviewPublisherSiteFilter", "a.example", "pageToken", token)); w.Code != http.StatusBadRequest {
			t.Errorf("with other parameters: %d", w.Code)
		}
	}
	if len(seen) != 25 || seen[0] != "Bridge number 24 is closed" || seen[24] != "Bridge number 0 is closed" {
		t.Errorf("seen %q", seen)
	}
	if got := d.ask(searchPath("reviewPublisherSiteFilter", "many.example", "offset", "24")).Body.String(); !strings.Contains(got, "number 0 ") || strings.Contains(got, "number 1 ") {
		t.Errorf("offset 24: %s", got)
	}
}

func TestClaimsSearchIsNotSentTwice(t *testing.T) {
	d := newTools(t)
	first := d.ask(searchPath("query", "cheese"))
	tag := first.Header().Get("ETag")
	if tag == "" || first.Header().Get("Content-Type") != "application/json; charset=UTF-8" {
		t.Fatalf("headers = %v", first.Header())
	}
	if w := d.ask(searchPath("query", "cheese"), "If-None-Match", tag); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("again = %d %q", w.Code, w.Body)
	}
	if w := d.ask("/v1alpha1/claims:search?query=cheese"); !strings.Contains(w.Body.String(), "\n  \"claims\"") {
		t.Errorf("not indented by default: %s", w.Body)
	}
	if w := d.ask(searchPath("query", "cheese", "callback", "alert", "$.xgafv", "2", "key", "k", "quotaUser", "u")); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "alert") {
		t.Errorf("with every parameter that clients know: %d %s", w.Code, w.Body)
	}
}

func TestWhatIsNotOfferedAnswersInTheSameShape(t *testing.T) {
	d := newTools(t)
	tests := []struct {
		method, path string
		code         int
		status       string
	}{
		{http.MethodGet, "/v1alpha1/claims:imageSearch", 400, "INVALID_ARGUMENT"},
		{http.MethodGet, "/v1alpha1/claims:imageSearch?imageUri=https://x.example/i.png", 501, "UNIMPLEMENTED"},
		{http.MethodGet, "/v1alpha1/pages", 400, "INVALID_ARGUMENT"},
		{http.MethodGet, "/v1alpha1/pages?url=https://x.example", 501, "UNIMPLEMENTED"},
		{http.MethodGet, "/v1alpha1/pages/7", 404, "NOT_FOUND"},
		{http.MethodPost, "/v1alpha1/pages", 501, "UNIMPLEMENTED"},
		{http.MethodPut, "/v1alpha1/pages/7", 501, "UNIMPLEMENTED"},
		{http.MethodDelete, "/v1alpha1/pages/7", 501, "UNIMPLEMENTED"},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		d.handler.ServeHTTP(w, httptest.NewRequest(tt.method, tt.path, http.NoBody))
		var e struct {
			Error struct {
				Code            int
				Message, Status string
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || w.Code != tt.code || e.Error.Code != tt.code || e.Error.Status != tt.status || e.Error.Message == "" {
			t.Errorf("%s %s = %d %s (%v)", tt.method, tt.path, w.Code, w.Body, err)
		}
	}
}
