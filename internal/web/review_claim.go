package web

import (
	"fmt"
	"math"

	"factcheck/internal/claims"
	"factcheck/internal/export"
	"factcheck/internal/review"
	"factcheck/ui"
)

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

type liveView struct {
	Slug    string
	Edition int
	At      ui.Moment
}

// maxPlaces is how many places a claim page shows in full.
const maxPlaces = 12

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
