package web

import (
	"bytes"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/review"
	"factcheck/ui"
)

func TestEveryKindHasAStatus(t *testing.T) {
	for _, k := range errs.Kinds {
		st, ok := statuses[k]
		if !ok || st.code < 400 || st.title == "" || st.text == "" {
			t.Errorf("kind %q has status %+v", k, st)
		}
	}
	if len(statuses) != len(errs.Kinds) {
		t.Errorf("%d statuses for %d kinds", len(statuses), len(errs.Kinds))
	}
}

func TestEveryInputHasItsFields(t *testing.T) {
	for _, m := range review.Moves {
		for _, name := range m.Action.Inputs() {
			fields, ok := inputFields[name]
			if !ok {
				t.Errorf("%s asks for %q, and no field answers it", m.Action, name)
			}
			for _, f := range fields {
				if labels[f] == "" {
					t.Errorf("field %q has no label", f)
				}
			}
		}
	}
}

func TestWhatIsDoneToManyCanBeTakenBack(t *testing.T) {
	for _, b := range bulkActions {
		if _, ok := undoings[b.action]; !ok {
			t.Errorf("%q cannot be taken back", b.action)
		}
	}
}

func TestEveryFieldThatIsTypedHasALabel(t *testing.T) {
	for _, f := range slices.Concat(claimFields, verdictFields, evidenceFields) {
		if labels[f] == "" {
			t.Errorf("field %q has no label, so it would be lost from a form that is no longer on the page", f)
		}
	}
}

func TestEveryCodeHasAWord(t *testing.T) {
	for _, k := range claims.Kinds {
		if kinds[k] == "" {
			t.Errorf("kind of claim %q has no word", k)
		}
	}
	for _, s := range review.Stances {
		if stances[s].Symbol == "" || stances[s].Word == "" {
			t.Errorf("stance %q has no sign or word", s)
		}
	}
	for _, r := range review.Roles {
		if roles[r] == "" {
			t.Errorf("role %q has no word", r)
		}
	}
	for _, s := range review.States {
		if emptyQueues[s] == "" {
			t.Errorf("an empty list of %q says nothing", s)
		}
	}
}

// TestEveryPageDrawsAnEmptyModel executes each page of the desk with the zero
// value of its struct: nothing may be missing and nothing may fail.
func TestEveryPageDrawsAnEmptyModel(t *testing.T) {
	pages := map[string]any{
		"sign_in": signPage{}, "setup": setupPage{}, "resume": resumePage{}, "error": errorPage{}, "desk": deskPage{}, "queue": queuePage{},
		"preview": previewPage{}, "articles": articlesPage{}, "article_new": newArticlePage{}, "article": articlePage{}, "review": reviewPage{},
		"timeline": timelinePage{}, "again": againPage{}, "trends": risingPage{}, "speaker": speakerPage{},
		"policy":     policyPage{},
		"people":     peoplePage{},
		"audit":      auditPage{},
		"notices":    noticesPage{},
		"complaints": complaintsPage{}, "complaint": complaintPage{},
		"workload": workloadPage{},
		"around":   aroundPage{},
		"comments": commentsPage{},
		"watching": watchingPage{},
		"me":       mePage{}, "interests": interestsPage{},
		"typed":    typedPage{},
		"search":   searchPage{},
		"balance":  balancePage{},
		"calendar": calendarPage{},
		"letter":   letterPage{},
		"earlier":  earlierPage{},
		"source":   sourcePage{},
		"sources":  sourcesPage{},
	}
	templates, err := ui.Parse("")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range templates.Names() {
		data, mine := pages[name]
		if !mine {
			if !strings.HasPrefix(name, "public_") && name != "report_file" {
				t.Errorf("page %q is not in this test", name)
			}
			continue
		}
		var b bytes.Buffer
		if err := templates.Render(&b, name, view{Site: export.Site{Name: "Desk"}, Person: review.Person{ID: 1, Name: "Ana"}, Page: data}); err != nil {
			t.Error(err)
		}
		if s := b.String(); strings.Contains(s, "<no value>") || strings.Contains(s, "ZgotmplZ") || !strings.HasSuffix(strings.TrimSpace(s), "</html>") {
			t.Errorf("%s:\n%s", name, s)
		}
	}
}

func TestACursorComesBackAsItWas(t *testing.T) {
	for _, c := range []review.Cursor{
		{Key: 1772355600123456, Score: .1 + .2, ID: 7}, {ID: 1}, {Score: math.SmallestNonzeroFloat64, ID: math.MaxInt64}, {Key: -5, Score: 1, ID: 3},
	} {
		got, err := parseCursor(cursorText(c))
		if err != nil || got != c {
			t.Errorf("%+v came back as %+v, %v", c, got, err)
		}
	}
	for _, bad := range []string{"x", "1_2", "1_2_3_4", "1_NaN_3", "1_+Inf_3", "1_0.5_0", "1_0.5_-1", "_ _ _", "9223372036854775808_0_1"} {
		if c, err := parseCursor(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, c)
		}
	}
}

