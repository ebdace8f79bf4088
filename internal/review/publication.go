package review

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"factcheck/internal/claims"
)

// Publication is what readers see: an immutable snapshot of an approved
// revision. A correction adds the next edition and leaves this one as it is.
type Publication struct {
	ID          int64
	ReviewID    int64
	Edition     int
	Slug        string // the same for every edition: /checks/{slug}
	VerdictID   int64
	ContentHash string // what the editors approved
	Hash        string // SHA-256 of Snapshot, hex
	Snapshot    []byte // Report as JSON, to the byte as it was published
	Report      Report // Snapshot, decoded
	PublishedAt time.Time
	PublishedBy int64
}

// Correction is the public note on why an edition replaced the one before.
type Correction struct {
	ID            int64
	PublicationID int64 // of the new edition
	ReviewID      int64
	Kind          CorrectionKind
	Note          string
	AuthorID      int64 // who opened it
	CreatedAt     time.Time
	Complained    bool // a reader had complained, and the complaint was upheld, if only in part; when read
}

// ReportFormat names the shape of Report. Fields are added, never renamed.
const ReportFormat = "factcheck report 1"

// Report is a published verdict in full. Every export is a pure function of
// it. Offsets are code points of the article's text, end exclusive.
type Report struct {
	Format         string         `json:"format"`
	Slug           string         `json:"slug"`
	Edition        int            `json:"edition"`
	Claim          ReportClaim    `json:"claim"`
	Claimant       *ReportSpeaker `json:"claimant,omitempty"` // absent: nobody in particular says it
	Chosen         string         `json:"why_chosen"`
	Appearances    []ReportPlace  `json:"appearances"`
	Rating         Rating         `json:"rating"`
	Scale          RatingScale    `json:"scale"`
	Summary        string         `json:"summary"`
	Rationale      string         `json:"rationale"` // Markdown
	OneSource      string         `json:"single_source_reason,omitempty"`
	NoneFound      bool           `json:"other_side_looked_for"`
	Evidence       []ReportSource `json:"evidence"`
	Replies        []ReportReply  `json:"right_of_reply,omitempty"`
	WrittenBy      string         `json:"written_by"`
	ApprovedBy     []ReportSigner `json:"approved_by"`
	PublishedBy    string         `json:"published_by"`
	FirstPublished time.Time      `json:"first_published"`
	PublishedAt    time.Time      `json:"published"`
	Correction     *ReportChange  `json:"correction,omitempty"` // from the second edition on
	Unreviewed     *ReportReason  `json:"published_without_second_review,omitempty"`
	Retracted      *ReportReason  `json:"retracted,omitempty"` // the edition withdraws the check
	ContentHash    string         `json:"content_hash"`
}

// ReportClaim is the claim as readers see it.
type ReportClaim struct {
	Text      string      `json:"text"`
	ShortForm string      `json:"short_form,omitempty"`
	Kind      claims.Kind `json:"kind"`
	Lang      string      `json:"lang"`
	SaidAt    *time.Time  `json:"said_at,omitempty"`
	Topics    []string    `json:"topics,omitempty"`
}

// ReportSpeaker is the claimant as readers see it.
type ReportSpeaker struct {
	Name string              `json:"name"`
	Kind claims.ClaimantKind `json:"kind"`
}

// ReportPlace is where the claim was made.
type ReportPlace struct {
	Title       string     `json:"title"`
	Publisher   string     `json:"publisher,omitempty"`
	URL         string     `json:"url,omitempty"`
	PublishedAt *time.Time `json:"published,omitempty"`
	SHA256      string     `json:"sha256"`
	Start       int        `json:"start"`
	End         int        `json:"end"`
	Quote       string     `json:"quote"`
	Prefix      string     `json:"prefix,omitempty"`
	Suffix      string     `json:"suffix,omitempty"`
}

// ReportSource is a piece of evidence as readers see it.
type ReportSource struct {
	Number     int        `json:"number"`
	URL        string     `json:"url,omitempty"`
	ArchiveURL string     `json:"archive_url,omitempty"`
	Title      string     `json:"title,omitempty"`
	Publisher  string     `json:"publisher,omitempty"`
	Quote      string     `json:"quote,omitempty"`
	Stance     Stance     `json:"stance"`
	Note       string     `json:"note,omitempty"`
	AccessedAt *time.Time `json:"accessed,omitempty"`

	Origin   Origin      `json:"origin,omitempty"`
	Behind   string      `json:"behind_it,omitempty"`
	Interest string      `json:"interests,omitempty"`
	Copy     *ReportCopy `json:"copy,omitempty"`
	NoCopy   string      `json:"no_copy_because,omitempty"`
}

