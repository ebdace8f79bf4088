package earlier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"factcheck/internal/errs"
	"factcheck/internal/library"
	"factcheck/internal/match"
	"factcheck/internal/review"
)

// Nearby is how many earlier claims are shown beside a review.
const Nearby = 10

// Certain is from which score of the first on an earlier claim counts as
// found. Scores are calibrated: below, it is likelier than not that there is none.
const Certain = .5

// Unlike is below which score an earlier claim only shares words.
const Unlike = .05

// Service finds earlier claims and keeps what people decide about them.
type Service struct {
	Store   Store
	Index   *Index
	Reviews *review.Service
	Now     func() time.Time
}

// Found is an earlier claim or check like another.
type Found struct {
	Hit
	Claim *OwnClaim      // one of the two
	Check *library.Check // is set
	// Theirs is its text and Mine the other one, in pieces that say what they
	// share and what parts them.
	Mine, Theirs []match.Piece
}

// Differs reports whether the two have similar words and a number, a date or a
// denial that is not the same.
func (f Found) Differs() bool {
	part := func(p match.Piece) bool { return p.Mark.Parts() }
	return max(shared(f.Mine), shared(f.Theirs)) >= similarWords && (slices.ContainsFunc(f.Mine, part) || slices.ContainsFunc(f.Theirs, part))
}

// similarWords is from which share of a text on its words are called similar.
const similarWords = .3

// shared is the share of a text in words that both have.
func shared(pieces []match.Piece) float64 {
	same, all := 0, 0
	for _, p := range pieces {
		all += len(p.Text)
		if p.Mark == match.Shared {
			same += len(p.Text)
		}
	}
	return float64(same) / float64(max(1, all))
}

// Nearest is what stands beside a review.
type Nearest struct {
	Subject Subject
	Status  Status
	Found   []Found // best first, without those decided
	Decided []Decided
	Ready   bool // the index was read once: Found is all there is
}

// Certain reports whether the first that was found is likelier than not the
// same claim.
func (n Nearest) Certain() bool { return len(n.Found) > 0 && n.Found[0].Score >= Certain }

// Decided is a decision with the earlier claim that it is about.
type Decided struct {
	Decision
	Claim *OwnClaim
	Check *library.Check
}

// Near are the earlier claims most like that of a review, up to limit, and what
// was decided before. What stands in the same article and nowhere else is no
// earlier claim: it speaks of the same things and claims something else. NotFound if there is no such review.
func (s *Service) Near(ctx context.Context, reviewID int64, limit int) (Nearest, error) {
	subject, err := s.Store.Subject(ctx, reviewID)
	if err != nil {
		return Nearest{}, err
	}
	n := Nearest{Subject: subject, Status: s.Index.Status()}
	n.Ready = n.Status.Ready
	decisions, err := s.Store.MatchDecisions(ctx, subject.ClaimID)
	if err != nil {
		return n, err
	}
	without := map[Ref]bool{}
	for _, d := range decisions {
		without[d.About(subject.ClaimID)] = true
	}
	beside, err := s.Store.Beside(ctx, subject.ClaimID)
	if err != nil {
		return n, err
	}
	for _, id := range beside {
		without[Ref{Claim, id}] = true
	}
	hits, err := s.Index.Find(ctx, subject.query(), without, limit)
	if err != nil {
		return n, err
	}
	n.Status.Problem = s.Index.Status().Problem
	refs := make([]Ref, 0, len(hits)+len(decisions))
	for _, h := range hits {
		refs = append(refs, h.Ref)
	}
	shown := decisions[:min(len(decisions), limit)]
	for _, d := range shown {
		refs = append(refs, d.About(subject.ClaimID))
	}
	own, checks, err := s.named(ctx, refs)
	if err != nil {
		return n, err
	}
	n.Found = found(subject.Text, hits, own, checks)
	for _, d := range shown {
		n.Decided = append(n.Decided, decided(d, subject.ClaimID, own, checks))
	}
	return n, nil
}

func decided(d Decision, claimID int64, own map[int64]OwnClaim, checks map[int64]library.Check) Decided {
	out := Decided{Decision: d}
	ref := d.About(claimID)
	if c, ok := own[ref.ID]; ok && ref.Kind == Claim {
		out.Claim = &c
	}
	if c, ok := checks[ref.ID]; ok && ref.Kind == Check {
		out.Check = &c
	}
	return out
}

// Offers are the outcomes that p may choose for one that was found; none if p
// may not decide. Decide asks every guard again.
func (n Nearest) Offers(f Found, p review.Person) []Outcome {
	if !p.Is(review.Checker, review.Editor) {
		return nil
	}
	var out []Outcome
	at := n.Subject.State
	if f.Claim != nil && !n.Subject.Public && review.Mergeable(f.Claim.State) && review.Could(p, at, review.Merge) {
		out = append(out, Joined)
	}
	checked := f.Check != nil || f.Claim != nil && f.Claim.Slug != "" && !f.Claim.Retracted
	if checked && !n.Subject.Public && review.Could(p, at, review.Dismiss) {
		out = append(out, Dismissed)
	}
	return append(out, Kept, Rejected)
}

