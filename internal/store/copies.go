package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"factcheck/internal/evidence"
	"factcheck/internal/jobs"
	"factcheck/internal/review"
)

type citationRow struct {
	VerdictID  int64 `gorm:"primaryKey;autoIncrement:false"`
	EvidenceID int64 `gorm:"primaryKey;autoIncrement:false"`
}

func (citationRow) TableName() string { return "citations" }

// pieceRow is a piece of evidence with what is kept of it.
type pieceRow struct {
	Evidence evidenceRow `gorm:"embedded"`

	FirstID    int64
	FirstKind  evidence.Kind
	FirstTitle string
	FirstHash  string
	FirstAt    int64

	LastID      int64
	LastVerdict string
	LastProblem string
	LastAt      int64

	SeenBy   int64
	SeenAt   int64
	SeenNote string

	JobState jobs.State
	JobError string
	JobAt    int64

	Cited string // numbers of revisions
	Looks int
	Files int
}

// good are the captures that show their source.
const good = "c.verdict IN ('first', 'same', 'changed')"

// itsCaptures are the captures of the piece e, those of pieces that it replaced
// among them.
const itsCaptures = "FROM evidence AS o JOIN captures AS c ON c.evidence_id = o.id " +
	"WHERE o.review_id = e.review_id AND o.number = e.number AND o.url = e.url AND o.id <= e.id"

// likeness is whether two looks, c and another, found the same.
func likeness(other string) string {
	return "(c.verdict = " + other + ".verdict AND (c.verdict IN ('vanished', 'unreachable') OR c.text_sha256 = " + other + ".text_sha256 AND (c.text_sha256 <> '' OR c.body_sha256 = " + other + ".body_sha256)))"
}

// itsSight is the capture in which somebody has seen what the look x at the piece e
// found: that look, or an earlier one since which nothing else was found. A look
// without an answer in between says nothing.
func itsSight(x string) string {
	return "(SELECT MAX(c.id) " + strings.Replace(itsCaptures, "WHERE", "JOIN drift_seen AS s ON s.capture_id = c.id WHERE", 1) + " AND c.id <= " + x + ".id AND " + likeness(x) +
		" AND NOT EXISTS (SELECT 1 FROM evidence AS p JOIN captures AS b ON b.evidence_id = p.id" +
		" WHERE p.review_id = e.review_id AND p.number = e.number AND p.url = e.url AND p.id <= e.id" +
		" AND b.kind = 'web' AND b.id > c.id AND b.id < " + x + ".id AND b.verdict <> 'unreachable' AND NOT " + likeness("b") + "))"
}

// loadEvidence loads what stands, with the first good capture of each piece,
// the last look at its address, the last job that was to look at it and the
// revisions that cite it: one statement, however many pieces there are.
func (s *Store) loadEvidence(ctx context.Context, d *review.Dossier) error {
	var rows []pieceRow
	err := s.read(ctx).Raw(`
		SELECT e.*,
			COALESCE(f.id, 0) AS first_id, COALESCE(f.kind, '') AS first_kind, COALESCE(f.title, '') AS first_title,
			COALESCE(f.body_sha256, '') AS first_hash, COALESCE(f.captured_at, 0) AS first_at,
			COALESCE(l.id, 0) AS last_id, COALESCE(l.verdict, '') AS last_verdict, COALESCE(l.problem, '') AS last_problem, COALESCE(l.captured_at, 0) AS last_at,
			COALESCE(ds.by_id, 0) AS seen_by, COALESCE(ds.at, 0) AS seen_at, COALESCE(ds.note, '') AS seen_note,
			COALESCE(j.state, '') AS job_state, COALESCE(j.last_error, '') AS job_error, COALESCE(j.run_at, 0) AS job_at,
			COALESCE((SELECT string_agg(CAST(v.number AS TEXT), ' ') FROM evidence AS o JOIN citations ON citations.evidence_id = o.id
				JOIN verdicts AS v ON v.id = citations.verdict_id WHERE o.review_id = e.review_id AND o.number = e.number), '') AS cited,
			(SELECT COUNT(*) `+itsCaptures+` AND c.kind = 'web') AS looks,
			(SELECT COUNT(*) `+itsCaptures+` AND c.kind = 'upload') AS files
		FROM evidence AS e
		LEFT JOIN captures AS f ON f.id = (SELECT MIN(c.id) `+itsCaptures+` AND `+good+`)
		LEFT JOIN captures AS l ON l.id = (SELECT MAX(c.id) `+itsCaptures+` AND c.kind = 'web')
		LEFT JOIN drift_seen AS ds ON ds.capture_id = `+itsSight("l")+`
		LEFT JOIN jobs AS j ON j.id = (SELECT MAX(id) FROM jobs WHERE kind = ? AND key = CAST(e.id AS TEXT) AND key <> '')
		WHERE e.review_id = ? ORDER BY e.number, e.id`, evidence.CaptureArgs{}.Kind(), d.Review.ID).Find(&rows).Error
	d.Copies = map[int64]review.Copy{}
	for _, r := range rows {
		d.LastEvidence = max(d.LastEvidence, r.Evidence.Number)
		if r.Evidence.RemovedIn == 0 {
			d.Evidence = append(d.Evidence, review.Evidence(r.Evidence))
			d.Copies[r.Evidence.ID] = r.copy()
		}
	}
	return err
}

