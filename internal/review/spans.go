package review

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// SpanKind is what a person did to what extraction proposed.
type SpanKind string

// The kinds of span corrections.
const (
	SpanAdded    SpanKind = "added"    // these words are a claim, and were not proposed
	SpanAdjusted SpanKind = "adjusted" // the claim is in other words than those proposed
	SpanRemoved  SpanKind = "removed"  // what was proposed is no claim to check
)

// SpanCorrection is what a person taught about one span: append-only, kept to
// learn from.
type SpanCorrection struct {
	ID        int64
	ArticleID int64
	ReviewID  int64
	Kind      SpanKind
	Old       claims.Span // the zero Span of an addition
	New       claims.Span // the zero Span of a removal
	Score     float64     // of the detector for Old, 0 to 1; 0 if a person had added it
	Reason    string      // DismissalCode of a removal; why somebody added it
	Engine    string      // version of the program and its models that proposed, or missed it; may be empty
	ByID      int64
	At        time.Time
}

// SpanDraft is where a person says that a claim stands.
type SpanDraft struct {
	AppearanceID int64       // the place that is corrected
	Span         claims.Span // with quotation and context; the store verifies it on the article's text
}

// PlaceMove puts another span in the place of one. The old row is kept.
type PlaceMove struct {
	From int64 // appearance
	To   claims.Appearance
}

var thatPlace = input("that place", "the claim stands there, in other words than the new ones", func(d *Dossier, c *Command) string {
	if c.Span == nil {
		return "Select the words of the claim in the article."
	}
	i := slices.IndexFunc(d.Places, func(p Place) bool { return p.ID == c.Span.AppearanceID })
	switch {
	case i < 0:
		return "The claim no longer stands at that place. Look at the article again."
	case d.Places[i].Span.Start == c.Span.Span.Start && d.Places[i].Span.End == c.Span.Span.End:
		return "These are the words that are marked already. Select more of the sentence, or less."
	}
	return ""
})

// adjustSpan moves the claim to other words of the same article. If the claim
// was in the words of the old span, it takes those of the new one.
func adjustSpan(before, d *Dossier, cmd *Command, o *Outcome) error {
	i := slices.IndexFunc(d.Places, func(p Place) bool { return p.ID == cmd.Span.AppearanceID })
	was, next := d.Places[i].Appearance, d.Places[i].Appearance
	next.ID, next.Span = 0, cmd.Span.Span
	next.Sentence = claims.Offsets{Start: min(was.Sentence.Start, next.Span.Start), End: max(was.Sentence.End, next.Span.End)}
	o.MovePlace = &PlaceMove{From: was.ID, To: next}
	o.Spans = append(o.Spans, SpanCorrection{
		ArticleID: was.ArticleID, ReviewID: d.Review.ID, Kind: SpanAdjusted, Old: was.Span, New: next.Span, Score: was.Score,
		Engine: was.Engine, ByID: cmd.Actor.ID, At: o.Event.At,
	})
	o.Event.change("words in the article", was.Span.Quote, next.Span.Quote)
	if d.Claim.Text == ClaimWords(was.Span.Quote) {
		c, who := d.Claim, d.Claimant
		c.Text = ClaimWords(next.Span.Quote)
		o.Claim, o.Claimant = &c, &who
		o.Event.change("claim", before.Claim.Text, c.Text)
	}
	o.contribute(cmd.Actor.ID, ChangedClaim)
	return nil
}

// ClaimWords is the text of a claim that stands in the words of quote.
func ClaimWords(quote string) string {
	if r := []rune(quote); len(r) > claims.MaxClaimText {
		return string(r[:claims.MaxClaimText])
	}
	return quote
}

// notClaims are the dismissals that say that the detector was wrong; the others
// are about this desk, not about the words.
var notClaims = []DismissalCode{Opinion, IsPrediction, NotVerifiable, Trivial, Satire, Spam}

// judged notes what a dismissal, or its reversal, says of every span that the
// machine proposed.
func (d *Dossier) judged(code DismissalCode, kind SpanKind, o *Outcome) {
	if !slices.Contains(notClaims, code) || o.Event.ActorID == 0 { // the program teaches nothing
		return
	}
	for _, p := range d.Places {
		if p.AddedBy != 0 {
			continue
		}
		c := SpanCorrection{
			ArticleID: p.ArticleID, ReviewID: d.Review.ID, Kind: kind, Score: p.Score, Reason: string(code), Engine: p.Engine,
			ByID: o.Event.ActorID, At: o.Event.At,
		}
		if kind == SpanRemoved {
			c.Old = p.Span
		} else {
			c.New = p.Span
		}
		o.Spans = append(o.Spans, c)
	}
}