// shortClaim is below how many words a claim needs what stands around it to be
// understood: "It doubled."
const shortClaim = 6

// query is what the index is asked for a review. Dates are not compared: the
// ranking has learned from posts that were checked within days, and a claim
// that comes back after years is just what is looked for.
func (s Subject) query() match.Query {
	q := match.Query{Text: match.WithoutDate(s.Text), Speaker: s.Speaker, Self: Ref{Claim, s.ClaimID}.String()}
	if len(strings.Fields(s.Text)) < shortClaim {
		q.Context = s.Context
	}
	return q
}

// Match are the earlier claims and checks most like a text, up to limit.
func (s *Service) Match(ctx context.Context, q match.Query, limit int) ([]Found, error) {
	hits, err := s.Index.Find(ctx, q, nil, limit)
	if err != nil {
		return nil, err
	}
	refs := make([]Ref, len(hits))
	for i, h := range hits {
		refs[i] = h.Ref
	}
	own, checks, err := s.named(ctx, refs)
	return found(q.Text, hits, own, checks), err
}

// named are the claims and the checks of refs, by id.
func (s *Service) named(ctx context.Context, refs []Ref) (map[int64]OwnClaim, map[int64]library.Check, error) {
	ids := map[Kind][]int64{}
	for _, r := range refs {
		ids[r.Kind] = append(ids[r.Kind], r.ID)
	}
	own, err := s.Store.OwnClaims(ctx, ids[Claim])
	if err != nil {
		return nil, nil, err
	}
	checks, err := s.Store.LibraryChecksOf(ctx, ids[Check])
	return own, checks, err
}

// found adds to hits what they name; what is gone from the store since the
// index was asked is left out.
func found(text string, hits []Hit, own map[int64]OwnClaim, checks map[int64]library.Check) []Found {
	var out []Found
	for _, h := range hits {
		f := Found{Hit: h}
		theirs := ""
		if c, ok := own[h.ID]; ok && h.Kind == Claim {
			f.Claim, theirs = &c, c.Text
		}
		if c, ok := checks[h.ID]; ok && h.Kind == Check {
			f.Check, theirs = &c, c.ClaimText
		}
		if theirs == "" {
			continue
		}
		f.Mine, f.Theirs = match.Compare(text, theirs)
		out = append(out, f)
	}
	return out
}

// Command decides about a review's claim and an earlier one.
type Command struct {
	ReviewID int64
	Version  int64 // of the review that the person saw
	Other    Ref
	Outcome  Outcome
	Note     string // at most review.MaxNote
	Actor    review.Person
	Key      string // of the form: sending it twice counts once
}

// Decide keeps a decision and does what it leads to: Joined merges the review
// into the other, Dismissed dismisses it as already checked, with the link. It
// returns the review to go on with. A *review.Refusal or *review.Conflict says
// why it was not done: nothing is kept then.
func (s *Service) Decide(ctx context.Context, cmd Command) (reviewID int64, err error) {
	if err := cmd.check(); err != nil {
		return 0, err
	}
	subject, err := s.Store.Subject(ctx, cmd.ReviewID)
	if err != nil {
		return 0, err
	}
	d, err := s.decision(ctx, subject, cmd)
	if err != nil {
		return 0, err
	}
	reviewID = cmd.ReviewID
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if repeated, err := s.repeated(ctx, cmd); err != nil || repeated {
			return err
		}
		own, checks, err := s.named(ctx, []Ref{cmd.Other})
		if err != nil {
			return err
		}
		one := decided(d, d.ClaimID, own, checks)
		if one.Claim == nil && one.Check == nil {
			return errs.New("earlier.Decide", errs.Conflict, "That earlier claim is no longer there. Reload the page.")
		}
		if err := s.move(ctx, cmd, one); err != nil {
			return err
		}
		if cmd.Outcome == Joined {
			reviewID = one.Claim.ReviewID
		}
		return s.Store.AddMatchDecision(ctx, d, d.event(subject))
	})
	return reviewID, err
}

