package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/ui"
)

// perPage is how many rows a list shows at once.
const perPage = 50

// articlesPage is the data of pages/articles.html.
type articlesPage struct {
	Rows []articleRow
	Adds bool   // whether this person may add one
	More string // address of the next page; empty on the last
	Done string
}

type articleRow struct {
	ID                       int64
	Title, Publisher, Author string
	Lang                     string
	Published, Added         ui.Moment
	Claims, Triage           int
}

// articles handles GET /desk/articles.
func (s *Server) articles(c *gin.Context) error {
	var before int64
	if at := c.Query("before"); at != "" {
		var err error
		if before, err = strconv.ParseInt(at, 10, 64); err != nil || before < 1 {
			return errs.New("web.articles", errs.NotFound, "This list has no such page. Start at its first one.")
		}
	}
	rows, err := s.Store.Articles(c.Request.Context(), before, perPage)
	if err != nil {
		return err
	}
	p := articlesPage{Done: s.flashed(c), Adds: review.MayAdd(s.person(c))}
	for _, r := range rows {
		a := r.Article
		p.Rows = append(p.Rows, articleRow{a.ID, titleOf(a), a.Publisher, a.Author, a.Lang, s.moment(a.PublishedAt), s.moment(a.AddedAt), r.Claims, r.Triage})
	}
	if len(rows) == perPage {
		p.More = fmt.Sprintf("/desk/articles?before=%d", rows[len(rows)-1].Article.ID)
	}
	return s.page(c, http.StatusOK, "articles", p)
}

// titleOf is the title of a, or what stands for it.
func titleOf(a claims.Article) string {
	switch {
	case a.Title != "":
		return a.Title
	case a.URL != "":
		return a.URL
	}
	return fmt.Sprintf("Pasted text %d", a.ID)
}

// draft is an article as its form sends it.
type draft struct {
	URL, Text                     string
	FoundAt, Publisher, Published string // of a text or a file: where, by whom and on which day it was published
	Name                          string // of the file; empty if there is none
	MediaType                     string
	Data                          []byte
}

// draftFields are the fields of the form, in the order in which they are sent:
// the file last, so that what was typed has been read when it is too large.
var draftFields = []string{"url", "text", "found_at", "publisher", "published", "file"}

// readDraft reads the form for an article. What could be read is returned with
// the error.
func readDraft(c *gin.Context) (draft, error) {
	const op = "web.readDraft"
	var d draft
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return d, formError(op, err)
	}
	seen := map[string]bool{}
	for range draftFields {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return d, d.check(op)
		case err != nil:
			return d, formError(op, err)
		case seen[part.FormName()]:
			return d, formError(op, errors.New("a field comes twice"))
		}
		seen[part.FormName()] = true
		if err := d.read(part); err != nil {
			return d, err
		}
	}
	if _, err := parts.NextPart(); !errors.Is(err, io.EOF) {
		return d, formError(op, errors.Join(err, errors.New("too many fields")))
	}
	return d, d.check(op)
}

// read reads one field.
func (d *draft) read(part *multipart.Part) error {
	const op = "web.readDraft"
	data, err := io.ReadAll(part) // bounded by the limit of the request
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	switch part.FormName() {
	case "url":
		d.URL = strings.TrimSpace(text)
	case "text":
		d.Text = text
	case "found_at":
		d.FoundAt = strings.TrimSpace(text)
	case "publisher":
		d.Publisher = strings.TrimSpace(text)
	case "published":
		d.Published = strings.TrimSpace(text)
	case "file":
		d.Name, d.MediaType, d.Data = part.FileName(), part.Header.Get("Content-Type"), data
	default:
		return errs.New(op, errs.Invalid, "This form has a field that does not belong to it. Reload the page and send it again.")
	}
	if err != nil {
		return formError(op, err)
	}
	return nil
}

// check is Invalid unless exactly one of the three ways was used, and TooLarge
// if it holds too much.
func (d draft) check(op string) error {
	used := 0
	for _, there := range []bool{d.URL != "", strings.TrimSpace(d.Text) != "", d.Name != ""} {
		if there {
			used++
		}
	}
	switch {
	case used == 0:
		return errs.New(op, errs.Invalid, "Give the address of an article, paste its text or choose a file.")
	case used > 1:
		return errs.New(op, errs.Invalid, "Give either an address, a text or a file: one article at a time.")
	case len(d.Text) > claims.MaxArticleBytes || len(d.Data) > claims.MaxArticleBytes:
		return errs.Newf(op, errs.TooLarge, "An article may have at most %s. Paste only the part with the claims.", size(claims.MaxArticleBytes))
	}
	_, err := d.published()
	return err
}

// published is the day that was typed; the zero time if none was.
func (d draft) published() (time.Time, error) {
	if d.Published == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, d.Published)
	if err != nil {
		return day, errs.New("web.readDraft", errs.Invalid, "Write the day of publication as year-month-day, such as 2026-03-01.")
	}
	return day, nil
}

