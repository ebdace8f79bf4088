package web

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
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

// notice says what went wrong with a form, and what was typed if its form is
// no longer on the page.
type notice struct {
	Title     string
	Sentences []string
	Events    []eventView // what the others did meanwhile
	Typed     []typedField
	Where     string // id of the form that has what was typed; empty if Typed has it
}

// claimHead is the claim with its circumstances.
type claimHead struct {
	Text, ShortForm, Lang string
	Kind                  string
	Claimant              string
	ClaimantID            int64 // 0: nobody is named
	ClaimantKind          string
	Unattributed          bool
	Said                  ui.Moment
	Due                   ui.Moment // from when it can be checked; zero if that is unknown
	Chosen                string
	State                 review.State
	StateLabel            string
	Assignee              string // empty: nobody
	Edition, Revision     int
	Correction            string // what readers will be told; empty unless one is being prepared
	Dismissal             string
	Places                int
	Changed               ui.Moment
	LongForm              bool // ShortForm is longer than aggregators show
	About                 []review.Circumstance
	MergedInto            int64 // 0: not merged
	Topics                []topicView
	Interests             []string // that stand in somebody's way, for who may see them
}

// placeView is an article where the claim was made.
type placeView struct {
	Article        int64
	Anchor         string
	Title          string
	Publisher, URL string
	Published      ui.Moment
	Lang           string
	Parts          []part // empty: the words are not in the stored text any more
	Before, After  bool   // the paragraph goes on
	Quote          string
	Speaker, Cue   string
	Type           string
	Reasons        []string
	Score          int    // of the detector, in hundredths; 0 if a person added it
	ByHand         bool   // a person found it, not the machine
	Words          string // address where its words can be changed; empty: not by this person now
}

