package web

import (
	"github.com/gin-gonic/gin"

	"factcheck/internal/export"
	"factcheck/internal/review"
)

// checkList is the data of pages/public_index.html.
type checkList struct {
	Checks []checkRow
	Later  bool   // not the first page
	Next   string // cursor of the page after; empty if this is the last
}

// checkRow is one line of the list of checks.
type checkRow struct {
	Path      string
	Claim     string
	Lang, Dir string // of the claim
	Claimant  string // empty: nobody in particular
	Rating    export.Step
	Published *export.Date
	Changed   string // "Corrected", for a later edition; empty for a first

	Retracted, Unreviewed bool
}

// changed is how a list marks an edition that replaced another.
var changed = map[review.CorrectionKind]string{
	review.Fix: "Corrected", review.Clarification: "Clarified", review.Update: "Updated", review.VerdictChange: "Verdict changed",
	review.Withdrawal: "Retracted",
}

// listChecks handles GET /: what is published, newest first.
func (s *Server) listChecks(c *gin.Context) error {
	from, err := before(c)
	if err != nil {
		return err
	}
	all, err := s.Store.Published(c.Request.Context(), from, readerRows+1)
	if err != nil {
		return err
	}
	page := checkList{Later: !from.IsZero()}
	all, page.Next = pageOf(all, func(l review.Listed) review.Cursor {
		return review.Cursor{Key: l.Publication.PublishedAt.UnixMicro(), ID: l.Publication.ReviewID}
	})
	for _, l := range all {
		page.Checks = append(page.Checks, rowOf(l))
	}
	return s.reader(c, "public_index", "list", page)
}

func rowOf(l review.Listed) checkRow {
	r := l.Publication.Report
	row := checkRow{
		Path: export.CheckPath(r.Slug), Claim: export.Headline(r), Rating: export.RatingStep(r), Published: export.Day(r.PublishedAt),
		Retracted: r.Retracted != nil, Unreviewed: r.Unreviewed != nil && r.Retracted == nil,
	}
	row.Lang, row.Dir = export.LangDir(r.Claim.Lang)
	if r.Claimant != nil {
		row.Claimant = r.Claimant.Name
	}
	if r.Correction != nil && !row.Retracted { // that stands where the rating was
		row.Changed = changed[r.Correction.Kind]
	}
	return row
}

// correctionList is the data of pages/public_corrections.html.
type correctionList struct {
	Corrections []correctionRow
	Later       bool
	Next        string
}

// correctionRow is one line of the public log of corrections.
type correctionRow struct {
	Path, Claim string // of the check
	Lang, Dir   string // of the claim
	export.Correction
}

// listCorrections handles GET /corrections: every edition that replaced
// another, newest first.
func (s *Server) listCorrections(c *gin.Context) error {
	from, err := before(c)
	if err != nil {
		return err
	}
	all, err := s.Store.Corrections(c.Request.Context(), from, readerRows+1)
	if err != nil {
		return err
	}
	page := correctionList{Later: !from.IsZero()}
	all, page.Next = pageOf(all, func(l review.Listed) review.Cursor {
		return review.Cursor{Key: l.Correction.CreatedAt.UnixMicro(), ID: l.Publication.ID}
	})
	for _, l := range all {
		if one, ok := export.CorrectionOf(l.Publication); ok {
			one.Complained = l.Correction.Complained
			r := l.Publication.Report
			row := correctionRow{Path: export.CheckPath(r.Slug), Claim: export.Headline(r), Correction: one}
			row.Lang, row.Dir = export.LangDir(r.Claim.Lang)
			page.Corrections = append(page.Corrections, row)
		}
	}
	return s.reader(c, "public_corrections", "list", page)
}
