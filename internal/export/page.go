package export

import (
	"html/template"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// Page is a report as people read it: the data of ui/templates/parts/report.html,
// which draws the public page and the exported file.
type Page struct {
	Site    Site
	URL     string // absolute address of the live edition
	Live    string // the same for a link: a path on the site, absolute in a file
	Prefix  string // before every id, so that several reports can stand in one file
	Lang    string // BCP 47, of the claim and the report; "en" if unknown
	Dir     string // "ltr" or "rtl"
	Foreign bool   // Lang is not the language of the page's own words

	Headline    string // the claim for lists and titles, at most 120 characters
	Description string // the summary for a link preview, at most 200 characters
	Claim       string
	Claimant    string // empty: nobody in particular
	SaidAt      *Date  // nil if unknown
	Place       *Place // where it was said first; nil if nobody knows
	Places      []Place

	Rating  Step
	Ordered []Step // the ratings that have an order, falsest first
	Others  []Step // the others

	Summary   string
	Rationale template.HTML // see rationaleHTML
	Chosen    string
	OneSource string
	NoneFound bool
	Evidence  []Source

	Replies []Reply // what those who were asked said, or that they did not

	WrittenBy      string
	ApprovedBy     []Signer
	PublishedBy    string
	FirstPublished *Date
	Published      *Date
	Edition        int
	Editions       int          // how many readers have seen
	Corrections    []Correction // that led to this edition, newest first
	Replaced       *Correction  // why another edition took the place of this one; nil if it is live
	Retracted      *Exception   // this edition withdraws the check; nil if it does not
	Withdrawn      *Exception   // the live edition does, and this is another one
	Unreviewed     *Exception   // it was published without a second review
	Earlier        []Earlier    // the editions before this one, newest first
	Hash           string       // of the content, hex
	JSONLD         template.JS  // see ClaimReview; empty unless this is the live edition
	ReportTo       *Link        // where readers report errors; nil if nobody said
	Complain       string       // path where readers report a mistake in this edition; empty: there is no form
	Subscribe      string       // path where readers ask to be told of corrections; empty: they cannot
}

// Date is a day as people read it.
type Date struct {
	ISO   string // for machines
	Text  string // "3 May 2026"
	Exact string // with the time of day, where it is known
}

// Step is one rating of the scale.
type Step struct {
	Label, Definition string
	Class             string // "rating-1" (false) to "rating-5" (true), "rating-none"
	Current           bool
}

// Place is where the claim was said.
type Place struct {
	Title, Publisher, URL, Host string
	Published                   *Date
	Before, Quote, After        string // the quotation in its sentence
}

// Source is a piece of evidence.
type Source struct {
	Number             int
	Stance             Stance
	Title              string // or the address, if it has none
	URL, Host, Archive string // empty unless they are web addresses
	Publisher          string
	Quote, Note        string
	Accessed           *Date
	Origin             string // "Primary source"; empty if nobody said
	Behind, Interest   string
	Copy               *Copy  // what the desk keeps of it
	NoCopy             string // why it keeps nothing
}

// Copy is what the desk keeps of a source.
type Copy struct {
	Hash string // SHA-256, hex
	At   *Date
	File string // name of an uploaded file; empty for a capture of the address
}

// Stance is what a piece of evidence does to the claim, with a mark for those
// who do not see the colour.
type Stance struct {
	Mark, Words string // ▲ "Supports the claim"
	Class       string // "stance-supports"
}

// Reply is the right of reply of one person.
type Reply struct {
	Sentence string // "Lena Marsh did not reply by 24 November 2026, 17:00 UTC."
	Quote    string // what they said, word for word; empty: nothing
	At       *Date
}

// Signer is an editor who approved.
type Signer struct {
	Name string
	At   *Date
}

// Correction is why an edition took the place of the one before.
type Correction struct {
	Edition  int    // the new one
	Replaces int    // the one before
	Label    string // "Correction"
	Why      string // "something was wrong"
	Note     string
	At       *Date
	Before   string   // path of the edition that was replaced, to be put behind Page.Root
	Rating   *Change  // the change of the rating, if there was one
	Changes  []Change // the others

	Complained bool // a reader had complained of the edition before
}

// Exception is a public statement of one: why it was made, and by whom.
type Exception struct {
	Reason string // "The verdict was wrong"; empty if there is no menu of reasons
	Note   string
	By     []string
	At     *Date
}

// Earlier is an edition that another one replaced.
type Earlier struct {
	Edition int
	Path    string
}

// Change is one field before and after, by words.
type Change struct {
	Field string // "Summary"
	Words []Words
}

// Link is an address to click, or words alone if Href is empty.
type Link struct{ Href, Text string }

// NewPage is the page of one edition p of the check c, on the site. c may be
// empty where the other editions are not known. Invalid if the site has no
// absolute address.
func NewPage(site Site, c review.Check, p review.Publication) (Page, error) {
	page, err := newPage(site, c, p, "", "")
	if err != nil || page.Replaced != nil || page.Retracted != nil {
		return page, err
	}
	ld, err := ClaimReview(site, p)
	// Safe to stand in a script element: ClaimReview escapes what could end it.
	page.JSONLD = template.JS(ld)
	return page, err
}

func newPage(site Site, c review.Check, p review.Publication, root, prefix string) (Page, error) {
	if err := site.Check(); err != nil {
		return Page{}, err
	}
	r := p.Report
	rationale, err := rationaleHTML(r.Rationale, prefix, numbers(r.Evidence))
	if err != nil {
		return Page{}, err
	}
	lang, dir := LangDir(r.Claim.Lang)
	page := Page{
		Site: site, URL: site.CheckURL(r.Slug), Live: root + CheckPath(r.Slug), Prefix: prefix,
		Lang: lang, Dir: dir, Foreign: !ours(lang),
		Headline: Headline(r), Description: cut(r.Summary, 200),
		Claim: r.Claim.Text, Claimant: speaker(r).Name, SaidAt: day(r.Claim.SaidAt), Places: places(r.Appearances),
		Summary: r.Summary, Rationale: rationale, Chosen: r.Chosen, OneSource: r.OneSource, NoneFound: r.NoneFound, Evidence: sources(r.Evidence),
		WrittenBy: r.WrittenBy, ApprovedBy: signers(r.ApprovedBy), PublishedBy: r.PublishedBy,
		FirstPublished: day(&r.FirstPublished), Published: day(&r.PublishedAt),
		Edition: r.Edition, Editions: max(r.Edition, len(c.Editions)), Hash: r.ContentHash, ReportTo: site.reportTo(r.Slug),
	}
	if len(page.Places) > 0 {
		page.Place = &page.Places[0]
	}
	for _, a := range r.Replies {
		page.Replies = append(page.Replies, Reply{a.Sentence(), a.Reply, day(a.RepliedAt)})
	}
	page.Rating, page.Ordered, page.Others = scale(r)
	page.Corrections, page.Replaced = corrections(c, p, root)
	page.exceptions(c, r, root)
	return page, nil
}

// exceptions tells what is not as it usually is.
func (p *Page) exceptions(c review.Check, r review.Report, root string) {
	p.Retracted, p.Unreviewed = exception(r.Retracted), exception(r.Unreviewed)
	if len(c.Editions) > 0 && p.Retracted == nil {
		p.Withdrawn = exception(c.Editions[0].Report.Retracted)
	}
	for n := r.Edition - 1; n > 0; n-- {
		p.Earlier = append(p.Earlier, Earlier{n, editionPath(root, r.Slug, n)})
	}
	if p.Retracted != nil {
		p.Description = cut("Retracted. "+p.Retracted.Note, 200)
	}
}

func exception(e *review.ReportReason) *Exception {
	if e == nil {
		return nil
	}
	out := &Exception{Note: e.Note, By: e.By, At: day(&e.At)}
	if e.Code != "" {
		out.Reason = review.RetractionLabel(review.RetractionCode(e.Code))
	}
	return out
}

func editionPath(root, slug string, n int) string {
	return root + CheckPath(slug) + "/editions/" + strconv.Itoa(n)
}

// Headline is the claim for lists and titles, at most 120 characters.
func Headline(r review.Report) string { return cut(firstOf(r.Claim.ShortForm, r.Claim.Text), 120) }

// RatingStep is the rating as it is drawn in lists.
func RatingStep(r review.Report) Step { return step(r, r.Rating) }

// corrections are those that led to p, newest first, and the one that replaced
// it, if any.
func corrections(c review.Check, p review.Publication, root string) (led []Correction, replaced *Correction) {
	editions := c.Editions
	if len(editions) == 0 {
		editions = []review.Publication{p}
	}
	for _, e := range slices.Backward(editions) { // oldest first
		one, ok := correctionOf(e, root)
		one.Complained = c.Corrections[e.ID].Complained
		switch {
		case !ok:
		case e.Edition <= p.Edition:
			led = append([]Correction{one}, led...)
		case replaced == nil:
			replaced = &one
		}
	}
	return led, replaced
}

// CorrectionOf is why the publication replaced the edition before; false for
// a first edition.
func CorrectionOf(p review.Publication) (Correction, bool) { return correctionOf(p, "") }

func correctionOf(p review.Publication, root string) (Correction, bool) {
	change := p.Report.Correction
	if change == nil {
		return Correction{}, false
	}
	c := Correction{
		Edition: p.Report.Edition, Replaces: p.Report.Edition - 1, Note: change.Note, At: day(&change.At),
		Before: editionPath(root, p.Report.Slug, p.Report.Edition-1),
	}
	c.Label, c.Why = kindWords(change.Kind)
	for _, ch := range change.Changes {
		shown := Change{capital(ch.Field), wordsOf(ch)}
		if ch.Field == "rating" {
			c.Rating = &shown
		} else {
			c.Changes = append(c.Changes, shown)
		}
	}
	return c, true
}

// kindWords divides "Correction: something was wrong", as the menu of
// corrections has it.
func kindWords(kind review.CorrectionKind) (label, why string) {
	if kind == review.Withdrawal {
		return "Retraction", "this check is withdrawn"
	}
	for _, k := range review.CorrectionKinds {
		if k.Kind == kind {
			label, why, _ = strings.Cut(k.Label, ": ")
			return label, why
		}
	}
	return string(kind), ""
}

// wordsOf compares long texts by words; a rating or a name is replaced whole.
func wordsOf(c review.Change) []Words {
	switch c.Field {
	case "claim", "short form", "summary", "rationale", "reason for a single source", "why it was chosen":
		return WordDiff(c.From, c.To)
	}
	var out []Words
	if c.From != "" {
		out = append(out, Words{Removed, c.From})
	}
	if c.From != "" && c.To != "" {
		out = append(out, Words{Kept, " "})
	}
	if c.To != "" {
		out = append(out, Words{Added, c.To})
	}
	return out
}

// scale is the rating, and the steps that have an order and those that have
// none; retired ones are shown only where they were given.
func scale(r review.Report) (current Step, ordered, others []Step) {
	for _, rating := range r.Scale.Ratings {
		if rating.Retired && rating.Code != r.Rating.Code {
			continue
		}
		if rating.Value == nil {
			others = append(others, step(r, rating))
		} else {
			ordered = append(ordered, step(r, rating))
		}
	}
	slices.Reverse(ordered) // truest first in the scale
	return step(r, r.Rating), ordered, others
}

var ratingClass = regexp.MustCompile(`^rating-(?:[1-5]|none)$`)

func step(r review.Report, rating review.Rating) Step {
	class := rating.Colour
	if !ratingClass.MatchString(class) {
		class = "rating-none"
	}
	return Step{rating.Label, rating.Definition, class, rating.Code == r.Rating.Code}
}

func places(all []review.ReportPlace) []Place {
	var out []Place
	for _, p := range all {
		out = append(out, Place{
			p.Title, p.Publisher, webAddress(p.URL), hostOf(p.URL), day(p.PublishedAt), before(p.Prefix), p.Quote, after(p.Suffix),
		})
	}
	return out
}

// before and after are the context of a quotation in whole words. Context that
// is shorter than it may be ends where the text does.

func before(prefix string) string {
	if len(prefix) <= claims.ContextLen-utf8.UTFMax {
		return prefix
	}
	if i := strings.IndexFunc(prefix, unicode.IsSpace); i >= 0 {
		prefix = prefix[i:]
	}
	return "…" + strings.TrimLeftFunc(prefix, unicode.IsSpace)
}

func after(suffix string) string {
	if len(suffix) <= claims.ContextLen-utf8.UTFMax {
		return suffix
	}
	if i := strings.LastIndexFunc(suffix, unicode.IsSpace); i >= 0 {
		suffix = suffix[:i]
	}
	suffix = strings.TrimRightFunc(suffix, unicode.IsSpace)
	return suffix + ellipsis(suffix)
}

// ellipsis is "…" unless text ends with its sentence.
func ellipsis(text string) string {
	bare := strings.TrimRight(text, " \n\t\"'”’»)")
	if r, _ := utf8.DecodeLastRuneInString(bare); strings.ContainsRune(".!?…。؟", r) {
		return ""
	}
	return "…"
}

// stances is how each stance is shown.
var stances = map[review.Stance]Stance{
	review.Supports: {"▲", "Supports the claim", "stance-supports"},
	review.Refutes:  {"▼", "Refutes the claim", "stance-refutes"},
	review.Context:  {"■", "Gives context", "stance-context"},
}

// origins is what readers are told of where a source stands.
var origins = map[review.Origin]string{review.Primary: "Primary source", review.Secondary: "Secondary source"}

func copyOf(c *review.ReportCopy) *Copy {
	if c == nil {
		return nil
	}
	return &Copy{c.SHA256, day(&c.At), c.File}
}

func sources(all []review.ReportSource) []Source {
	var out []Source
	for _, e := range all {
		out = append(out, Source{
			Number: e.Number, Stance: stances[e.Stance],
			Title: firstOf(e.Title, e.URL), URL: webAddress(e.URL), Host: hostOf(e.URL), Archive: webAddress(e.ArchiveURL),
			Publisher: e.Publisher, Quote: e.Quote, Note: e.Note, Accessed: day(e.AccessedAt),
			Origin: origins[e.Origin], Behind: e.Behind, Interest: e.Interest, Copy: copyOf(e.Copy), NoCopy: e.NoCopy,
		})
	}
	return out
}

func numbers(sources []review.ReportSource) map[int]bool {
	all := map[int]bool{}
	for _, e := range sources {
		all[e.Number] = true
	}
	return all
}

func signers(all []review.ReportSigner) []Signer {
	var out []Signer
	for _, s := range all {
		out = append(out, Signer{s.Name, day(&s.At)})
	}
	return out
}

// reportTo is where readers report errors in a check.
func (s Site) reportTo(slug string) *Link {
	switch {
	case s.Contact == "":
		return nil
	case webAddress(s.Contact) != "":
		return &Link{s.Contact, s.Contact}
	case mailAddress.MatchString(s.Contact):
		subject := url.PathEscape("Error in " + s.CheckURL(slug))
		return &Link{"mailto:" + s.Contact + "?subject=" + subject, s.Contact}
	}
	return &Link{Text: s.Contact}
}

var mailAddress = regexp.MustCompile(`^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$`)

// Day is a moment as people read it; nil for the zero time.
func Day(t time.Time) *Date { return day(&t) }

// day is nil for no time.
func day(t *time.Time) *Date {
	if t == nil || t.IsZero() {
		return nil
	}
	u := t.UTC()
	d := Date{ISO: isoTime(t), Text: u.Format("2 January 2006"), Exact: u.Format("2 January 2006, 15:04 UTC")}
	if len(d.ISO) == len(time.DateOnly) {
		d.Exact = d.Text
	}
	return &d
}

// hostOf is the site of a web address without "www.", empty for anything else.
func hostOf(address string) string {
	u, err := url.Parse(webAddress(address))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

func ours(lang string) bool { return lang == ownLanguage || strings.HasPrefix(lang, ownLanguage+"-") }

// cut is text in one line, at most limit characters long, with … where words
// are missing.
func cut(text string, limit int) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	short := string([]rune(text)[:limit-1])
	if space := strings.LastIndexByte(short, ' '); space > len(short)/2 {
		short = short[:space]
	}
	return strings.TrimRight(short, " ,;:–—-") + "…"
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return strings.ToUpper(string(r)) + s[n:]
}
