package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// pick is the form for the words of a claim in an article: for a new claim, or
// for one that is there and should be in other words.
type pick struct {
	Article int64
	Review  int64 // whose words are changed; 0: a claim is added
	Place   int64 // where it stands now
	Version int64
	Label   string // what the button says
	Text    string // of the claim
	Quote   string // the words, as they are or as they were typed
	Start   int    // of them in the text, in UTF-16 units; -1: not known
	End     int
	Follows bool // the claim is in the words of its place, and will be in the new ones
	Open    bool
	Errors  []string

	Claimant, Why string
	Places        []pickPlace // where the words stand, if that is more than one place
}

// Key is a key for this rendering of the form.
func (pick) Key() string { return newKey() }

// pickPlace is one of several places of the same words.
type pickPlace struct {
	Start         int // in UTF-16 units
	Paragraph     int
	Before, After string
}

var (
	addFields   = []string{"quote", "start", "end", "claimant", "why"}
	wordsFields = []string{"quote", "start", "end", "place"}
)

// pickFor is the form on the page of an article: for the claim at the place
// that words names, else for a new one; nil if p can do neither. NotFound if no
// claim stands there.
func pickFor(words string, a claims.Article, marks []review.Mark, p review.Person) (*pick, error) {
	if words == "" {
		if !review.MayAdd(p) {
			return nil, nil
		}
		return &pick{Article: a.ID, Label: "Add this claim", Start: -1, End: -1}, nil
	}
	id, err := strconv.ParseInt(words, 10, 64)
	i := slices.IndexFunc(marks, func(m review.Mark) bool { return m.ID == id })
	switch {
	case err != nil || i < 0:
		return nil, errs.New("web.pickFor", errs.NotFound, "No claim stands at that place any more. Open the article again.")
	case !marks[i].Adjustable(p):
		return nil, errs.New("web.pickFor", errs.Forbidden, "These words cannot be changed by you now: the claim is published, or a colleague works on it.")
	}
	m := marks[i]
	u := newUnits(a.Text)
	return &pick{
		Article: a.ID, Review: m.ReviewID, Place: m.ID, Version: m.Version, Label: "Use these words", Text: m.Text, Quote: m.Span.Quote,
		Start: u.at(m.Span.Start), End: u.at(m.Span.End), Follows: m.Text == review.ClaimWords(m.Span.Quote), Open: true,
	}, nil
}

// addClaim handles POST /desk/articles/:id/claims: a claim that the machine
// missed.
func (s *Server) addClaim(c *gin.Context) error {
	f, a, err := s.pickForm(c, addFields)
	if err != nil {
		return s.pickAgain(c, a, f, nil, err)
	}
	span, places, err := resolve(a.Text, f)
	h := review.HandMade{Article: a, Span: span, Claimant: f.text("claimant"), Why: f.text("why"), By: s.person(c)}
	var id int64
	var isNew bool
	if err == nil {
		id, isNew, err = s.Reviews.AddClaim(c.Request.Context(), h)
	}
	if err != nil {
		return s.pickAgain(c, a, f, places, err)
	}
	s.flash(c, map[bool]string{true: "Added. It waits to be triaged.", false: "These words are a claim already: here it is."}[isNew])
	c.Redirect(http.StatusSeeOther, reviewPath(id, fmt.Sprintf("article-%d", a.ID)))
	return nil
}

// changeWords handles POST /desk/articles/:id/words: other words for a claim
// that stands there.
func (s *Server) changeWords(c *gin.Context) error {
	f, a, err := s.pickForm(c, append([]string{"review"}, append(everyForm, wordsFields...)...))
	var places []pickPlace
	cmd := review.Command{Action: review.EditSpan, Actor: s.person(c), Key: f.text("key"), Span: &review.SpanDraft{}}
	for name, at := range map[string]*int64{"review": &cmd.ReviewID, "version": &cmd.Version, "place": &cmd.Span.AppearanceID} {
		if *at, _ = f.id(name); *at == 0 && err == nil {
			err = formError("web.changeWords", nil)
		}
	}
	if err == nil {
		cmd.Span.Span, places, err = resolve(a.Text, f)
	}
	if err == nil {
		_, err = s.Reviews.Do(c.Request.Context(), cmd)
	}
	if err != nil {
		return s.pickAgain(c, a, f, places, err)
	}
	s.flash(c, "Done: the claim is in other words now. The old ones are kept.")
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/desk/articles/%d#review-%d", a.ID, cmd.ReviewID))
	return nil
}