// ReportCopy is what the desk keeps of a source, so that it can be shown to be
// what it was.
type ReportCopy struct {
	SHA256 string    `json:"sha256"` // of the bytes that the address answered, or of the file
	At     time.Time `json:"captured"`
	File   string    `json:"file,omitempty"` // its name, if somebody handed it in
}

// ReportSigner is an editor who approved.
type ReportSigner struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// ReportChange says what an edition changed, and why.
type ReportChange struct {
	Kind    CorrectionKind `json:"kind"`
	Note    string         `json:"note"`
	At      time.Time      `json:"at"`
	Changes []Change       `json:"changes"` // against the edition before
}

// ReportReason is a public statement of an exception: who made it, and why.
type ReportReason struct {
	Code string    `json:"code,omitempty"`
	Note string    `json:"note"`
	By   []string  `json:"by"`
	At   time.Time `json:"at"`
}

// publication builds the next edition from what was approved.
func (d *Dossier) publication(by Person, now time.Time) (Publication, error) {
	return d.snapshot(d.report(by, now), by, now)
}

// snapshot is a report as it is published.
func (d *Dossier) snapshot(r Report, by Person, now time.Time) (Publication, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return Publication{}, fmt.Errorf("encode report: %w", err)
	}
	return Publication{
		ReviewID: d.Review.ID, Edition: r.Edition, Slug: r.Slug, VerdictID: d.Verdict.ID,
		ContentHash: r.ContentHash, Hash: HashSnapshot(data), Snapshot: data, Report: r,
		PublishedAt: now, PublishedBy: by.ID,
	}, nil
}

func (d *Dossier) report(by Person, now time.Time) Report {
	rating, _ := d.Scale.Rating(d.Verdict.Rating) // guarded by ratingInForce
	r := Report{
		Format: ReportFormat, Edition: d.Review.Edition, Chosen: d.Review.Chosen,
		Claim:  ReportClaim{d.Claim.Text, d.Claim.ShortForm, d.Claim.Kind, d.Claim.Lang, timeOrNil(d.Claim.SaidAt), d.Topics},
		Rating: rating, Scale: d.Scale,
		Summary: d.Verdict.Summary, Rationale: d.Verdict.Rationale, OneSource: d.Verdict.OneSource, NoneFound: d.Verdict.NoneFound,
		WrittenBy: d.Name(d.Verdict.AuthorID), PublishedBy: by.Name,
		FirstPublished: now, PublishedAt: now, ContentHash: d.ContentHash(),
		Appearances: d.reportPlaces(), Evidence: d.reportSources(), Replies: d.told(), ApprovedBy: []ReportSigner{},
	}
	if d.Claimant.Name != "" {
		r.Claimant = &ReportSpeaker{d.Claimant.Name, d.Claimant.Kind}
	}
	for _, a := range d.standing() {
		r.ApprovedBy = append(r.ApprovedBy, ReportSigner{d.Name(a.EditorID), a.CreatedAt})
	}
	if d.Live == nil {
		r.Slug = Slug(firstNonEmpty(d.Claim.ShortForm, d.Claim.Text), d.Review.ID)
		return r
	}
	r.Slug, r.FirstPublished = d.Live.Slug, d.Live.Report.FirstPublished
	r.Correction = &ReportChange{d.Review.CorrectionKind, d.Review.CorrectionNote, now, ReportDiff(d.Live.Report, r)}
	return r
}

func (d *Dossier) reportPlaces() []ReportPlace {
	out := []ReportPlace{}
	for _, p := range d.reported() {
		out = append(out, ReportPlace{p.Article.Title, p.Article.Publisher, p.Article.URL, timeOrNil(p.Article.PublishedAt),
			p.Article.SHA256, p.From, p.To, p.Span.Quote, p.Span.Prefix, p.Span.Suffix})
	}
	return out
}

func (d *Dossier) reportSources() []ReportSource {
	out := []ReportSource{}
	for _, e := range d.Evidence {
		s := ReportSource{Number: e.Number, URL: e.URL, ArchiveURL: e.ArchiveURL, Title: e.Title, Publisher: e.Publisher, Quote: e.Quote, Stance: e.Stance,
			Note: e.Note, AccessedAt: timeOrNil(e.AccessedAt), Origin: e.Origin, Behind: e.Behind, Interest: e.Interest, NoCopy: e.NoCopy}
		if c, ok := d.copyOf(e); ok {
			s.Copy = &ReportCopy{SHA256: c.SHA256, At: c.At.UTC()}
			if c.Upload {
				s.Copy.File = c.Title
			}
		}
		out = append(out, s)
	}
	return out
}

