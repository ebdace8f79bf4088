package store

import (
	"context"
	"iter"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/evidence"
)

type captureRow struct {
	ID           int64
	EvidenceID   int64
	Kind         evidence.Kind
	Address      string
	FinalAddress string
	Status       int
	ContentType  string
	MediaType    string
	Title        string
	BodySHA256   string `gorm:"column:body_sha256"`
	BodyBytes    int64
	TextSHA256   string `gorm:"column:text_sha256"`
	Verdict      evidence.Verdict
	Problem      string
	ComparedID   int64     `gorm:"serializer:null"`
	CapturedAt   time.Time `gorm:"serializer:micros"`
	CapturedBy   int64     `gorm:"serializer:null"`
}

func (captureRow) TableName() string { return "captures" }

func fromCapture(c evidence.Capture) captureRow {
	return captureRow{
		c.ID, c.EvidenceID, c.Kind, c.Address, c.FinalAddress, c.Status, c.ContentType, c.MediaType, c.Title, c.BodySHA256, c.BodyBytes,
		c.TextSHA256, c.Verdict, c.Problem, c.ComparedID, c.CapturedAt, c.CapturedBy,
	}
}

func (r captureRow) capture(files []evidence.File) evidence.Capture {
	return evidence.Capture{
		ID: r.ID, EvidenceID: r.EvidenceID, Kind: r.Kind, Address: r.Address, FinalAddress: r.FinalAddress, Status: r.Status,
		ContentType: r.ContentType, MediaType: r.MediaType, Title: r.Title, BodySHA256: r.BodySHA256, BodyBytes: r.BodyBytes, TextSHA256: r.TextSHA256,
		Verdict: r.Verdict, Problem: r.Problem, ComparedID: r.ComparedID, CapturedAt: r.CapturedAt, CapturedBy: r.CapturedBy, Files: files,
	}
}

type captureFileRow struct {
	ID        int64
	CaptureID int64
	Role      evidence.Role
	SHA256    string `gorm:"column:sha256"`
	Bytes     int64
	MediaType string
	Name      string
}

func (captureFileRow) TableName() string { return "capture_files" }

// EvidenceAddress is the address of a piece of evidence, "" if it has none.
// NotFound.
func (s *Store) EvidenceAddress(ctx context.Context, evidenceID int64) (string, error) {
	var row evidenceRow
	err := s.read(ctx).Select("url").Where("id = ?", evidenceID).Take(&row).Error
	return row.URL, one("store.EvidenceAddress", "There is no such evidence.", err)
}

// AddCapture writes a capture with its files, and returns it with their ids.
// Both are never changed.
func (s *Store) AddCapture(ctx context.Context, c evidence.Capture) (evidence.Capture, error) {
	const op = "store.AddCapture"
	err := s.InTx(ctx, func(ctx context.Context) error {
		row := fromCapture(c)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return kind(op, err)
		}
		files := make([]captureFileRow, len(c.Files))
		for i, f := range c.Files {
			files[i] = captureFileRow(f)
			files[i].CaptureID = row.ID
		}
		if len(files) > 0 {
			if err := s.write(ctx).Create(&files).Error; err != nil {
				return kind(op, err)
			}
		}
		c = row.capture(filesOf(files))
		return nil
	})
	return c, err
}

func filesOf(rows []captureFileRow) []evidence.File {
	var out []evidence.File
	for _, r := range rows {
		out = append(out, evidence.File(r))
	}
	return out
}

// Captures are those of a piece of evidence, in the order in which they were
// made, with their files. See CapturesOf.
func (s *Store) Captures(ctx context.Context, evidenceID int64) ([]evidence.Capture, error) {
	all, err := s.CapturesOf(ctx, []int64{evidenceID})
	return all[evidenceID], err
}

// sameSource joins to a piece e the pieces o that it replaced, itself among
// them, as long as the address stayed: who mends a note or a quotation does not
// lose what was captured.
const sameSource = "evidence AS o ON o.review_id = e.review_id AND o.number = e.number AND o.url = e.url AND o.id <= e.id"

// CapturesOf are the captures of several pieces of evidence, by the id of the
// piece, each in the order in which they were made: two queries however many
// there are. Those of a piece that was replaced under the same number and
// address are also the new one's. At most 500 pieces.
func (s *Store) CapturesOf(ctx context.Context, evidenceIDs []int64) (map[int64][]evidence.Capture, error) {
	const op = "store.Captures"
	out := map[int64][]evidence.Capture{}
	if len(evidenceIDs) == 0 {
		return out, nil
	}
	err := s.inRead(ctx, func(ctx context.Context) error {
		var rows []struct {
			Capture captureRow `gorm:"embedded"`
			Piece   int64
		}
		of := s.read(ctx).Table("evidence AS e").Joins("JOIN "+sameSource).Joins("JOIN captures AS c ON c.evidence_id = o.id").Where("e.id IN ?", evidenceIDs)
		if err := of.Session(&gorm.Session{}).Select("c.*, e.id AS piece").Order("c.id").Find(&rows).Error; err != nil {
			return kind(op, err)
		}
		var files []captureFileRow
		if err := s.read(ctx).Where("capture_id IN (?)", of.Select("c.id")).Order("id").Find(&files).Error; err != nil {
			return kind(op, err)
		}
		byCapture := map[int64][]evidence.File{}
		for _, f := range files {
			byCapture[f.CaptureID] = append(byCapture[f.CaptureID], evidence.File(f))
		}
		for _, r := range rows {
			out[r.Piece] = append(out[r.Piece], r.Capture.capture(byCapture[r.Capture.ID]))
		}
		return nil
	})
	return out, err
}

// CaptureFile is one file of one capture: what a download asks for, so that no
// file is served but as what it is. NotFound.
func (s *Store) CaptureFile(ctx context.Context, captureID int64, role evidence.Role) (evidence.File, error) {
	var row captureFileRow
	err := s.read(ctx).Where("capture_id = ? AND role = ?", captureID, role).Take(&row).Error
	return evidence.File(row), one("store.CaptureFile", "This capture has no such file.", err)
}

// DueCaptures are the pieces of evidence that stand, have a good capture from
// the web and were not looked at since before: at most limit, by id, after an
// id.
func (s *Store) DueCaptures(ctx context.Context, before time.Time, after int64, limit int) ([]int64, error) {
	var ids []int64
	err := s.read(ctx).Raw(`
		SELECT e.id FROM evidence AS e JOIN `+sameSource+` JOIN captures AS c ON c.evidence_id = o.id AND c.kind = 'web'
		WHERE e.id > ? AND e.removed_in = 0 AND e.url <> ''
		GROUP BY e.id HAVING MAX(c.captured_at) < ? AND MAX(CASE WHEN c.verdict = 'first' THEN 1 ELSE 0 END) = 1
		ORDER BY e.id LIMIT ?`, after, toMicros(before), limit).Find(&ids).Error
	return ids, kind("store.DueCaptures", err)
}

// AllCaptureFiles walks the files of all captures, oldest first: what the
// folder of evidence must hold.
func (s *Store) AllCaptureFiles(ctx context.Context) iter.Seq2[evidence.File, error] {
	return walk(func(after int64) ([]captureFileRow, error) {
		var rows []captureFileRow
		err := s.read(ctx).Where("id > ?", after).Order("id").Limit(batch).Find(&rows).Error
		return rows, kind("store.AllCaptureFiles", err)
	}, func(r captureFileRow) int64 { return r.ID }, func(r captureFileRow) (evidence.File, error) { return evidence.File(r), nil })
}