func (r pieceRow) copy() review.Copy {
	c := review.Copy{Looks: r.Looks, Files: r.Files}
	if r.FirstID != 0 {
		c.CaptureID, c.Upload, c.Title, c.SHA256, c.At = r.FirstID, r.FirstKind == evidence.Upload, r.FirstTitle, r.FirstHash, fromMicros(r.FirstAt)
	}
	if r.LastID != 0 {
		c.Last = review.LastLook{CaptureID: r.LastID, Found: r.LastVerdict, Problem: r.LastProblem, At: fromMicros(r.LastAt)}
	}
	if r.SeenBy != 0 {
		c.Last.Seen = review.Seen{ByID: r.SeenBy, At: fromMicros(r.SeenAt), Note: r.SeenNote}
	}
	for _, n := range strings.Fields(r.Cited) {
		if n, err := strconv.Atoi(n); err == nil && !slices.Contains(c.Cites, n) {
			c.Cites = append(c.Cites, n)
		}
	}
	slices.Sort(c.Cites)
	if r.JobState == jobs.Waiting || r.JobState == jobs.Running {
		c.Waiting, c.Next = true, fromMicros(r.JobAt)
	}
	if c.Waiting || r.JobState == jobs.Dead {
		c.Problem, _, _ = strings.Cut(r.JobError, "\n") // the rest is for whoever runs the installation
	}
	return c
}

