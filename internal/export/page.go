package export

import (
	"html/template"
	"net/url"
	"strconv"

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
	Topics      []Link // what it is about; without an address for a topic that has no page

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
	for _, t := range r.Claim.Topics {
		link := Link{Text: t}
		if slug := review.TopicSlug(t); slug != "" {
			link.Href = root + TopicPath(slug)
		}
		page.Topics = append(page.Topics, link)
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

// TopicPath is where readers find what is published about a topic.
func TopicPath(slug string) string { return "/topics/" + url.PathEscape(slug) }

func editionPath(root, slug string, n int) string {
	return root + CheckPath(slug) + "/editions/" + strconv.Itoa(n)
}

// Headline is the claim for lists and titles, at most 120 characters.
func Headline(r review.Report) string { return cut(firstOf(r.Claim.ShortForm, r.Claim.Text), 120) }

// RatingStep is the rating as it is drawn in lists.
func RatingStep(r review.Report) Step { return step(r, r.Rating) }
