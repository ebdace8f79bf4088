package web

import (
	"context"
	"fmt"
	"slices"

	"github.com/gin-gonic/gin"

	"factcheck/internal/export"
	"factcheck/internal/review"
	"factcheck/ui"
)

// reviewPage is the data of pages/review.html, the claim workspace.
type reviewPage struct {
	ID         int64
	Back       link
	Done       string
	Blind      bool    // the rating is hidden: this person may still read blind
	Reading    bool    // the page for a second reading alone
	MergedHere int64   // the review that led here, 0 if none did
	Using      string  // the form that holds what was typed before; empty: none does
	Notice     *notice // nil: nothing went wrong
	Claim      claimHead
	Places     []placeView
	MorePlaces int // how many are not shown

	ClaimForm   *formView // nil: not for this person now, and ClaimWhy says why
	ClaimWhy    []string
	Suggested   bool // the machine filled in something of the claim's form
	Kinds       []choice
	Speakers    []choice
	Verdict     verdictView
	VerdictForm *formView
	VerdictWhy  []string
	Writing     bool // the form is the view: this person writes the verdict now
	Voids       string
	Scale       review.RatingScale // in force: what can be chosen

	Working   bool
	Checklist []checkLine
	Items     []itemView // of the checklist for this kind of claim
	Lacks     int        // lines of it that are missing, but for approvals
	Moves     []moveView
	Aside     []moveView // what is seldom needed
	AsideOpen bool
	Approvals []signed
	Readings  []readingView
	Standing  int
	Quorum    int

	Evidence    []evidenceView
	AddEvidence *formView
	Stances     []stance

	Guests    []guestView // outside readers of this round
	Invite    *formView
	OneEditor bool

	Requests []requestView
	Ask      *formView // nil: not for this person now
	Channels []choice
	Outcomes []choice
	Mails    bool // letters go out by themselves

	Since   []eventView // edits since the editors gave it back
	History []eventView // newest first
	Live    *liveView

	Complaints int // by readers, that nobody has decided about

	Remarks bool // this person may comment
}

// checkLine is a line of the checklist.
type checkLine struct {
	Name, Sentence string
	Approval       bool // for the editors to see to
}

type signed struct {
	Name string
	At   ui.Moment
}

// look is how a page is looked at.
type look struct {
	typed
	blind  bool   // for a second reading, whether the policy asks for it or not
	merged int64  // the review that the person was sent from, since it was merged into this one
	use    string // the form to fill with what this person typed before
}

// reviewPage gathers the page of a review whose dossier was read, in two more
// reads at most.
func (s *Server) reviewPage(c *gin.Context, d review.Dossier, l look) (reviewPage, error) {
	ctx := c.Request.Context()
	events, err := s.Store.Events(ctx, d.Review.ID)
	if err != nil {
		return reviewPage{}, err
	}
	b := pageBuilder{s: s, me: s.person(c), d: d, t: l.typed, reading: l.blind, use: l.use, log: events, offers: map[review.Action]review.Offer{}}
	if err := b.gather(ctx); err != nil {
		return reviewPage{}, err
	}
	b.blind = l.blind || d.BlindTo(b.me)
	if b.blind { // what may be done was found above, by the whole dossier
		events, b.d = d.BlindEvents(events), d.Blind()
	}
	if b.rationale, err = export.DrawRationale(b.d.Verdict.Rationale, b.d.Evidence); err != nil {
		return reviewPage{}, fmt.Errorf("review %d: %w", d.Review.ID, err)
	}
	p := b.build(events)
	if slices.Contains(review.MergedWith(events), l.merged) {
		p.MergedHere = l.merged
	}
	return p, nil
}

// gather finds what this person may do, and reads what is not in the dossier: what
// was typed, or else, since one query more would be too many, what the claim might
// be merged into.
func (b *pageBuilder) gather(ctx context.Context) (err error) {
	for _, o := range b.d.Available(b.me) {
		b.offers[o.Action] = o
	}
	if b.use != "" {
		b.typed, err = b.s.Store.Drafts(ctx, b.me.ID, b.d.Review.ID)
		return err
	}
	if o, ok := b.offers[review.Merge]; !ok || len(o.Missing) > 0 {
		return nil
	}
	rows, err := b.s.Store.Rows(ctx, review.NearbyTo(b.d.Review.ID))
	b.near = review.Likely(b.d.Claim.Text, rows, nearby)
	return err
}

// nearby is how many reviews are named as likely to be the same.
const nearby = 8

// pageBuilder turns a dossier into its page.
type pageBuilder struct {
	s         *Server
	me        review.Person
	d         review.Dossier
	t         typed
	offers    map[review.Action]review.Offer
	near      []review.Row // what it might be merged into
	blind     bool         // the rating is hidden
	reading   bool         // the page is for a second reading alone
	rationale export.Rationale
	where     string         // id of the form that shows what was typed
	typed     []review.Typed // what this person typed before and did not send
	use       string         // the form to fill with it
	log       []review.Event // the whole history
}

// lacks adds what is missing for publication, and who has approved.
func (b *pageBuilder) lacks(p *reviewPage) {
	for _, line := range b.d.Checklist() {
		p.Checklist = append(p.Checklist, checkLine(line))
		if line.Sentence != "" && !line.Approval {
			p.Lacks++
		}
	}
	for _, a := range b.d.Approvers() {
		p.Approvals = append(p.Approvals, signed{b.d.Name(a.EditorID), b.s.moment(a.CreatedAt)})
	}
}

func (b *pageBuilder) build(events []review.Event) reviewPage {
	d := &b.d
	p := reviewPage{
		ID: d.Review.ID, Back: backTo(b.t.from), Claim: b.head(), Kinds: kindChoices(), Speakers: claimantKinds, Blind: b.blind, Reading: b.reading,
		Verdict: b.verdict(), Scale: d.InForce, Working: d.Working() && !b.blind, Standing: d.Standing(), Quorum: d.Quorum(), Stances: stanceChoices(), Remarks: review.MayComment(b.me),
	}
	for _, pl := range d.Places[:min(len(d.Places), maxPlaces)] {
		p.Places = append(p.Places, b.place(pl))
	}
	p.MorePlaces = max(0, len(d.Places)-maxPlaces)
	b.lacks(&p)
	p.Readings = b.readings()
	if d.Live != nil {
		p.Complaints = b.d.Complaints
		p.Live = &liveView{d.Live.Slug, d.Live.Edition, b.s.moment(d.Live.PublishedAt)}
	}
	b.items(&p)
	b.forms(&p)
	b.requests(&p)
	b.guests(&p)
	p.Since = b.events(review.LastEdits(events))
	p.History = b.events(events)
	slices.Reverse(p.History)
	p.Notice = b.notice()
	if b.where == b.use {
		p.Using = b.use
	}
	return p
}
