package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// words is the form that puts a claim's first place into other words of its
// paragraph: one word more, or that word less again.
func (r *staffRoom) words(id int64) url.Values {
	r.T.Helper()
	p := r.Dossier(id).Places[0]
	quote, longer := strings.CutPrefix(p.Span.Quote, "that ")
	if !longer {
		quote = "that " + quote
	}
	return r.form(id, "review", fmt.Sprint(id), "place", fmt.Sprint(p.ID), "quote", quote, "start", "", "end", "")
}

func articlePath(id int64, more string) string { return fmt.Sprintf("/desk/articles/%d%s", id, more) }

// units is where words stand in a text as a browser counts.
func units(text, words string) (start, end string) {
	i := strings.Index(text, words)
	n := len(utf16.Encode([]rune(text[:i])))
	return strconv.Itoa(n), strconv.Itoa(n + len(utf16.Encode([]rune(words))))
}

func TestAClaimThatWasMissedIsAddedWithAndWithoutScripts(t *testing.T) {
	r := newStaff(t)
	text := "🌊 Die Brücke 日本 stands.\n\nשלום: the tolls fell by half 🎉, they say. The tolls fell by half 🎉, we say.\n"
	a := r.Article(text)
	start, end := units(text, "the tolls fell by half 🎉")
	page := r.read(r.Ana, articlePath(a.ID, ""))
	f := formTo(t, page, articlePath(a.ID, "/claims"))
	for _, tt := range []struct {
		name, quote, start, end string
		want                    int
		says                    string
	}{
		{"selected", "the tolls fell by half 🎉", start, end, http.StatusSeeOther, ""},
		{"the same again", "the tolls fell by half 🎉", start, end, http.StatusSeeOther, ""},
		{"pasted", "The tolls fell by half 🎉, we say", "", "", http.StatusSeeOther, ""},
		{"pasted with blanks around", "  Die Brücke 日本 stands \r\n", "", "", http.StatusSeeOther, ""},
		{"typed after selecting", "Die Brücke", start, end, http.StatusSeeOther, ""},
		{"inside a letter, and not unique", "tolls fell by half", "1", "5", http.StatusUnprocessableEntity, "in paragraph 2"},
		{"not there", "the tolls rose", start, end, http.StatusUnprocessableEntity, "are not in the article"},
		{"empty", " ", "", "", http.StatusUnprocessableEntity, "Select the words"},
		{"a place beyond the text", "tolls fell", "999999999", "", http.StatusUnprocessableEntity, "more than once"},
		{"no number", "tolls fell", "x", "y", http.StatusUnprocessableEntity, "more than once"},
	} {
		f.Set("quote", tt.quote)
		f.Set("start", tt.start)
		f.Set("end", tt.end)
		f.Set("claimant", "Ada Quill")
		w := r.post(r.Ana, articlePath(a.ID, "/claims"), f)
		if w.Code != tt.want || !strings.Contains(w.Body.String(), tt.says) {
			t.Errorf("%s: %d\n%s", tt.name, w.Code, w.Body)
		}
		if tt.want != http.StatusSeeOther {
			wants(t, w.Body.String(), `value="Ada Quill"`) // nothing that was typed is lost
		}
	}
	marks, err := r.Store.Marks(context.Background(), a.ID)
	if err != nil || len(marks) != 4 {
		t.Fatalf("%d claims, %v", len(marks), err)
	}
	for _, m := range marks {
		if text[m.Span.Start:m.Span.End] != m.Span.Quote || m.AddedBy != r.Ana.ID || m.State != review.Triage || m.Claimant != "Ada Quill" {
			t.Errorf("%+v", m)
		}
	}
	wants(t, r.read(r.Ana, articlePath(a.ID, "")), "Added by a person")
}

func TestOfSeveralPlacesTheFormAsksForOne(t *testing.T) {
	r := newStaff(t)
	text := "Rents rose.\n\nIn May, rents fell. In June, rents fell.\n"
	a := r.Article(text)
	f := url.Values{"quote": {"rents fell"}, "start": {""}, "end": {""}, "claimant": {""}, "why": {""}}
	w := r.post(r.Ana, articlePath(a.ID, "/claims"), f)
	wants(t, w.Body.String(), "in paragraph 2", `type="radio" name="start" value="21"`, `type="radio" name="start" value="42"`, "In June, ")
	f = formTo(t, w.Body.String(), articlePath(a.ID, "/claims"))
	f.Set("start", "42")
	if w := r.post(r.Ana, articlePath(a.ID, "/claims"), f); w.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", w.Code, w.Body)
	}
	if marks, err := r.Store.Marks(context.Background(), a.ID); err != nil || len(marks) != 1 || marks[0].Span.Start != 42 {
		t.Errorf("%+v, %v", marks, err)
	}
}