// HandMade is a claim that a person found in an article.
type HandMade struct {
	Article  claims.Article // with its text
	Span     claims.Span
	Claimant string // who says it; may be empty
	Why      string // why it should be looked at; may be empty
	By       Person
}

// MayAdd reports whether p may bring articles and claims to the desk.
func MayAdd(p Person) bool { return p.Is(Checker, Editor) }

// errMayAdd is for everybody else.
var errMayAdd = errs.New("review.MayAdd", errs.Forbidden, "Articles and claims are added by fact-checkers and editors. Ask one of them, or an administrator for the role.")

// CheckMayAdd is Forbidden unless p may bring articles and claims to the desk.
func CheckMayAdd(p Person) error {
	if MayAdd(p) {
		return nil
	}
	return errMayAdd
}

func (h HandMade) check() error {
	const op = "review.AddClaim"
	if err := CheckMayAdd(h.By); err != nil {
		return err
	}
	if utf8.RuneCountInString(h.Span.Quote) > claims.MaxClaimText {
		return errs.Newf(op, errs.Invalid, "That is more than %d characters. Select only the one statement that can be checked.", claims.MaxClaimText)
	}
	return firstError(claims.CheckText(h.Span.Quote), h.Span.Check(h.Article.Text), tooLong(op, "name", h.Claimant, claims.MaxName), tooLong(op, "reason", h.Why, MaxNote))
}

// AddClaim opens a review in triage for a claim that the machine missed, and
// keeps that as a span to learn from. If the very words are a claim already, it
// returns that claim's review, and isNew is false. Forbidden if the person may
// not; Invalid if the span does not hold on the article's text.
func (s *Service) AddClaim(ctx context.Context, h HandMade) (reviewID int64, isNew bool, err error) {
	h.Claimant, h.Why = strings.Join(strings.Fields(h.Claimant), " "), strings.TrimSpace(h.Why)
	if err := h.check(); err != nil {
		return 0, false, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if reviewID, err = s.Store.ReviewAt(ctx, h.Article.ID, h.Span); err != nil || reviewID != 0 {
			return err
		}
		now := s.now()
		claim, who, at := h.claim(now)
		claimID, isNewClaim, err := s.Store.AddClaim(ctx, claim, who, at)
		if err != nil {
			return err
		}
		isNew = true
		if isNewClaim {
			reviewID, err = s.Open(ctx, claimID, 0, h.By.ID)
		} else {
			reviewID, err = s.Store.ReviewOf(ctx, claimID)
		}
		if err != nil {
			return err
		}
		return s.Store.AddSpanCorrections(ctx, []SpanCorrection{{
			ArticleID: h.Article.ID, ReviewID: reviewID, Kind: SpanAdded, New: h.Span, Reason: h.Why, Engine: s.Engine, ByID: h.By.ID, At: now,
		}})
	})
	return reviewID, isNew, err
}

// claim is what is stored of h.
func (h HandMade) claim(now time.Time) (claims.Claim, claims.Claimant, claims.Appearance) {
	at := claims.Appearance{
		ArticleID: h.Article.ID, Span: h.Span, Sentence: claims.Offsets{Start: h.Span.Start, End: h.Span.End},
		Attribution: claims.Attribution{Type: claims.NoSource, Canonical: h.Claimant}, AddedAt: now, AddedBy: h.By.ID,
	}
	if h.Why != "" {
		at.Reasons = []string{h.Why}
	}
	text := ClaimWords(h.Span.Quote)
	return claims.Claim{
		Text: text, Kind: claims.Other, Lang: h.Article.Lang, SaidAt: h.Article.PublishedAt, CreatedAt: now,
		Fingerprint: claims.Fingerprint(text) + "|" + claims.Fingerprint(h.Claimant),
	}, claims.Claimant{Name: h.Claimant, Kind: claims.Unknown}, at
}

// TaughtSpan is a span correction with the article that it is about.
type TaughtSpan struct {
	SpanCorrection
	Article claims.Article // without its text
}