// submission is d as ingest takes it.
func (d draft) submission() Submission {
	if d.URL != "" {
		return Submission{URL: d.URL}
	}
	day, _ := d.published() // checked when it was read
	sub := Submission{ContentType: "text/plain; charset=utf-8", Data: []byte(d.Text), FoundAt: d.FoundAt, Publisher: d.Publisher, Published: day}
	if d.Name != "" {
		mediaType := d.MediaType
		if _, _, err := mime.ParseMediaType(mediaType); err != nil {
			mediaType = "" // ingest looks at the content
		}
		sub.Name, sub.ContentType, sub.Data = d.Name, mediaType, d.Data
	}
	return sub
}

// newArticlePage is the data of pages/article_new.html.
type newArticlePage struct {
	URL, Text, File               string
	FoundAt, Publisher, Published string
	Max                           int64
	Errors                        []string
}

// newArticle handles GET /desk/articles/new.
func (s *Server) newArticle(c *gin.Context) error {
	return s.page(c, http.StatusOK, "article_new", newArticlePage{Max: claims.MaxArticleBytes})
}

// addArticle handles POST /desk/articles: an address, a text or a file.
func (s *Server) addArticle(c *gin.Context) error {
	d, err := readDraft(c)
	var id int64
	var found int
	if err == nil {
		id, found, err = s.Ingest(c.Request.Context(), d.submission(), s.person(c))
	}
	if err != nil {
		st := s.note(c, err)
		return s.page(c, st.code, "article_new", newArticlePage{d.URL, d.Text, d.Name, d.FoundAt, d.Publisher, d.Published, claims.MaxArticleBytes, sentencesOf(err, st.text)})
	}
	s.flash(c, foundSentence(found))
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/desk/articles/%d", id))
	return nil
}

func foundSentence(n int) string {
	if n == 0 {
		return "Nothing new was found here: its claims are known, or it makes none that can be checked."
	}
	return "Found " + ui.Plural(n, "new claim", "new claims") + ". Read them in place and decide which are worth checking."
}

// articlePage is the data of pages/article.html.
type articlePage struct {
	ID                 int64
	Title              string
	URL, Publisher, By string
	Lang, SHA256       string
	Published, Added   ui.Moment
	Versions           []version
	Version            int
	Headline           *block // the title where the text begins with it; nil if it does not
	Blocks             []block
	Pick               *pick // the form for the words of a claim; nil: not for this person
	States             []tally
	Claims             int
	Done               string
	Remarks            bool // this person may comment
	Whole              bool // every claim is marked; false if there are more than the page shows
}

// version is a line of the list of versions.
type version struct {
	ID      int64
	Number  int
	Added   ui.Moment
	Current bool
}

// tally counts the claims of an article in one state.
type tally struct {
	State review.State
	Label string
	N     int
}

// maxMarks is how many claims the reader shows, as many as Store.Marks gives.
const maxMarks = 2_000

// article handles GET /desk/articles/:id, the reader.
func (s *Server) article(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	a, marks, all, err := s.reading(c, id)
	if err != nil {
		return err
	}
	p := s.articlePage(a, marks, all, s.person(c))
	if p.Pick, err = pickFor(c.Query("words"), a, marks, s.person(c)); err != nil {
		return err
	}
	p.Done = s.flashed(c)
	return s.page(c, http.StatusOK, "article", p)
}

// reading is an article with its claims and its versions.
func (s *Server) reading(c *gin.Context, id int64) (a claims.Article, marks []review.Mark, all []claims.Article, err error) {
	ctx := c.Request.Context()
	if a, err = s.Store.Article(ctx, id); err != nil {
		return a, nil, nil, err
	}
	if marks, err = s.Store.Marks(ctx, id); err != nil {
		return a, nil, nil, err
	}
	all, err = s.Store.Versions(ctx, a.Source)
	return a, marks, all, err
}

func (s *Server) articlePage(a claims.Article, marks []review.Mark, all []claims.Article, who review.Person) articlePage {
	p := articlePage{
		ID: a.ID, Title: titleOf(a), URL: a.URL, Publisher: a.Publisher, By: a.Author, Lang: a.Lang, SHA256: a.SHA256,
		Published: s.moment(a.PublishedAt), Added: s.moment(a.AddedAt), Version: a.Version,
		Blocks: readerBlocks(a, marks, who), Claims: len(marks), Remarks: review.MayComment(who), Whole: len(marks) < maxMarks,
	}
	if len(p.Blocks) > 0 && strings.TrimSpace(p.Blocks[0].text()) == a.Title {
		p.Headline, p.Blocks = &p.Blocks[0], p.Blocks[1:]
	}
	for _, v := range all {
		p.Versions = append(p.Versions, version{v.ID, v.Version, s.moment(v.AddedAt), v.ID == a.ID})
	}
	counts := map[review.State]int{}
	for _, m := range marks {
		counts[m.State]++
	}
	for _, st := range review.States {
		if counts[st] > 0 {
			p.States = append(p.States, tally{st, review.StateLabel(st), counts[st]})
		}
	}
	return p
}