func TestNextNeverLeavesTheDesk(t *testing.T) {
	tests := map[string]string{
		"/desk": "/desk", "/desk/reviews/7?from=triage": "/desk/reviews/7?from=triage", "": "/desk", "/": "/desk", "/deskx": "/desk",
		"//evil.example/desk": "/desk", "https://evil.example/desk": "/desk", `/\evil.example`: "/desk", "/desk\r\nX: y": "/desk",
		"javascript:alert(1)": "/desk", `/desk/\evil`: "/desk", "%2f%2fevil.example": "/desk", "/sign-out": "/desk",
	}
	for asked, want := range tests {
		if got := nextPath(asked); got != want {
			t.Errorf("nextPath(%q) = %q, want %q", asked, got, want)
		}
	}
}

func TestTheWayBackIsOneOfOurs(t *testing.T) {
	tests := map[string]string{
		"triage": "/desk/queue?state=triage", "article-12": "/desk/articles/12", "desk": "/desk", "": "/desk",
		"article-": "/desk", "article--1": "/desk", "article-1/../../x": "/desk", "https://evil.example": "/desk", `"><script>`: "/desk",
	}
	for from, want := range tests {
		if got := backTo(from).Href; got != want {
			t.Errorf("backTo(%q) = %q, want %q", from, got, want)
		}
	}
}

func TestWordDiffTellsBothTexts(t *testing.T) {
	tests := []struct{ from, to string }{
		{"", "new"}, {"old", ""}, {"It is about right.", "It is about wrong."}, {"a\n\nb", "a\n\nc\nd"}, {"same", "same"},
		{"  spaces  kept ", " spaces kept"}, {"ünï cödé", "ünï códe"}, {strings.Repeat("word ", 20_000), "short"},
	}
	for _, tt := range tests {
		var from, to string
		for _, w := range wordDiff(tt.from, tt.to) {
			if w.Op != "ins" && tt.from != "" {
				from += w.Text
			}
			if w.Op != "del" {
				to += w.Text
			}
		}
		if from != tt.from || to != tt.to {
			t.Errorf("diff of %.40q and %.40q tells %.40q and %.40q", tt.from, tt.to, from, to)
		}
	}
	got := wordDiff("It is about right.", "It is about wrong.")
	if len(got) != 3 || got[0].Text != "It is about " || got[1] != (wordChange{"del", "right."}) || got[2] != (wordChange{"ins", "wrong."}) {
		t.Errorf("one word changed, told as %+v", got)
	}
}

func mark(id int64, text, quote string) review.Mark {
	i := strings.Index(text, quote)
	return review.Mark{ReviewID: id, State: review.Triage, Text: quote,
		Appearance: claims.Appearance{Span: claims.Span{Start: i, End: i + len(quote), Quote: quote}}}
}

// textOf joins what the reader shows of the blocks.
func textOf(blocks []block) string {
	var lines []string
	for _, b := range blocks {
		var s string
		for _, p := range b.Parts {
			s += p.Text
		}
		lines = append(lines, s)
	}
	return strings.Join(lines, "\n")
}

