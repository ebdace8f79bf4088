package review

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"factcheck/internal/errs"
)

// anchor ties a thread to what it is about. Invalid if that is not there.
func (d *Dossier) anchor(c *Comment, quote string) error {
	const op = "review.Say"
	switch {
	case !slices.ContainsFunc(Anchors, func(m Menu[Anchor]) bool { return m.Code == c.Anchor }):
		return errs.New(op, errs.Invalid, "Choose what this is about.")
	case (c.Anchor == OnEvidence) != (c.Number > 0):
		return errs.New(op, errs.Invalid, "Choose which piece of evidence this is about.")
	case c.Anchor == OnEvidence && !d.stands(c.Number):
		return errs.Newf(op, errs.Invalid, "There is no evidence [%d] any more. Choose what this is about.", c.Number)
	case c.Anchor == OnPlace && quote == "":
		return errs.New(op, errs.Invalid, "Copy the words of the article that this is about.")
	case quote == "":
		return nil
	case c.Anchor == OnPlace:
		return d.placeOf(c, quote)
	}
	is := d.wordsOf(*c)
	i, j := placeIn(is, quote)
	if i < 0 {
		return errs.Newf(op, errs.Invalid, "%s does not hold these words. Copy them from it, or leave them out.", upper(c.About()))
	}
	c.Quote, c.Start, c.End = is[i:j], i, j
	return nil
}

// placeIn is where a quotation stands in a text, in bytes; -1 if it does not. Words
// that were copied from a page have neither the signs of Markdown nor the line ends
// that the text has: where they do not stand there to the letter, both are passed
// over.
func placeIn(text, quote string) (start, end int) {
	if i := strings.Index(text, quote); i >= 0 {
		return i, i + len(quote)
	}
	bare, at := bared(text)
	words, _ := bared(quote)
	i := strings.Index(bare, words)
	if i < 0 || words == "" {
		return -1, -1
	}
	last := at[i+len(words)-1]
	_, size := utf8.DecodeRuneInString(text[last:])
	return at[i], last + size
}

// bared is text without space and the signs of Markdown, with where each of its
// bytes stands in text: all bytes of a character at its first.
func bared(text string) (bare string, at []int) {
	var b strings.Builder
	for i, r := range text {
		if unicode.IsSpace(r) || strings.ContainsRune("*_`#>\\", r) {
			continue
		}
		before := b.Len()
		b.WriteRune(r)
		for range b.Len() - before {
			at = append(at, i)
		}
	}
	return b.String(), at
}

// placeOf finds words in the paragraphs in which the claim was made.
func (d *Dossier) placeOf(c *Comment, quote string) error {
	for _, p := range d.Places {
		if i, j := placeIn(p.Context.Quote, quote); i >= 0 && p.Verified {
			c.ArticleID, c.Quote, c.Start, c.End = p.ArticleID, p.Context.Quote[i:j], p.Context.Start+i, p.Context.Start+j
			return nil
		}
	}
	return errs.New("review.Say", errs.Invalid, "These words do not stand in the paragraph around the claim. Copy them from there.")
}

// wordsOf is the text of what a thread on a field is about, as it is now.
func (d *Dossier) wordsOf(c Comment) string {
	switch c.Anchor {
	case OnClaim:
		return d.Claim.Text
	case OnSummary:
		return d.Verdict.Summary
	case OnRationale:
		return d.Verdict.Rationale
	case OnEvidence:
		for _, e := range d.Evidence {
			if e.Number == c.Number {
				return e.Quote + "\n" + e.Note
			}
		}
	case OnPlace, OnRating: // a place has its own words, a rating has none
	}
	return ""
}

func (d *Dossier) stands(number int) bool {
	return slices.ContainsFunc(d.Evidence, func(e Evidence) bool { return e.Number == number })
}

// About is what a thread is about, in words: "evidence [3]".
func (c Comment) About() string {
	if c.Anchor == OnEvidence {
		return fmt.Sprintf("evidence [%d]", c.Number)
	}
	return lower(labelOf(Anchors, c.Anchor))
}

// hides reports whether a thread must not be shown to p yet: it is about what p
// may still read blind.
func (d *Dossier) hides(thread Comment, p Person) bool {
	return slices.Contains(telltale, thread.Anchor) && d.BlindTo(p)
}

// Threads are the comments on the review as p may see them, oldest first, and
// how many threads are hidden until p has given a rating. all are those of the
// store. The words of what was redacted are not among them.
func (d *Dossier) Threads(all []Comment, p Person) (threads []Thread, hidden int) {
	words, blind := d.ratingWords(), d.BlindTo(p)
	for _, c := range all {
		if c.RedactedBy != 0 {
			c.Text, c.Quote = "", ""
		}
		if blind {
			c.Text, c.Quote = strikeOut(words, c.Text), strikeOut(words, c.Quote)
		}
		switch i := slices.IndexFunc(threads, func(t Thread) bool { return t.ID == c.ThreadID }); {
		case c.ThreadID == 0 && d.hides(c, p):
			hidden++
		case c.ThreadID == 0:
			threads = append(threads, Thread{Comment: c, Gone: d.gone(c)})
		case i >= 0:
			threads[i].Replies = append(threads[i].Replies, c)
		}
	}
	return threads, hidden
}

// gone reports whether what a thread is about is no longer there.
func (d *Dossier) gone(c Comment) bool {
	switch {
	case c.Anchor == OnEvidence && !d.stands(c.Number):
		return true
	case c.Anchor == OnPlace: // an article never changes, but the claim may have moved away
		return !slices.ContainsFunc(d.Places, func(p Place) bool { return p.ArticleID == c.ArticleID })
	}
	return c.Quote != "" && !strings.Contains(d.wordsOf(c), c.Quote)
}

// toldOf are those whom a comment concerns: who watches or works on the review,
// who takes part in the thread, and who is named in it.
func (d *Dossier) toldOf(c Comment, all []Comment, named []int64) Audience {
	a := Audience{Watchers: true, People: append(named, d.Review.AssigneeID, d.Review.SubmitterID)}
	top := head(append(all, c), c).ID
	for _, o := range all {
		if o.ID == top && top != 0 || o.ThreadID == top && top != 0 {
			a.People = append(a.People, o.ByID)
		}
	}
	a.People = slices.DeleteFunc(a.People, func(id int64) bool { return id == 0 })
	return a
}