// verdictView is the current revision.
type verdictView struct {
	Number             int // 0: none yet
	Rating             review.Rating
	Rated              bool
	Scale              string
	Summary            string
	Rationale          export.Rationale
	OneSource          string
	NoneFound, Neutral bool
	Author             string
	At                 ui.Moment
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

// evidenceView is a piece of evidence with the form that changes it.
type evidenceView struct {
	ID               int64
	Number           int
	URL, Archive     string
	Title, Publisher string
	Quote, Note      string
	Stance           stance
	Accessed         ui.Moment
	AddedBy          string
	Added            ui.Moment
	Origin           string // in words; empty: nobody said
	Behind, Interest string
	Copy             copyView
	Form, Remove     *formView // nil: not for this person now
	Attach           *formView // adds a file; nil: not for this person now
	Look             string    // address of the form that has the source captured; empty: not for this person
	Open             bool
	FormID           string
}

// eventView is a line of the history.
type eventView struct {
	Who, Done string
	Note      string
	At        ui.Moment
	Changes   []changeView
}

type changeView struct {
	Field    string
	From, To string
	Words    []wordChange // of long texts
}

type liveView struct {
	Slug    string
	Edition int
	At      ui.Moment
}

// typed is a form that could not be done, and why. The zero typed is a page
// that is simply looked at.
type typed struct {
	action   review.Action
	evidence int64
	request  int64 // for a reply
	guest    int64 // outside reader
	form     form
	from     string
	err      error
}

// look is how a page is looked at.
type look struct {
	typed
	blind  bool   // for a second reading, whether the policy asks for it or not
	merged int64  // the review that the person was sent from, since it was merged into this one
	use    string // the form to fill with what this person typed before
}

// maxPlaces is how many places a claim page shows in full.
const maxPlaces = 12

// reviewPage gathers the page of a review whose dossier was read, in two more
// reads at most.
func (s *Server) reviewPage(c *gin.Context, d review.Dossier, l look) (reviewPage, error) {
	ctx := c.Request.Context()
	events, err := s.Store.Events(ctx, d.Review.ID)
	if err != nil {
		return reviewPage{}, err
	}
	b := pageBuilder{s: s, me: s.person(c), d: d, t: l.typed, reading: l.blind, use: l.use, offers: map[review.Action]review.Offer{}}
	for _, o := range d.Available(b.me) {
		b.offers[o.Action] = o
	}
	if b.use != "" {
		if b.typed, err = s.Store.Drafts(ctx, b.me.ID, d.Review.ID); err != nil {
			return reviewPage{}, err
		}
	}
	if o, ok := b.offers[review.Merge]; ok && len(o.Missing) == 0 && b.use == "" { // one query more would be too many
		rows, err := s.Store.Rows(ctx, review.NearbyTo(d.Review.ID))
		if err != nil {
			return reviewPage{}, err
		}
		b.near = review.Likely(d.Claim.Text, rows, nearby)
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
	for _, line := range d.Checklist() {
		p.Checklist = append(p.Checklist, checkLine(line))
		if line.Sentence != "" && !line.Approval {
			p.Lacks++
		}
	}
	for _, a := range d.Approvers() {
		p.Approvals = append(p.Approvals, signed{d.Name(a.EditorID), b.s.moment(a.CreatedAt)})
	}
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
	return p
}

func (b *pageBuilder) head() claimHead {
	d := &b.d
	h := claimHead{
		Text: d.Claim.Text, ShortForm: d.Claim.ShortForm, Lang: d.Claim.Lang, Kind: kinds[d.Claim.Kind],
		Claimant: d.Claimant.Name, ClaimantID: d.Claimant.ID, Unattributed: d.Claim.Unattributed, Said: b.s.moment(d.Claim.SaidAt), Due: b.s.moment(d.Claim.DueAt), Chosen: d.Review.Chosen,
		State: d.Review.State, StateLabel: review.StateLabel(d.Review.State), Edition: d.Review.Edition, Revision: d.Verdict.Number,
		Places: len(d.Places), Changed: b.s.moment(d.Review.ChangedAt), LongForm: len([]rune(d.Claim.ShortForm)) > claims.MaxShortForm,
		Dismissal: told("reason", string(d.Review.Dismissal)), About: d.Circumstances(), MergedInto: d.Review.MergedInto,
	}
	for _, k := range claimantKinds {
		if k.Code == string(d.Claimant.Kind) && d.Claimant.Kind != claims.Unknown {
			h.ClaimantKind = k.Label
		}
	}
	for _, t := range d.Topics {
		h.Topics = append(h.Topics, topicView{t, topicPath(d.Review.State, t)})
	}
	for _, i := range d.Interested() {
		if i.PersonID == b.me.ID || review.MaySeeInterests(b.me) {
			h.Interests = append(h.Interests, interestSentence(i, d.Name(i.PersonID), b.me))
		}
	}
	if d.Review.AssigneeID != 0 {
		h.Assignee = d.Name(d.Review.AssigneeID)
	}
	if d.Review.Correcting() {
		h.Correction = d.Review.CorrectionNote
	}
	return h
}

func (b *pageBuilder) place(pl review.Place) placeView {
	v := placeView{
		Article: pl.Article.ID, Anchor: fmt.Sprintf("review-%d", b.d.Review.ID), Title: titleOf(pl.Article), Publisher: pl.Article.Publisher,
		URL: pl.Article.URL, Published: b.s.moment(pl.Article.PublishedAt), Lang: pl.Article.Lang, Quote: pl.Span.Quote,
		Speaker: pl.Attribution.Speaker, Cue: pl.Attribution.Cue, Type: string(pl.Attribution.Type), Reasons: pl.Reasons,
		ByHand: pl.AddedBy != 0, Score: int(math.Round(pl.Score * 100)),
	}
	if o, ok := b.offers[review.EditSpan]; ok && len(o.Missing) == 0 && pl.Verified {
		v.Words = fmt.Sprintf("/desk/articles/%d?words=%d#pick", pl.ArticleID, pl.ID)
	}
	v.Parts, v.Before, v.After = contextParts(pl, b.d.Review.ID, b.d.Review.State)
	return v
}

func (b *pageBuilder) verdict() verdictView {
	v := b.d.Verdict
	out := verdictView{
		Number: v.Number, Scale: b.d.Scale.Name, Summary: v.Summary, Rationale: b.rationale, OneSource: v.OneSource,
		NoneFound: v.NoneFound, Neutral: v.NoConflict, At: b.s.moment(v.CreatedAt),
	}
	if v.Number > 0 {
		out.Author = b.d.Name(v.AuthorID)
		out.Rating, out.Rated = b.d.Scale.Rating(v.Rating)
	}
	return out
}

// forms adds every form that this person may send now.
func (b *pageBuilder) forms(p *reviewPage) {
	draft, suggested := b.d.Draft()
	claim := map[string]string{
		"text": draft.Text, "short_form": draft.ShortForm, "kind": string(draft.Kind), "lang": draft.Lang, "claimant": draft.Claimant,
		"claimant_kind": string(draft.ClaimantKind), "unattributed": tick(draft.Unattributed), "said_at": dayText(draft.SaidAt), "due_at": dayText(draft.DueAt), "chosen": draft.Chosen,
		"topics": review.TopicsText(draft.Topics),
	}
	p.Suggested = suggested
	b.moves(p, claim)
	if b.reading {
		b.sources(p)
		return
	}
	p.ClaimForm, p.ClaimWhy = b.form("form-claim", "/claim", review.EditClaim, b.t.action == review.EditClaim, claim)
	b.verdictForm(p)
	if !b.d.Review.SubmittedAt.IsZero() {
		p.Voids = "This was sent to the editors. A change makes a new revision, and what was approved has to be approved again."
	}
	p.AddEvidence, _ = b.form("form-evidence", "/evidence", review.AddEvidence, b.t.action == review.AddEvidence, map[string]string{"accessed_at": dayText(b.s.Now())})
	b.sources(p)
}

// verdictForm adds the form of the verdict, unless it would show the rating to
// somebody who may still read blind.
func (b *pageBuilder) verdictForm(p *reviewPage) {
	if _, ok := b.offers[review.SaveVerdict]; ok && b.blind {
		p.VerdictWhy = []string{"The rating is hidden until you have given your own. Then you can change the verdict."}
		return
	}
	v := b.d.Verdict
	p.VerdictForm, p.VerdictWhy = b.form("form-verdict", "/verdict", review.SaveVerdict, b.t.action == review.SaveVerdict, map[string]string{
		"rating": v.Rating, "summary": v.Summary, "rationale": v.Rationale, "one_source": v.OneSource,
		"none_found": tick(v.NoneFound), "no_conflict": tick(v.NoConflict),
	})
	sent := !b.d.Review.SubmittedAt.IsZero()
	p.Writing = p.VerdictForm != nil && (b.where == "form-verdict" || !sent && b.d.Review.AssigneeID == b.me.ID)
}

func (b *pageBuilder) sources(p *reviewPage) {
	for _, e := range b.d.Evidence {
		p.Evidence = append(p.Evidence, b.evidence(e))
	}
}

func (b *pageBuilder) evidence(e review.Evidence) evidenceView {
	v := evidenceView{
		ID: e.ID, Number: e.Number, URL: e.URL, Archive: e.ArchiveURL, Title: e.Title, Publisher: e.Publisher, Quote: e.Quote, Note: e.Note,
		Stance: stances[e.Stance], Accessed: b.s.moment(e.AccessedAt), AddedBy: b.d.Name(e.AddedBy), Added: b.s.moment(e.AddedAt),
		FormID: fmt.Sprintf("form-evidence-%d", e.ID),
		Origin: originWords[e.Origin], Behind: e.Behind, Interest: e.Interest, Copy: b.s.copyOf(e, b.d.Copies[e.ID]),
	}
	if seen := b.d.Copies[e.ID].Last.Seen; seen.ByID != 0 {
		v.Copy.Seen = sightView{b.d.Name(seen.ByID), seen.Note, b.s.moment(seen.At)}
	}
	if e.URL != "" && b.me.MayCapture() {
		v.Look = fmt.Sprintf("/desk/sources/%d/look", e.ID)
	}
	if b.blind { // a stricken note must not come back as what was written
		return v
	}
	path := fmt.Sprintf("/evidence/%d", e.ID)
	number := strconv.Itoa(e.Number)
	// An edit gives the piece another id; its number stays.
	mine := b.t.action == review.EditEvidence && b.t.form.text("number") == number
	v.Form, _ = b.form(v.FormID, path, review.EditEvidence, mine, map[string]string{
		"number": number, "url": e.URL, "archive_url": e.ArchiveURL, "title": e.Title, "publisher": e.Publisher, "quote": e.Quote,
		"stance": string(e.Stance), "note": e.Note, "accessed_at": dayText(e.AccessedAt),
		"origin": string(e.Origin), "behind": e.Behind, "interest": e.Interest, "no_copy": e.NoCopy,
	})
	v.Attach, _ = b.form(v.FormID+"-file", path+"/file", review.AttachFile, b.t.action == review.AttachFile && b.t.evidence == e.ID, nil)
	v.Remove, _ = b.form(v.FormID+"-remove", path+"/remove", review.RemoveEvidence, b.t.action == review.RemoveEvidence && b.t.evidence == e.ID, nil)
	v.Open = b.where == v.FormID || b.where == v.FormID+"-file"
	return v
}

// form is the form of an edit, or why this person cannot make it now. mine
// reports whether it is the form that failed.
func (b *pageBuilder) form(id, path string, a review.Action, mine bool, stored map[string]string) (*formView, []string) {
	o, ok := b.offers[a]
	if !ok {
		return nil, nil
	}
	if len(o.Missing) > 0 {
		return nil, sentencesIn(o.Missing, nil)
	}
	v := b.view(id, path, stored, mine)
	return &v, nil
}

// view is a form with what is stored, or with what was typed into it if mine.
func (b *pageBuilder) view(id, path string, stored map[string]string, mine bool) formView {
	v := formView{
		Post:    fmt.Sprintf("/desk/reviews/%d%s", b.d.Review.ID, path),
		Version: b.d.Review.Version, From: b.t.from, Fields: fields(stored),
	}
	if !mine || b.t.err == nil || b.where != "" {
		b.recall(id, &v, stored)
		return v
	}
	b.where = id
	v.Errors = sentencesOf(b.t.err, statuses[errs.KindOf(b.t.err)].text)
	if b.t.form.file != nil { // a page cannot give a file back
		v.Errors = append(v.Errors, "Choose the file again.")
	}
	for _, name := range fieldNames(stored, b.t.form) {
		is, kept := stored[name]
		f := field{Value: b.t.form.text(name)}
		if kept && f.Value != is && b.changedMeanwhile(name) {
			f = besides(name, f.Value, is, b.inWords(name, is))
		}
		v.Fields[name] = f
	}
	return v
}

func fieldNames(stored map[string]string, f form) []string {
	var names []string
	for name := range stored {
		names = append(names, name)
	}
	for name := range f.values {
		if !slices.Contains(names, name) && !slices.Contains(everyForm, name) {
			names = append(names, name)
		}
	}
	return names
}

// recorded is how the history calls each field of a form.
var recorded = map[string]string{
	"text": "claim", "short_form": "short form", "kind": "kind of claim", "lang": "language", "claimant": "claimant", "unattributed": "claimant",
	"said_at": "said", "due_at": "can be checked from", "chosen": "why it was chosen", "topics": "topics",
	"rating": "rating", "summary": "summary", "rationale": "rationale", "one_source": "reason for a single source",
	"none_found": "other side looked for", "no_conflict": "no conflict of interest",
	"url": "evidence", "archive_url": "evidence", "title": "evidence", "publisher": "evidence", "quote": "evidence", "stance": "evidence", "note": "evidence",
	"accessed_at": "evidence", "origin": "evidence", "behind": "evidence", "interest": "evidence", "no_copy": "evidence",
}

// changedMeanwhile reports whether the others changed a field since the person
// saw it.
func (b *pageBuilder) changedMeanwhile(name string) bool {
	var conflict *review.Conflict
	if !errors.As(b.t.err, &conflict) || b.t.action == review.AddEvidence {
		return false
	}
	return slices.ContainsFunc(conflict.Events, func(e review.Event) bool {
		return slices.ContainsFunc(e.Changes, func(ch review.Change) bool { return ch.Field == recorded[name] })
	})
}

// inWords is what is stored in a field as a person reads it.
func (b *pageBuilder) inWords(name, value string) string {
	switch name {
	case "rating":
		if r, ok := b.d.Scale.Rating(value); ok {
			return r.Label
		}
	case "kind":
		return kinds[claims.Kind(value)]
	case "stance":
		return stances[review.Stance(value)].Word
	case "retraction":
		return review.RetractionLabel(review.RetractionCode(value))
	case "hold":
		return review.HoldLabel(review.HoldReason(value))
	case "unattributed", "none_found", "no_conflict":
		if value == "" {
			return "no"
		}
	}
	if value == "" {
		return "(empty)"
	}
	return value
}

// sentencesIn are the sentences of what is missing, but for the guards that
// the page shows elsewhere.
func sentencesIn(missing []review.Missing, elsewhere []string) []string {
	var out []string
	for _, m := range missing {
		if !slices.Contains(elsewhere, m.Guard) {
			out = append(out, m.Sentence)
		}
	}
	return out
}

// notice is what to say about the form that failed.
func (b *pageBuilder) notice() *notice {
	if b.t.err == nil {
		return nil
	}
	st := statuses[errs.KindOf(b.t.err)]
	n := &notice{Title: st.title, Sentences: sentencesOf(b.t.err, st.text), Where: b.where}
	var conflict *review.Conflict
	if errors.As(b.t.err, &conflict) {
		events := conflict.Events[max(0, len(conflict.Events)-maxMeanwhile):]
		if b.blind {
			events = b.d.BlindEvents(events)
		}
		n.Events = b.events(events)
	}
	if b.where == "" {
		for _, f := range typedFields(b.t.form) {
			if f.Label != "" {
				if !f.Long {
					f.Value = b.inWords(f.Name, f.Value)
				}
				n.Typed = append(n.Typed, f)
			}
		}
	}
	return n
}

// maxMeanwhile is how many events a conflict lists: the newest.
const maxMeanwhile = 10

func (b *pageBuilder) events(events []review.Event) []eventView {
	var out []eventView
	for _, e := range events {
		who := b.d.Name(e.ActorID)
		switch {
		case e.Action == review.AnswerReply:
			who = "The desk"
		case e.ActorID == 0:
			who = "The program"
		case e.ActorID == b.me.ID:
			who = "You"
		}
		v := eventView{Who: who, Done: e.Done(), Note: e.Note, At: b.s.moment(e.At)}
		for _, ch := range e.Changes {
			if ch.Field != "published" { // a hash, for factcheck verify
				ch.From, ch.To = b.named(ch.From), b.named(ch.To)
				v.Changes = append(v.Changes, changeOf(ch))
			}
		}
		out = append(out, v)
	}
	return out
}

// named is a value of the record with the name of the person whose number it is.
func (b *pageBuilder) named(value string) string {
	if id := review.PersonIn(value); id != 0 {
		return b.d.Name(id)
	}
	return value
}

// changeOf is a change in words: long texts word by word, short ones before
// and after.
func changeOf(ch review.Change) changeView {
	v := changeView{Field: ch.Field, From: told(ch.Field, ch.From), To: told(ch.Field, ch.To)}
	if len(ch.From)+len(ch.To) > 30 || strings.ContainsRune(ch.From+ch.To, '\n') {
		v.Words = wordDiff(ch.From, ch.To)
	}
	return v
}
