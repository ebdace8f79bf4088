// Package toolsapi drives the program with the official Go client of Google's
// Fact Check Tools API, unchanged. It is a module of its own, so that the
// client's 25 modules stay out of the program's.
//
//	go test ./...                                 builds the program from the checkout around it
//	FACTCHECK_BIN=bin/factcheck go test ./...     takes this one
package toolsapi

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"google.golang.org/api/factchecktools/v1alpha1"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
)

// library is what is imported: our own words, one check a line.
const library = `{"@type":"ClaimReview","url":"https://www.checks.example/cheese","claimReviewed":"The moon is made of cheese","name":"No, the moon is not made of cheese","datePublished":"2026-02-03","inLanguage":"en","author":{"@type":"Organization","name":"Example Checks"},"reviewRating":{"alternateName":"False"},"itemReviewed":{"author":{"name":"A. Person"},"datePublished":"2026-02-01"}}
{"@type":"ClaimReview","url":"https://faits.example/fromage","claimReviewed":"The moon is made of cheese","datePublished":"2020-02-03","inLanguage":"fr","author":{"name":"Les Faits"},"reviewRating":{"alternateName":"Faux"}}
{"@type":"ClaimReview","url":"https://bridges.example/1","claimReviewed":"Bridge one is closed","author":{"name":"Bridges"},"datePublished":"2026-01-01","reviewRating":{"alternateName":"True"}}
{"@type":"ClaimReview","url":"https://bridges.example/2","claimReviewed":"Bridge two is closed","author":{"name":"Bridges"},"datePublished":"2026-01-02","reviewRating":{"alternateName":"True"}}
{"@type":"ClaimReview","url":"https://bridges.example/3","claimReviewed":"Bridge three is closed","author":{"name":"Bridges"},"datePublished":"2026-01-03","reviewRating":{"alternateName":"True"}}
`