// ReportDiff is what a reader of old should know changed in new, in the order
// of the report.
func ReportDiff(old, new Report) []Change {
	speaker := func(r Report) string {
		if r.Claimant == nil {
			return ""
		}
		return r.Claimant.Name
	}
	fields := []Change{
		{"rating", old.Rating.Label, new.Rating.Label},
		{"claim", old.Claim.Text, new.Claim.Text},
		{"short form", old.Claim.ShortForm, new.Claim.ShortForm},
		{"kind of claim", string(old.Claim.Kind), string(new.Claim.Kind)},
		{"language", old.Claim.Lang, new.Claim.Lang},
		{"claimant", speaker(old), speaker(new)},
		{"said", day(zeroIfNil(old.Claim.SaidAt)), day(zeroIfNil(new.Claim.SaidAt))},
		{"topics", TopicsText(old.Claim.Topics), TopicsText(new.Claim.Topics)},
		{"summary", old.Summary, new.Summary},
		{"rationale", old.Rationale, new.Rationale},
		{"reason for a single source", old.OneSource, new.OneSource},
		{"other side looked for", yes(old.NoneFound), yes(new.NoneFound)},
		{"why it was chosen", old.Chosen, new.Chosen},
		{"retracted", yes(old.Retracted != nil), yes(new.Retracted != nil)},
	}
	changed := []Change{}
	for _, c := range fields {
		if c.From != c.To {
			changed = append(changed, c)
		}
	}
	changed = append(changed, replyDiff(old.Replies, new.Replies)...)
	return append(append(changed, sourceDiff(old.Evidence, new.Evidence)...), placeDiff(old.Appearances, new.Appearances)...)
}

// sourceDiff tells evidence that was added, changed under its number, or
// removed.
func sourceDiff(old, new []ReportSource) []Change {
	was := map[int]ReportSource{}
	for _, e := range old {
		was[e.Number] = e
	}
	var changed []Change
	for _, e := range new {
		before, known := was[e.Number]
		delete(was, e.Number)
		switch {
		case !known:
			changed = append(changed, Change{Field: "evidence", To: e.line()})
		case before.line() != e.line():
			changed = append(changed, Change{Field: "evidence", From: before.line(), To: e.line()})
		}
	}
	for _, e := range old {
		if _, gone := was[e.Number]; gone {
			changed = append(changed, Change{Field: "evidence", From: e.line()})
		}
	}
	return changed
}

func placeDiff(old, new []ReportPlace) []Change {
	type key struct {
		sha        string
		start, end int
	}
	was := map[key]bool{}
	for _, p := range old {
		was[key{p.SHA256, p.Start, p.End}] = true
	}
	var changed []Change
	for _, p := range new {
		if !was[key{p.SHA256, p.Start, p.End}] {
			changed = append(changed, Change{Field: "appearance", To: firstNonEmpty(p.Title, p.URL, p.Quote)})
		}
	}
	return changed
}

// line is all of a source that a reader is told, in one line.
func (e ReportSource) line() string {
	parts := []string{fmt.Sprintf("[%d] %s (%s)", e.Number, firstNonEmpty(e.Title, e.URL), e.Stance)}
	if e.Quote != "" {
		parts = append(parts, "“"+e.Quote+"”")
	}
	for _, s := range []string{e.Note, e.Publisher, e.URL, e.ArchiveURL} {
		if s != "" && s != e.Title {
			parts = append(parts, s)
		}
	}
	if e.AccessedAt != nil {
		parts = append(parts, "read "+day(*e.AccessedAt))
	}
	for _, more := range [...]struct{ name, is string }{
		{"", string(e.Origin)}, {"behind it: ", e.Behind}, {"interests: ", e.Interest}, {"no copy, because: ", e.NoCopy},
	} {
		if more.is != "" {
			parts = append(parts, more.name+more.is)
		}
	}
	return strings.Join(parts, " · ")
}

// HashSnapshot is the SHA-256 of a snapshot in lower-case hex.
func HashSnapshot(data []byte) string { return hexSum(data) }

// Slug is the address of a check: up to eight plain words of text and the
// review's number, which makes it unique.
func Slug(text string, id int64) string {
	var words []string
	for _, w := range strings.FieldsFunc(asciiFold(text), func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') }) {
		if len(words) == 8 || len(strings.Join(words, "-"))+len(w) > 60 {
			break
		}
		words = append(words, w)
	}
	return strings.Join(append(words, fmt.Sprint(id)), "-")
}

// asciiFold lowers text and drops accents and apostrophes.
func asciiFold(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func firstNonEmpty(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}