// check is Invalid or Forbidden unless the command can be a decision.
func (cmd Command) check() error {
	const op = "earlier.Command"
	switch {
	case !cmd.Actor.Is(review.Checker, review.Editor):
		return errs.New(op, errs.Forbidden, "A fact-checker or an editor decides whether two claims are the same.")
	case !slices.Contains([]Outcome{Joined, Dismissed, Kept, Rejected}, cmd.Outcome):
		return errs.New(op, errs.Invalid, "Say whether it is the same claim. Reload the page and use its buttons.")
	case cmd.Outcome == Joined && cmd.Other.Kind != Claim:
		return errs.New(op, errs.Invalid, "A check by others cannot be joined. Dismiss the claim as already checked instead.")
	case len(cmd.Key) > 60 || !utf8.ValidString(cmd.Key):
		return errs.New(op, errs.Invalid, "This form is damaged. Reload the page and send it again.")
	case utf8.RuneCountInString(cmd.Note) > review.MaxNote:
		return errs.Newf(op, errs.Invalid, "The note is longer than %d characters. Shorten it.", review.MaxNote)
	}
	return nil
}

// decision is what is kept of cmd, with the score and the reasons that the index
// gives now.
func (s *Service) decision(ctx context.Context, subject Subject, cmd Command) (Decision, error) {
	if cmd.Other == (Ref{Claim, subject.ClaimID}) {
		return Decision{}, errs.New("earlier.Decide", errs.Invalid, "That is this claim itself.")
	}
	d := Decision{
		ReviewID: cmd.ReviewID, ClaimID: subject.ClaimID, Other: cmd.Other, Outcome: cmd.Outcome, Method: "index", Model: s.Index.Model(),
		Note: strings.TrimSpace(cmd.Note), Key: cmd.Key, PersonID: cmd.Actor.ID, At: s.Now().UTC().Truncate(time.Microsecond),
	}
	hits, err := s.Index.Find(ctx, subject.query(), nil, 5*Nearby)
	for _, h := range hits {
		if h.Ref == cmd.Other {
			d.Score, d.Reasons = h.Score, h.Reasons
		}
	}
	return d, err
}

// repeated reports whether the form was sent before. Invalid if its key was
// used for something else.
func (s *Service) repeated(ctx context.Context, cmd Command) (bool, error) {
	if cmd.Key == "" {
		return false, nil
	}
	d, err := s.Store.MatchDecisionByKey(ctx, cmd.Key)
	switch {
	case errors.Is(err, errs.NotFound):
		return false, nil
	case err != nil:
		return false, err
	case d.ReviewID != cmd.ReviewID || d.Other != cmd.Other || d.Outcome != cmd.Outcome || d.PersonID != cmd.Actor.ID:
		return false, errs.New("earlier.Decide", errs.Invalid, "This form was used for something else before. Reload the page and send it again.")
	}
	return true, nil
}

// move does what a decision leads to.
func (s *Service) move(ctx context.Context, cmd Command, one Decided) error {
	do := review.Command{ReviewID: cmd.ReviewID, Version: cmd.Version, Actor: cmd.Actor, Note: cmd.Note}
	switch cmd.Outcome {
	case Joined:
		do.Action, do.IntoID = review.Merge, one.Claim.ReviewID
	case Dismissed:
		link, err := one.link()
		if err != nil {
			return err
		}
		do.Action, do.Dismissal, do.Note = review.Dismiss, review.AlreadyChecked, strings.TrimSpace(link+"\n"+cmd.Note)
	default:
		return nil
	}
	if cmd.Key != "" {
		do.Key = "ear-" + cmd.Key
	}
	_, err := s.Reviews.Do(ctx, do)
	return err
}

// event tells of a decision that no move tells of: the review stays as it is,
// and so does its version.
func (d Decision) event(subject Subject) *review.Event {
	action := review.NoteSame
	switch d.Outcome {
	case Kept:
	case Rejected:
		action = review.NoteOther
	default:
		return nil
	}
	return &review.Event{
		Subject: review.OnReview, SubjectID: d.ReviewID, Version: subject.Version, Action: action, From: subject.State, To: subject.State, ActorID: d.PersonID, Note: d.Note, At: d.At,
		Changes: []review.Change{{Field: "earlier claim", To: d.Other.String()}},
	}
}

// link says where the claim was checked. Invalid if it was not, or the check
// was withdrawn.
func (d Decided) link() (string, error) {
	switch {
	case d.Check != nil:
		parts := []string{d.Check.Publisher.Name}
		if d.Check.Rating != "" {
			parts = append(parts, "“"+clip(d.Check.Rating)+"”")
		}
		if d.Check.URL != "" {
			parts = append(parts, d.Check.URL)
		}
		return "Checked by " + strings.Join(parts, ", "), nil
	case d.Claim.Slug == "" || d.Claim.Retracted:
		return "", errs.New("earlier.Decide", errs.Invalid, "No check of that claim is published, so this one cannot be dismissed as already checked. Join the two instead.")
	case d.Claim.Rating != nil:
		return fmt.Sprintf("Checked by us, “%s”, /checks/%s", d.Claim.Rating.Label, d.Claim.Slug), nil
	}
	return "Checked by us, /checks/" + d.Claim.Slug, nil
}

// clip shortens a rating as others write it, which may be a paragraph.
func clip(s string) string {
	const most = 200
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
