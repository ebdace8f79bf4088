package review

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

func TestAnAdjustedSpanKeepsTheOldOneAndVoidsApprovals(t *testing.T) {
	d := ideal(Approved)
	d.Places[0].Score, d.Places[0].Engine, d.Places[0].Sentence = .7, "engine 1", claims.Offsets{Start: 3, End: 20}
	if _, err := d.Apply(command(EditSpan, ben), now); !errors.Is(err, errs.Forbidden) {
		t.Errorf("whoever does not work on it may move it: %v", err)
	}
	o, err := d.Apply(command(EditSpan, ana), now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	c := o.Spans[0]
	if c.Kind != SpanAdjusted || c.Old.Quote != "Crime fell 12%" || c.New.Quote != "Crime fell 12% last year" || c.Score != .7 || c.Engine != "engine 1" || c.ByID != 1 {
		t.Errorf("kept: %+v", c)
	}
	m := o.MovePlace
	if m.From != 50 || m.To.ID != 0 || m.To.Span != c.New || !m.To.AddedAt.Equal(d.Places[0].AddedAt) || m.To.Sentence.End != 27 {
		t.Errorf("moved: %+v", m)
	}
	if o.Review.State != Editing || o.Review.Round != d.Review.Round+1 {
		t.Errorf("an edit after approval leaves it in state %s, round %d", o.Review.State, o.Review.Round)
	}
	if !slices.ContainsFunc(o.Contributed, func(c Contribution) bool { return c.PersonID == 1 && c.How == ChangedClaim }) {
		t.Error("whoever moved the span did not contribute")
	}
}

func TestTheClaimFollowsItsSpanWhileItIsInItsWords(t *testing.T) {
	d := ideal(Triage)
	o, err := d.Apply(command(EditSpan, ana), now)
	if err != nil || o.Claim == nil || o.Claim.Text != "Crime fell 12% last year" || o.Claimant.Name != "Lena Marsh" {
		t.Fatalf("%+v, %v", o.Claim, err)
	}
	d.Claim.Text = "Crime in Northport fell by 12 percent"
	if o, err = d.Apply(command(EditSpan, ana), now); err != nil || o.Claim != nil {
		t.Errorf("words that a person wrote are replaced: %+v, %v", o.Claim, err)
	}
}

func TestADismissalTeachesOnlyWhatIsAboutTheWords(t *testing.T) {
	for _, r := range Dismissals {
		d := ideal(Triage)
		d.Places = append(d.Places, d.Places[0])
		d.Places[1].AddedBy = 2 // a person's own
		cmd := command(Dismiss, ana)
		cmd.Dismissal = r.Code
		o, err := d.Apply(cmd, now)
		if err != nil {
			t.Fatal(err)
		}
		taught := slices.Contains(notClaims, r.Code)
		if got := len(o.Spans); got != map[bool]int{true: 1, false: 0}[taught] {
			t.Fatalf("%s teaches %d spans", r.Code, got)
		}
		if taught && (o.Spans[0].Kind != SpanRemoved || o.Spans[0].Reason != string(r.Code) || o.Spans[0].New.Quote != "") {
			t.Errorf("%s: %+v", r.Code, o.Spans[0])
		}
	}
	d := ideal(Dismissed)
	o, err := d.Apply(command(Reopen, edith), now)
	if err != nil || len(o.Spans) != 1 || o.Spans[0].Kind != SpanAdded || o.Spans[0].Old.Quote != "" || o.Spans[0].New.Quote == "" {
		t.Errorf("reopening teaches %+v, %v", o.Spans, err)
	}
}

func TestWhoMayAddAClaim(t *testing.T) {
	text := "The mayor said that crime fell."
	span, err := claims.SpanAt(text, 20, 30)
	if err != nil {
		t.Fatal(err)
	}
	good := HandMade{Article: claims.Article{ID: 1, Text: text}, Span: span, By: ana}
	for _, tt := range []struct {
		name string
		edit func(*HandMade)
		want error
	}{
		{"checker", func(*HandMade) {}, nil},
		{"editor", func(h *HandMade) { h.By = edith }, nil},
		{"standards editor", func(h *HandMade) { h.By = stella }, errs.Forbidden},
		{"administrator", func(h *HandMade) { h.By = Person{ID: 7, Roles: []Role{Admin}, Active: true} }, errs.Forbidden},
		{"viewer", func(h *HandMade) { h.By = Person{ID: 7, Roles: []Role{Viewer}, Active: true} }, errs.Forbidden},
		{"closed account", func(h *HandMade) { h.By.Active = false }, errs.Forbidden},
		{"other text", func(h *HandMade) { h.Article.Text = "The mayor said that crime rose." }, errs.Invalid},
		{"too long", func(h *HandMade) { h.Span.Quote = strings.Repeat("x", 501) }, errs.Invalid},
		{"long name", func(h *HandMade) { h.Claimant = strings.Repeat("x", 201) }, errs.Invalid},
	} {
		h := good
		tt.edit(&h)
		if err := h.check(); !errors.Is(err, tt.want) && (tt.want != nil || err != nil) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}