func TestWordsAreChangedOnTheArticleAndNothingTypedIsLost(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("crime fell")
	p := r.Dossier(id).Places[0]
	wants(t, r.read(r.Ana, reviewPath(id)), fmt.Sprintf("/desk/articles/%d?words=%d#pick", p.ArticleID, p.ID))
	page := r.read(r.Ana, articlePath(p.ArticleID, fmt.Sprintf("?words=%d", p.ID)))
	wants(t, page, "Which words are this claim?", "Use these words", "will be in the new ones")
	f := formTo(t, page, articlePath(p.ArticleID, "/words"))
	if f.Get("quote") != "crime fell" || f.Get("start") == "" {
		t.Fatalf("%v", f)
	}
	f.Set("quote", "She said that crime fell")
	stale := url.Values{}
	for k, v := range f {
		stale[k] = v
	}
	if w := r.post(r.Ana, articlePath(p.ArticleID, "/words"), f); w.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", w.Code, w.Body)
	}
	if now := r.Dossier(id); now.Places[0].Span.Quote != "She said that crime fell" || now.Claim.Text != "She said that crime fell" {
		t.Errorf("%+v", now.Places)
	}
	stale = url.Values{"review": stale["review"], "place": stale["place"], "version": stale["version"], "key": {"another"}, "quote": {"crime fell, and left"}, "start": {""}, "end": {""}}
	w := r.post(r.Ben, articlePath(p.ArticleID, "/words"), stale)
	if w.Code != http.StatusConflict {
		t.Errorf("a form of an older version: %d", w.Code)
	}
	wants(t, w.Body.String(), "crime fell, and left", "Someone else changed this")
	wants(t, r.read(r.Ana, reviewPath(id)), "changed which words of the article it is", "words in the article")
}

func TestWhoReadsOnlyHasNoFormForWords(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("crime fell")
	p := r.Dossier(id).Places[0]
	page := r.read(r.Vera, articlePath(p.ArticleID, ""))
	refuses(t, page, "Add a claim that was missed", "Change its words", "Add an article")
	wants(t, page, "<b>80</b> of 100: gives a number", fmt.Sprintf(`aria-describedby="state-%d why-%d"`, id, id))
	for path, want := range map[string]int{
		articlePath(p.ArticleID, fmt.Sprintf("?words=%d", p.ID)): http.StatusForbidden, articlePath(p.ArticleID, "?words=999"): http.StatusNotFound,
		articlePath(p.ArticleID, "?words=x"): http.StatusNotFound, "/desk/articles/new": http.StatusForbidden,
	} {
		if w := r.get(r.Vera, path); w.Code != want {
			t.Errorf("GET %s = %d, want %d", path, w.Code, want)
		}
	}
	if w := r.post(r.Vera, articlePath(p.ArticleID, "/words"), r.words(id)); w.Code != http.StatusForbidden {
		t.Errorf("a viewer changes words: %d", w.Code)
	}
	if w := r.hand(r.Vera, "url", "", "text", "Some text."); w.Code != http.StatusForbidden || len(r.ingested) != 0 {
		t.Errorf("a viewer adds an article: %d", w.Code)
	}
}

// TestWordsOfAnotherArticleCannotBeUsed sends a place of one article to the
// form of another.
func TestWordsOfAnotherArticleCannotBeUsed(t *testing.T) {
	r := newStaff(t)
	id := r.Claim("crime fell")
	other := r.Article("It is said that crime fell, and rents.\n")
	f := r.words(id)
	f.Set("quote", "crime fell, and rents")
	if w := r.post(r.Ana, articlePath(other.ID, "/words"), f); w.Code == http.StatusSeeOther {
		t.Errorf("%d: %+v", w.Code, r.Dossier(id).Places[0].Span)
	}
	if got := r.Dossier(id).Places[0]; got.Span.Quote != "crime fell" || !got.Verified {
		t.Errorf("%+v", got.Span)
	}
}

func TestTheHeadlineIsNotShownTwice(t *testing.T) {
	r := newStaff(t)
	text := "Crime fell by half\n\nThe mayor said that crime fell by half.\n"
	a, _, err := r.Store.AddArticle(context.Background(), claims.Article{Source: "x", Title: "Crime fell by half", Text: text, SHA256: review.HashSnapshot([]byte(text)), AddedAt: r.Now()})
	if err != nil {
		t.Fatal(err)
	}
	id := r.ClaimIn(a, "Crime fell by half", "Ada Quill")
	page := r.read(r.Ana, articlePath(a.ID, ""))
	if n := strings.Count(page, "Crime fell by half</a></mark>"); n != 1 {
		t.Errorf("the headline is marked %d times", n)
	}
	wants(t, page, `<h1 dir="auto" data-at="0" data-gap="">`, fmt.Sprintf(`id="card-%d"`, id), `data-at="20"`)
	refuses(t, page, `<p dir="auto" data-at="0"`)
}
