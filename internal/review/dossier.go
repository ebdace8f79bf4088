package review

import (
	"slices"
	"strings"
	"time"

	"factcheck/internal/claims"
)

// Dossier is everything that decides about a review, as loaded in one
// transaction.
type Dossier struct {
	Review       Review
	Claim        claims.Claim
	Claimant     claims.Claimant // zero if the claim has none
	Side         string          // on which side the claimant stands, as the desk says; empty: it says nothing
	Topics       []string        // what the claim is about, in the order of their keys
	Interests    []Interest      // that somebody has declared in one of the three, and not ended
	Places       []Place         // where the claim was made, first found first
	Evidence     []Evidence      // what stands, by number
	LastEvidence int             // highest number ever given, removed ones included
	Copies       map[int64]Copy  // what is kept of the evidence that stands, by its id
	Verdict      Verdict         // the current revision; zero before the first
	Scale        RatingScale     // of Verdict, or the one in force if there is none
	InForce      RatingScale     // newest version of the policy's scale
	Approvals    []Approval      // of this round
	Contributors []Contribution  // of this edition
	Readings     []SecondReading // of this round
	Guests       []GuestReader   // outside readers of every round, first asked first
	Requests     []ReplyRequest  // for a reply, of every edition, first asked first
	Ticks        []Tick          // of the checklist, of this edition, first first
	Complaints   int             // by readers, that nobody has decided about
	Blocking     int             // comments that block publication and that nobody has resolved
	Alone        bool            // nobody but one person is an active fact-checker or editor
	Live         *Publication    // what readers see now; nil before the first
	Policy       Policy
	People       map[int64]Person // everybody named above, by id
	AsOf         time.Time        // when it was loaded
}

// Place is an appearance with what a reader needs to find it.
type Place struct {
	claims.Appearance
	Article  claims.Article // without its Text
	Context  claims.Span    // the paragraph around the span; Start and End in the article
	From, To int            // of the span in code points
	Verified bool           // the span holds on the stored text
}

// Purpose is what an approval is for.
type Purpose string

// The purposes.
const (
	ForPublication Purpose = "publication"
	ForRetraction  Purpose = "retraction"
)

// Approval is an editor's yes to one content in one round.
type Approval struct {
	ID          int64
	ReviewID    int64
	Edition     int
	Round       int
	Purpose     Purpose
	VerdictID   int64
	ContentHash string
	EditorID    int64
	CreatedAt   time.Time
}

// SecondReading is what somebody who had no part in an edition would rate it,
// given before the author's rating was shown.
type SecondReading struct {
	ID         int64
	ReviewID   int64
	Round      int
	VerdictID  int64
	ReaderID   int64
	Rating     string // a code of the scale
	Note       string
	Agrees     bool // with the author
	CreatedAt  time.Time
	Resolution *Resolution // of a disagreement; nil while it is open
}

// Resolution is an editor's written answer to a disagreement.
type Resolution struct {
	ID        int64
	ReadingID int64
	EditorID  int64
	Note      string
	CreatedAt time.Time
}

// Contribution is one reason why a person may not approve an edition.
type Contribution struct {
	ID       int64
	ReviewID int64
	Edition  int
	PersonID int64
	How      How
	At       time.Time
}

// How somebody contributed.
type How string

// The ways to contribute.
const (
	WroteVerdict   How = "verdict"
	ChangedClaim   How = "claim"
	ChangedSources How = "evidence"
	SentIt         How = "submitted"
	WorkedOnIt     How = "assigned"
)

// hows says each way in the words of the refusal.
var hows = map[How]string{
	WroteVerdict:   "You wrote this verdict",
	ChangedClaim:   "You changed the words of this claim",
	ChangedSources: "You changed its evidence",
	SentIt:         "You sent this to the editors",
	WorkedOnIt:     "You worked on this",
}

// reported are the places that the edition in preparation tells readers of:
// once it was sent to an editor, what is found later waits for the next one.
func (d *Dossier) reported() []Place {
	if d.Review.SubmittedAt.IsZero() {
		return d.Places
	}
	return slices.DeleteFunc(slices.Clone(d.Places), func(p Place) bool { return p.AddedAt.After(d.Review.SubmittedAt) })
}