func TestMarksNestOverlapAndCrossParagraphs(t *testing.T) {
	const text = "One two three four.\n\nFive six seven.\nEight."
	tests := []struct {
		name  string
		marks []review.Mark
		want  string // [id text] for each marked part, outermost first
	}{
		{"alone", []review.Mark{mark(1, text, "two three")}, "1:two three"},
		{"nested", []review.Mark{mark(1, text, "One two three four"), mark(2, text, "two")}, "1:One |1 2:two|1: three four"},
		{"overlapping", []review.Mark{mark(1, text, "One two three"), mark(2, text, "three four")}, "1:One two |1 2:three|2: four"},
		{"the same words", []review.Mark{mark(1, text, "two"), mark(2, text, "two")}, "1 2:two"},
		{"over a paragraph's end", []review.Mark{mark(1, text, "four.\n\nFive six")}, "1:four.|1:Five six"},
		{"outside the text", []review.Mark{{ReviewID: 1, Appearance: claims.Appearance{Span: claims.Span{Start: 3, End: 999}}}}, ""},
		{"inside a rune", []review.Mark{{ReviewID: 1, Appearance: claims.Appearance{Span: claims.Span{Start: -1, End: 3}}}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			blocks := readerBlocks(claims.Article{Text: text}, tt.marks, review.Person{})
			if got := textOf(blocks); got != "One two three four.\nFive six seven.\nEight." {
				t.Errorf("the reader shows %q", got)
			}
			var marked []string
			for _, b := range blocks {
				for _, p := range b.Parts {
					if p.Depth() > 0 {
						marked = append(marked, p.All()+":"+p.Text)
					}
				}
			}
			if got := strings.Join(marked, "|"); got != tt.want {
				t.Errorf("marks %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEachClaimHasOneAnchorAndOneCard(t *testing.T) {
	const text = "Rain fell. Rain fell. Snow fell."
	first, again := mark(1, text, "Rain fell"), mark(1, text, "Rain fell")
	again.Span.Start, again.Span.End = 11, 20
	var anchors []string
	cards := 0
	for _, b := range readerBlocks(claims.Article{Text: text}, []review.Mark{first, again, mark(2, text, "Rain fell")}, review.Person{}) {
		cards += len(b.Cards)
		for _, p := range b.Parts {
			anchors = append(anchors, p.Anchors...)
		}
	}
	if cards != 2 || !slices.Equal(anchors, []string{"review-1", "review-2"}) {
		t.Errorf("%d cards, anchors %v", cards, anchors)
	}
}

func TestAVeryLongTextIsDrawnInFewBlocksAndWhole(t *testing.T) {
	lines := strings.Repeat("line\n", 100_000)
	blocks := readerBlocks(claims.Article{Text: lines}, nil, review.Person{})
	if len(blocks) > maxBlocks || strings.Count(textOf(blocks), "line") != 100_000 {
		t.Errorf("%d blocks show %d lines", len(blocks), strings.Count(textOf(blocks), "line"))
	}
	one := strings.Repeat("x", claims.MaxArticleBytes)
	if got := textOf(readerBlocks(claims.Article{Text: one}, nil, review.Person{})); got != one {
		t.Errorf("one line of %d bytes is shown as %d", len(one), len(got))
	}
}

func TestTwoThousandClaimsOverOneAnotherAreDrawnAtOnce(t *testing.T) {
	text := strings.Repeat("a claim ", 600)
	var marks []review.Mark
	for i := range 2_000 {
		marks = append(marks, review.Mark{ReviewID: int64(i + 1), Appearance: claims.Appearance{Span: claims.Span{Start: i, End: len(text) - i}}})
	}
	start := time.Now()
	n := 0
	for _, b := range readerBlocks(claims.Article{Text: text}, marks, review.Person{}) {
		for _, p := range b.Parts {
			n += p.Depth()
		}
	}
	if took := time.Since(start); took > 5*time.Second || n > maxDepth*4_001 {
		t.Errorf("%d marks after %s", n, took)
	}
}

func TestAClaimThatIsNotWhereItWasIsNotMarked(t *testing.T) {
	p := review.Place{Verified: true, Context: claims.Span{Start: 100, Quote: "She said crime fell."}}
	p.Span = claims.Span{Start: 109, End: 119, Quote: "crime fell"}
	parts, before, after := contextParts(p, 1, review.Triage)
	if len(parts) != 3 || parts[1].Text != "crime fell" || parts[1].Inner() != 1 || before || after {
		t.Errorf("%+v %v %v", parts, before, after)
	}
	for name, spoil := range map[string]func(*review.Place){
		"not verified": func(p *review.Place) { p.Verified = false },
		"other words":  func(p *review.Place) { p.Span.Quote = "crime rose" },
		"outside":      func(p *review.Place) { p.Span.Start, p.Span.End = 5, 15 },
	} {
		q := p
		spoil(&q)
		if parts, _, _ := contextParts(q, 1, review.Triage); parts != nil {
			t.Errorf("%s: %+v", name, parts)
		}
	}
}

func TestALongParagraphIsCutAroundItsClaim(t *testing.T) {
	quote := strings.Repeat("é ", 5_000) + "CLAIM" + strings.Repeat(" ö", 5_000)
	p := review.Place{Verified: true, Context: claims.Span{Quote: quote}}
	at := strings.Index(quote, "CLAIM")
	p.Span = claims.Span{Start: at, End: at + 5, Quote: "CLAIM"}
	parts, before, after := contextParts(p, 1, review.Triage)
	var shown string
	for _, part := range parts {
		shown += part.Text
	}
	if !before || !after || !strings.Contains(shown, "CLAIM") || len(shown) > 2*maxContext+20 || !strings.Contains(quote, shown) {
		t.Errorf("%d bytes, before %v, after %v", len(shown), before, after)
	}
}

func FuzzCutKeepsEveryByte(f *testing.F) {
	f.Add("One two.\n\nThree “four” é.", 1, 5, 3, 9)
	f.Add("\n\n", 0, 1, 0, 2)
	f.Add("日本語", 0, 3, 1, 4)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d int) {
		layers := []layer{{a, b, asClaim, 1, review.Triage}, {c, d, asClaim, 2, review.Research}, {b, c, asSpeaker, 1, review.Triage}, {a, d, asCue, 2, review.Research}}
		var got string
		for _, p := range cut(text, 0, len(text), layers, nil) {
			got += p.Text
			if p.Depth() > maxDepth || p.Text == "" {
				t.Errorf("part %+v", p)
			}
		}
		if got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func TestEveryDeskRouteIsForStaffButTheDoors(t *testing.T) {
	doors := []string{"/sign-in", "/sign-in/again", "/sign-out", "/setup"}
	for _, rt := range (&Server{}).deskRoutes() {
		if open := slices.Contains(doors, rt.path); open != (rt.who == anybody) {
			t.Errorf("%s %s is for %v", rt.method, rt.path, rt.who)
		}
		if rt.method == http.MethodPost && rt.body == 0 {
			t.Errorf("%s %s takes no body", rt.method, rt.path)
		}
	}
}