// pickForm reads a form about an article. What could be read is returned with
// the error.
func (s *Server) pickForm(c *gin.Context, fields []string) (form, claims.Article, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return form{}, claims.Article{}, err
	}
	a, err := s.Store.Article(c.Request.Context(), id)
	if err != nil {
		return form{}, claims.Article{}, err
	}
	f, err := readForm(c)
	if err == nil {
		err = f.only(fields...)
	}
	return f, a, err
}

// pickAgain answers with the article after its form failed, with all that was
// typed.
func (s *Server) pickAgain(c *gin.Context, a claims.Article, f form, places []pickPlace, problem error) error {
	if a.ID == 0 {
		return problem
	}
	_, marks, all, err := s.reading(c, a.ID)
	if err != nil {
		return err
	}
	st := s.note(c, problem)
	p := s.articlePage(a, marks, all, s.person(c))
	place := f.text("place")
	if i := slices.IndexFunc(marks, func(m review.Mark) bool { return strconv.FormatInt(m.ReviewID, 10) == f.text("review") }); i >= 0 {
		place = strconv.FormatInt(marks[i].ID, 10) // somebody may have moved it meanwhile
	}
	form, err := pickFor(place, a, marks, s.person(c))
	if form == nil || err != nil { // the claim has moved on: there is no form to come back to
		return problem
	}
	form.Quote, form.Claimant, form.Why, form.Open = f.text("quote"), f.text("claimant"), f.text("why"), true
	form.Start, form.End, form.Places = -1, -1, places
	form.Errors = sentencesOf(problem, st.text)
	p.Pick = form
	return s.page(c, st.code, "article", p)
}

// maxTold is how many places of the same words a form tells apart.
const maxTold = 8

// resolve is the span that a form names: by its place in UTF-16 units, if the
// words stand there, else by the words alone, if they stand in one place only.
// If they stand in several, those are returned with the error.
func resolve(text string, f form) (claims.Span, []pickPlace, error) {
	const op = "web.resolve"
	quote := f.text("quote")
	if strings.TrimSpace(quote) == "" {
		return claims.Span{}, nil, errs.New(op, errs.Invalid, "Select the words of the claim in the text, or copy them into the form.")
	}
	if at, err := strconv.Atoi(f.text("start")); err == nil {
		i, ok := byteAt(text, at)
		if ok && strings.TrimSpace(quote) == quote && strings.HasPrefix(text[i:], quote) {
			span, err := claims.SpanAt(text, i, i+len(quote))
			return span, nil, err
		}
	}
	quote = strings.TrimSpace(quote)
	first := strings.Index(text, quote)
	switch {
	case first < 0:
		return claims.Span{}, nil, errs.New(op, errs.Invalid, "These words are not in the article. Copy them from the text, to the letter.")
	case strings.Contains(text[first+1:], quote):
		places := placesOf(text, quote)
		return claims.Span{}, places, errs.Newf(op, errs.Invalid, "These words stand in the article more than once: %s. Choose the place, or copy more of the sentence.", paragraphs(places))
	}
	span, err := claims.SpanAt(text, first, first+len(quote))
	return span, nil, err
}

// paragraphs says where places are: "in paragraphs 2, 5 and 7".
func paragraphs(places []pickPlace) string {
	var ns []string
	for _, p := range places {
		if n := strconv.Itoa(p.Paragraph); !slices.Contains(ns, n) {
			ns = append(ns, n)
		}
	}
	if len(ns) == 1 {
		return "in paragraph " + ns[0]
	}
	return "in paragraphs " + strings.Join(ns[:len(ns)-1], ", ") + " and " + ns[len(ns)-1]
}

// placesOf are the first places of quote in a text, with the words around
// them.
func placesOf(text, quote string) []pickPlace {
	u := newUnits(text)
	runs := runsOf(text)
	var out []pickPlace
	for at := 0; len(out) < maxTold; {
		i := strings.Index(text[at:], quote)
		if i < 0 {
			break
		}
		i += at
		end := i + len(quote)
		n := 0
		for n < len(runs) && runs[n].Start <= i {
			n++
		}
		out = append(out, pickPlace{u.at(i), n, endOfLine(text[:i]), startOfLine(text[end:])})
		_, size := utf8.DecodeRuneInString(text[i:])
		at = i + size
	}
	return out
}

// aroundRunes is how many characters are shown on each side of a place.
const aroundRunes = 40

func endOfLine(s string) string {
	s = s[strings.LastIndexByte(s, '\n')+1:]
	for utf8.RuneCountInString(s) > aroundRunes {
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
	}
	return s
}

func startOfLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	n := 0
	for i := range s {
		if n == aroundRunes {
			return s[:i]
		}
		n++
	}
	return s
}

// text is the words of a block.
func (b block) text() string {
	var out strings.Builder
	for _, p := range b.Parts {
		out.WriteString(p.Text)
	}
	return out.String()
}