// ContentHash is the SHA-256, in hex, of all that a reader will be told and an
// editor approves: claim, claimant, places, verdict and evidence.
func (d *Dossier) ContentHash() string {
	type place struct {
		Article    string
		Start, End int
		Quote      string
	}
	type source struct {
		Number                                        int
		URL, Archive, Title, Publisher, Quote, Stance string
		Note                                          string
		Accessed                                      int64
		// What came later is left out where it is empty, so that hashes from before it stay what they were.
		Origin   Origin `json:",omitempty"`
		Behind   string `json:",omitempty"`
		Interest string `json:",omitempty"`
		NoCopy   string `json:",omitempty"`
		Copy     string `json:",omitempty"`
	}
	places := []place{}
	for _, p := range d.reported() {
		places = append(places, place{p.Article.SHA256, p.Span.Start, p.Span.End, p.Span.Quote})
	}
	sources := []source{}
	for _, e := range d.Evidence {
		s := source{e.Number, e.URL, e.ArchiveURL, e.Title, e.Publisher, e.Quote, string(e.Stance), e.Note, micro(e.AccessedAt), e.Origin, e.Behind, e.Interest, e.NoCopy, ""}
		if c, ok := d.copyOf(e); ok {
			s.Copy = c.SHA256
		}
		sources = append(sources, s)
	}
	c, v := d.Claim, d.Verdict
	all := []any{"factcheck content 1",
		c.Text, c.ShortForm, c.Kind, c.Lang, c.Unattributed, micro(c.SaidAt), d.Claimant.Name, d.Claimant.Kind, d.Review.Chosen, places,
		v.Number, d.Scale.Key, d.Scale.Version, v.Rating, v.Summary, v.Rationale, v.OneSource, v.NoneFound, v.NoConflict, sources}
	if len(d.Topics) > 0 {
		all = append(all, "topics", d.Topics)
	}
	if told := d.told(); len(told) > 0 { // a report without any hashes as it did before there were any
		all = append(all, told)
	}
	return sum(all)
}

// micro is t in microseconds since 1970, 0 for the zero time.
func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// contributions are the ways in which that person contributed to the edition.
// The author of the current revision counts even if an earlier edition began it.
func (d *Dossier) contributions(person int64) []How {
	var hs []How
	if d.Verdict.ID != 0 && d.Verdict.AuthorID == person {
		hs = append(hs, WroteVerdict)
	}
	for _, c := range d.Contributors {
		if c.PersonID == person && !slices.Contains(hs, c.How) {
			hs = append(hs, c.How)
		}
	}
	return hs
}

// standing are the approvals that count: of this round, and of the content as
// it is now.
func (d *Dossier) standing() []Approval {
	hash := d.ContentHash()
	return slices.DeleteFunc(slices.Clone(d.Approvals), func(a Approval) bool {
		return a.Purpose != ForPublication || a.Round != d.Review.Round || a.Edition != d.Review.Edition || a.VerdictID != d.Verdict.ID || a.ContentHash != hash
	})
}

// Standing is how many approvals count now, and Quorum how many are needed.
func (d *Dossier) Standing() int { return len(d.standing()) }

// Quorum is how many approvals the edition needs: more if it changes a rating
// that readers have seen.
func (d *Dossier) Quorum() int {
	need := max(d.Policy.Quorum, 1)
	if d.ratingChanged() {
		need = max(need, d.Policy.VerdictQuorum)
	}
	if d.Review.Risk == HighRisk {
		need = max(need, d.Policy.HighRiskQuorum)
	}
	return need
}

// signatures are those under the retraction that is being signed.
func (d *Dossier) signatures() []Approval {
	return slices.DeleteFunc(slices.Clone(d.Approvals), func(a Approval) bool { return a.Purpose != ForRetraction || a.Round != d.Review.Round })
}

// Signatures is how many of the two signatures a retraction has.
func (d *Dossier) Signatures() int { return len(d.signatures()) }

// reads are the second readings of this round.
func (d *Dossier) reads() []SecondReading {
	return slices.DeleteFunc(slices.Clone(d.Readings), func(r SecondReading) bool { return r.Round != d.Review.Round })
}

// Disagreed reports whether a second reader disagrees and nobody has resolved
// it.
func (d *Dossier) Disagreed() bool {
	return slices.ContainsFunc(d.reads(), func(r SecondReading) bool { return !r.Agrees && r.Resolution == nil })
}

// OnHold reports whether a hold is in force.
func (d *Dossier) OnHold() bool {
	return d.Review.Hold != "" && (d.Review.HoldUntil.IsZero() || d.AsOf.Before(d.Review.HoldUntil))
}

// holdSentence says why it is on hold, and until when.
func (d *Dossier) holdSentence() string {
	s := strings.ToLower(labelOf(HoldReasons, d.Review.Hold))
	if d.Review.HoldNote != "" {
		s += " (" + strings.TrimSuffix(d.Review.HoldNote, ".") + ")"
	}
	if !d.Review.HoldUntil.IsZero() {
		s += ", until " + moment(d.Review.HoldUntil)
	}
	return s
}

// BlindTo reports whether the author's rating must not be shown to that person
// yet: the policy asks for a second reading, nobody has given one, and this
// person could.
func (d *Dossier) BlindTo(p Person) bool {
	return d.Policy.SecondRead && len(d.reads()) == 0 && d.MayRead(p)
}

// MayRead reports whether that person can give a second reading now.
func (d *Dossier) MayRead(p Person) bool {
	return slices.ContainsFunc(d.Available(p), func(o Offer) bool { return o.Action == SecondRead && len(o.Missing) == 0 })
}

// moment is a time in words, UTC.
func moment(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

func (d *Dossier) ratingChanged() bool {
	return d.Live != nil && (d.Live.Report.Rating.Code != d.Verdict.Rating || d.Live.Report.Scale.Key != d.Scale.Key)
}

// Name is the name of a person of the dossier.
func (d *Dossier) Name(id int64) string {
	if p, ok := d.People[id]; ok {
		return p.Name
	}
	if id == 0 {
		return "nobody"
	}
	return "a former colleague"
}