// copyCaptures gives a piece of evidence that was copied what is kept of the
// other: what shows the source, with the time at which it was made.
func (s *Store) copyCaptures(ctx context.Context, from, to int64) error {
	all, err := s.Captures(ctx, from)
	if err != nil {
		return err
	}
	seen := false
	for _, c := range all {
		if !c.Good() || c.Kind == evidence.Web && seen {
			continue
		}
		seen = seen || c.Kind == evidence.Web
		c.ID, c.EvidenceID, c.Verdict, c.ComparedID = 0, to, evidence.First, 0
		for i := range c.Files {
			c.Files[i].ID = 0
		}
		if _, err := s.AddCapture(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// Piece is one piece of evidence, removed ones too, with the claim that it is
// about. NotFound.
func (s *Store) Piece(ctx context.Context, evidenceID int64) (review.Evidence, string, error) {
	var row struct {
		Evidence evidenceRow `gorm:"embedded"`
		Claim    string
	}
	err := s.read(ctx).Table("evidence AS e").Joins("JOIN reviews ON reviews.id = e.review_id").Joins("JOIN claims ON claims.id = reviews.claim_id").
		Select("e.*, claims.text AS claim").Where("e.id = ?", evidenceID).Take(&row).Error
	return review.Evidence(row.Evidence), row.Claim, one("store.Piece", "There is no such evidence.", err)
}

// Drifted lists the pieces of evidence that stand and whose source is not, or
// cannot be shown to be, what it was: newest look first. Those that somebody has
// seen are a list of their own.
func (s *Store) Drifted(ctx context.Context, f review.DriftFilter) ([]review.DriftRow, error) {
	var rows []struct {
		CaptureID, EvidenceID, ReviewID int64
		Number                          int
		State                           review.State
		URL                             string `gorm:"column:url"`
		Title, Claim, Verdict, Problem  string
		CapturedAt, FirstAt             int64
		SeenBy, SeenAt                  int64
		SeenNote, SeenName              string
	}
	q := `
		SELECT x.id AS capture_id, e.id AS evidence_id, e.review_id, e.number, e.url, e.title, reviews.state, claims.text AS claim,
			x.verdict, x.problem, x.captured_at, COALESCE(f.captured_at, 0) AS first_at,
			COALESCE(ds.by_id, 0) AS seen_by, COALESCE(ds.at, 0) AS seen_at, COALESCE(ds.note, '') AS seen_note, COALESCE(people.name, '') AS seen_name
		FROM captures AS x
		JOIN evidence AS was ON was.id = x.evidence_id
		JOIN evidence AS e ON e.review_id = was.review_id AND e.number = was.number AND e.url = was.url AND e.removed_in = 0
		JOIN reviews ON reviews.id = e.review_id JOIN claims ON claims.id = reviews.claim_id
		LEFT JOIN captures AS f ON f.id = x.compared_id
		LEFT JOIN drift_seen AS ds ON ds.capture_id = ` + itsSight("x") + ` LEFT JOIN people ON people.id = ds.by_id
		WHERE x.verdict IN ('changed', 'vanished', 'unreachable') AND x.id < ?
			AND x.id = (SELECT MAX(c.id) ` + itsCaptures + ` AND c.kind = 'web') AND (ds.by_id IS NOT NULL) = ?
		ORDER BY x.id DESC LIMIT ?`
	if f.Before == 0 {
		f.Before = 1 << 62
	}
	err := s.read(ctx).Raw(q, f.Before, f.Seen, clamp(f.Limit)).Find(&rows).Error
	out := make([]review.DriftRow, 0, len(rows))
	for _, r := range rows {
		row := review.DriftRow{
			CaptureID: r.CaptureID, EvidenceID: r.EvidenceID, ReviewID: r.ReviewID, Number: r.Number, State: r.State, URL: r.URL, Title: r.Title,
			Claim: r.Claim, Found: r.Verdict, Problem: r.Problem, At: fromMicros(r.CapturedAt), FirstAt: fromMicros(r.FirstAt), SeenBy: r.SeenName,
		}
		if r.SeenBy != 0 {
			row.Seen = review.Seen{ByID: r.SeenBy, At: fromMicros(r.SeenAt), Note: r.SeenNote}
		}
		out = append(out, row)
	}
	return out, kind("store.Drifted", err)
}

// LastLook is the last look at the address of a piece of evidence that stands, and
// the name of who has seen what it found; zero if there is none.
func (s *Store) LastLook(ctx context.Context, evidenceID int64) (review.LastLook, string, error) {
	var rows []struct {
		ID, CapturedAt     int64
		Verdict, Problem   string
		SeenBy, SeenAt     int64
		SeenNote, SeenName string
	}
	err := s.read(ctx).Raw(`
		SELECT x.id, x.captured_at, x.verdict, x.problem,
			COALESCE(ds.by_id, 0) AS seen_by, COALESCE(ds.at, 0) AS seen_at, COALESCE(ds.note, '') AS seen_note, COALESCE(people.name, '') AS seen_name
		FROM evidence AS e JOIN captures AS x ON x.id = (SELECT MAX(c.id) `+itsCaptures+` AND c.kind = 'web')
		LEFT JOIN drift_seen AS ds ON ds.capture_id = `+itsSight("x")+` LEFT JOIN people ON people.id = ds.by_id
		WHERE e.id = ? AND e.removed_in = 0`, evidenceID).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return review.LastLook{}, "", kind("store.LastLook", err)
	}
	r := rows[0]
	l := review.LastLook{CaptureID: r.ID, Found: r.Verdict, Problem: r.Problem, At: fromMicros(r.CapturedAt)}
	if r.SeenBy != 0 {
		l.Seen = review.Seen{ByID: r.SeenBy, At: fromMicros(r.SeenAt), Note: r.SeenNote}
	}
	return l, r.SeenName, nil
}

type sightRow struct {
	CaptureID int64 `gorm:"primaryKey;autoIncrement:false"`
	Note      string
	ByID      int64
	At        time.Time `gorm:"serializer:micros"`
}

func (sightRow) TableName() string { return "drift_seen" }

// SeeDrift keeps what somebody makes of what a look found. Conflict if somebody has
// before.
func (s *Store) SeeDrift(ctx context.Context, captureID int64, seen review.Seen) error {
	return kind("store.SeeDrift", s.write(ctx).Create(&sightRow{captureID, seen.Note, seen.ByID, seen.At}).Error)
}

// Uncaptured are the pieces of evidence that stand, have an address, neither a
// capture nor a reason for having none, and for which no capture was ever asked:
// at most limit, by id, after an id.
func (s *Store) Uncaptured(ctx context.Context, after int64, limit int) ([]int64, error) {
	var ids []int64
	err := s.read(ctx).Raw(`
		SELECT e.id FROM evidence AS e
		WHERE e.id > ? AND e.removed_in = 0 AND e.url <> '' AND e.no_copy = ''
			AND NOT EXISTS (SELECT 1 `+itsCaptures+`)
			AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = ? AND key = CAST(e.id AS TEXT) AND key <> '')
		ORDER BY e.id LIMIT ?`, after, evidence.CaptureArgs{}.Kind(), limit).Find(&ids).Error
	return ids, kind("store.Uncaptured", err)
}