// serve starts the program with the sample desk and the library, and returns
// its address.
func serve(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	bin, err := filepath.Abs(os.Getenv("FACTCHECK_BIN"))
	if os.Getenv("FACTCHECK_BIN") == "" {
		bin, err = filepath.Join(dir, "factcheck"), nil
		build := exec.Command("go", "build", "-tags", "sqlite_fts5 nomsgpack", "-o", bin, "./cmd/factcheck")
		build.Dir = filepath.Join("..", "..", "..")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s", err, out)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	file, db := filepath.Join(dir, "library.jsonl"), filepath.Join(dir, "desk.db")
	if err := os.WriteFile(file, []byte(library), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(bin, "import", "claimreview", "--db", db, file).CombinedOutput(); err != nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
	cmd := exec.Command(bin, "serve", "--demo", "--db", db, "--addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	open := regexp.MustCompile(`open at (http://[0-9.:]+)/desk`)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if m := open.FindStringSubmatch(lines.Text()); m != nil {
			return m[1]
		}
	}
	t.Fatal("the program did not say where it listens")
	return ""
}

// client is the official client, pointed at an address.
func client(t *testing.T, address string, opts ...option.ClientOption) *factchecktools.Service {
	t.Helper()
	s, err := factchecktools.NewService(context.Background(), append(opts, option.WithEndpoint(address))...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func code(err error) int {
	var e *googleapi.Error
	if errors.As(err, &e) && e.Message != "" {
		return e.Code
	}
	return 0
}

func TestTheOfficialClientWorksUnchanged(t *testing.T) {
	address := serve(t)
	for name, s := range map[string]*factchecktools.Service{
		"without a key":           client(t, address+"/", option.WithoutAuthentication()),
		"with a key":              client(t, address+"/", option.WithAPIKey("k")),
		"with a client":           client(t, address+"/", option.WithHTTPClient(http.DefaultClient)),
		"without a closing slash": client(t, address, option.WithoutAuthentication()),
	} {
		t.Run(name, func(t *testing.T) { calls(t, s) })
	}
}

func calls(t *testing.T, s *factchecktools.Service) {
	t.Run("search", func(t *testing.T) {
		got, err := s.Claims.Search().Query("the moon is made of cheese").LanguageCode("en-US").Do()
		if err != nil || len(got.Claims) != 1 || got.NextPageToken != "" {
			t.Fatalf("%+v, %v", got, err)
		}
		c := got.Claims[0]
		if c.Text != "The moon is made of cheese" || c.Claimant != "A. Person" || c.ClaimDate != "2026-02-01T00:00:00Z" || len(c.ClaimReview) != 1 {
			t.Fatalf("claim %+v", c)
		}
		want := factchecktools.GoogleFactcheckingFactchecktoolsV1alpha1ClaimReview{Url: "https://www.checks.example/cheese",
			Title: "No, the moon is not made of cheese", ReviewDate: "2026-02-03T00:00:00Z", TextualRating: "False", LanguageCode: "en"}
		r := *c.ClaimReview[0]
		if r.Publisher.Name != "Example Checks" || r.Publisher.Site != "checks.example" {
			t.Errorf("publisher %+v", r.Publisher)
		}
		if r.Url != want.Url || r.Title != want.Title || r.ReviewDate != want.ReviewDate || r.TextualRating != want.TextualRating || r.LanguageCode != want.LanguageCode {
			t.Errorf("review %+v", r)
		}
	})
	t.Run("our own checks", func(t *testing.T) {
		got, err := s.Claims.Search().ReviewPublisherSiteFilter("127.0.0.1").Do()
		if err != nil || len(got.Claims) == 0 {
			t.Fatalf("%+v, %v", got, err)
		}
		for _, c := range got.Claims {
			page, err := http.Get(c.ClaimReview[0].Url)
			if err != nil {
				t.Fatal(err)
			}
			_ = page.Body.Close()
			if page.StatusCode != http.StatusOK {
				t.Errorf("%s = %d", c.ClaimReview[0].Url, page.StatusCode)
			}
		}
	})
	t.Run("pages", func(t *testing.T) {
		var seen []string
		err := s.Claims.Search().ReviewPublisherSiteFilter("bridges.example").PageSize(1).Pages(context.Background(),
			func(p *factchecktools.GoogleFactcheckingFactchecktoolsV1alpha1FactCheckedClaimSearchResponse) error {
				for _, c := range p.Claims {
					seen = append(seen, c.Text)
				}
				return nil
			})
		if err != nil || !slices.Equal(seen, []string{"Bridge three is closed", "Bridge two is closed", "Bridge one is closed"}) {
			t.Errorf("%q, %v", seen, err)
		}
	})
	t.Run("offset, age and fields", func(t *testing.T) {
		got, err := s.Claims.Search().ReviewPublisherSiteFilter("bridges.example").Offset(2).Fields("claims(text,claimReview/url),nextPageToken").Do()
		if err != nil || len(got.Claims) != 1 || got.Claims[0].Text != "Bridge one is closed" || got.Claims[0].ClaimReview[0].Publisher != nil {
			t.Errorf("%+v, %v", got, err)
		}
		old, err := s.Claims.Search().ReviewPublisherSiteFilter("faits.example").MaxAgeDays(1).Do()
		if err != nil || len(old.Claims) != 0 {
			t.Errorf("%+v, %v", old, err)
		}
	})
	t.Run("nothing found", func(t *testing.T) {
		got, err := s.Claims.Search().Query("dragons breathe marmalade").Do()
		if err != nil || got.Claims != nil || got.NextPageToken != "" {
			t.Errorf("%+v, %v", got, err)
		}
	})
	t.Run("not modified", func(t *testing.T) {
		got, err := s.Claims.Search().Query("cheese").Do()
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Claims.Search().Query("cheese").IfNoneMatch(got.Header.Get("ETag")).Do()
		if !googleapi.IsNotModified(err) {
			t.Errorf("err = %v", err)
		}
	})
	t.Run("errors", func(t *testing.T) {
		_, neither := s.Claims.Search().Do()
		_, token := s.Claims.Search().Query("cheese").PageToken("CAo").Do()
		_, negative := s.Claims.Search().Query("cheese").PageSize(-1).Do()
		_, noImage := s.Claims.ImageSearch().Do()
		_, image := s.Claims.ImageSearch().ImageUri("https://images.example/1.png").Do()
		_, list := s.Pages.List().Do()
		_, listed := s.Pages.List().Url("https://checks.example/").Do()
		_, get := s.Pages.Get("pages/7").Do()
		_, create := s.Pages.Create(&factchecktools.GoogleFactcheckingFactchecktoolsV1alpha1ClaimReviewMarkupPage{PageUrl: "https://x.example"}).Do()
		_, update := s.Pages.Update("pages/7", &factchecktools.GoogleFactcheckingFactchecktoolsV1alpha1ClaimReviewMarkupPage{}).Do()
		_, remove := s.Pages.Delete("pages/7").Do()
		for i, e := range []struct {
			err  error
			want int
		}{{neither, 400}, {token, 400}, {negative, 400}, {noImage, 400}, {image, 501}, {list, 400}, {listed, 501}, {get, 404}, {create, 501}, {update, 501}, {remove, 501}} {
			if code(e.err) != e.want {
				t.Errorf("call %d: %v, want %d", i, e.err, e.want)
			}
		}
	})
}
