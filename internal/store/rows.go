package store

import (
	"encoding/json"
	"fmt"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// Rows that have the fields of their domain type: conversion keeps them equal.

type articleRow struct {
	ID          int64
	Source      string
	Version     int
	URL         string
	Title       string
	Publisher   string
	Author      string
	Lang        string
	MediaType   string
	SHA256      string `gorm:"column:sha256"`
	Text        string
	PublishedAt time.Time `gorm:"serializer:micros"`
	AddedAt     time.Time `gorm:"serializer:micros"`
	AddedBy     int64     `gorm:"serializer:null"`
}

func (articleRow) TableName() string { return "articles" }

// articleColumns is every column of an article but its text, which may be
// megabytes.
const articleColumns = "articles.id, articles.source, articles.version, articles.url, articles.title, articles.publisher, articles.author, " +
	"articles.lang, articles.media_type, articles.sha256, articles.published_at, articles.added_at, articles.added_by"

type reviewRow struct {
	ID             int64
	ClaimID        int64
	State          review.State
	Version        int64
	Edition        int
	Round          int
	VerdictID      int64     `gorm:"serializer:null"`
	AssigneeID     int64     `gorm:"serializer:null"`
	SubmitterID    int64     `gorm:"serializer:null"`
	SubmittedAt    time.Time `gorm:"serializer:micros"`
	Score          float64
	Chosen         string
	Dismissal      review.DismissalCode
	DismissedBy    int64 `gorm:"serializer:null"`
	CorrectionKind review.CorrectionKind
	CorrectionNote string
	CorrectionBy   int64 `gorm:"serializer:null"`
	Risk           review.Risk
	Priority       review.Priority
	DueAt          time.Time `gorm:"serializer:micros"`
	ScheduledAt    time.Time `gorm:"serializer:micros"`
	ScheduledBy    int64     `gorm:"serializer:null"`
	Alert          string
	EmbargoUntil   time.Time `gorm:"serializer:micros"`
	Hold           review.HoldReason
	HoldUntil      time.Time `gorm:"serializer:micros"`
	HoldNote       string
	HeldAt         time.Time `gorm:"serializer:micros"`
	Retraction     review.RetractionCode
	OverrideBy     int64     `gorm:"serializer:null"`
	OverrideDue    time.Time `gorm:"serializer:micros"`
	MergedInto     int64     `gorm:"serializer:null"`
	MergedFrom     review.State
	OpenedAt       time.Time `gorm:"serializer:micros"`
	ChangedAt      time.Time `gorm:"serializer:micros"`
}

func (reviewRow) TableName() string { return "reviews" }

type verdictRow struct {
	ID         int64
	ReviewID   int64
	Number     int
	ScaleID    int64
	Rating     string
	Summary    string
	Rationale  string
	OneSource  string
	NoneFound  bool
	NoConflict bool
	AuthorID   int64
	CreatedAt  time.Time `gorm:"serializer:micros;autoCreateTime:false"`
}

func (verdictRow) TableName() string { return "verdicts" }

type evidenceRow struct {
	ID         int64
	ReviewID   int64
	Number     int
	URL        string
	ArchiveURL string
	Title      string
	Publisher  string
	Quote      string
	Stance     review.Stance
	Note       string
	AccessedAt time.Time `gorm:"serializer:micros"`
	Origin     review.Origin
	Behind     string
	Interest   string
	NoCopy     string
	AddedIn    int
	AddedBy    int64
	AddedAt    time.Time `gorm:"serializer:micros"`
	RemovedIn  int
	RemovedBy  int64     `gorm:"serializer:null"`
	RemovedAt  time.Time `gorm:"serializer:micros"`
}

func (evidenceRow) TableName() string { return "evidence" }

type approvalRow struct {
	ID          int64
	ReviewID    int64
	Edition     int
	Round       int
	Purpose     review.Purpose
	VerdictID   int64
	ContentHash string
	EditorID    int64
	CreatedAt   time.Time `gorm:"serializer:micros;autoCreateTime:false"`
}

func (approvalRow) TableName() string { return "approvals" }

type contributionRow struct {
	ID       int64
	ReviewID int64
	Edition  int
	PersonID int64
	How      review.How
	At       time.Time `gorm:"serializer:micros"`
}

func (contributionRow) TableName() string { return "contributions" }

type correctionRow struct {
	ID            int64
	PublicationID int64
	ReviewID      int64
	Kind          review.CorrectionKind
	Note          string
	AuthorID      int64
	CreatedAt     time.Time `gorm:"serializer:micros;autoCreateTime:false"`
	Complained    bool      `gorm:"->"`
}

func (correctionRow) TableName() string { return "corrections" }

type readingRow struct {
	ID        int64
	ReviewID  int64
	Round     int
	VerdictID int64
	ReaderID  int64
	Rating    string
	Note      string
	Agrees    bool
	CreatedAt time.Time `gorm:"serializer:micros;autoCreateTime:false"`
}

func (readingRow) TableName() string { return "second_readings" }

type resolutionRow struct {
	ID        int64
	ReadingID int64
	EditorID  int64
	Note      string
	CreatedAt time.Time `gorm:"serializer:micros;autoCreateTime:false"`
}

func (resolutionRow) TableName() string { return "resolutions" }

type claimRow struct {
	ID           int64
	Text         string
	ShortForm    string
	Kind         claims.Kind
	Lang         string
	ClaimantID   int64 `gorm:"serializer:null"`
	Unattributed bool
	SaidAt       time.Time `gorm:"serializer:micros"`
	DueAt        time.Time `gorm:"serializer:micros"`
	Fingerprint  string
	MergedInto   int64     `gorm:"serializer:null"`
	CreatedAt    time.Time `gorm:"serializer:micros;autoCreateTime:false"`
}

func (claimRow) TableName() string { return "claims" }

// Rows that differ from their domain type.

type claimantRow struct {
	ID      int64
	Name    string
	NameKey string // claims.Fingerprint of Name
	Kind    claims.ClaimantKind
}

func (claimantRow) TableName() string { return "claimants" }

func (r claimantRow) claimant() claims.Claimant {
	return claims.Claimant{ID: r.ID, Name: r.Name, Kind: r.Kind}
}

type appearanceRow struct {
	ID            int64
	ClaimID       int64
	ArticleID     int64
	SpanStart     int
	SpanEnd       int
	Quote         string
	Prefix        string
	Suffix        string
	SentenceStart int
	SentenceEnd   int
	Attribution   string // claims.Attribution as JSON
	Score         float64
	Reasons       string    // list as JSON
	AddedAt       time.Time `gorm:"serializer:micros"`
	AddedBy       int64     `gorm:"serializer:null"`
	Engine        string
	ReplacedAt    time.Time `gorm:"serializer:micros"` // zero while the claim stands there
}

func (appearanceRow) TableName() string { return "appearances" }

func fromAppearance(a claims.Appearance) (appearanceRow, error) {
	attribution, err := json.Marshal(a.Attribution)
	if err != nil {
		return appearanceRow{}, fmt.Errorf("encode attribution: %w", err)
	}
	reasons, err := encodeList(a.Reasons)
	return appearanceRow{
		ID: a.ID, ClaimID: a.ClaimID, ArticleID: a.ArticleID,
		SpanStart: a.Span.Start, SpanEnd: a.Span.End, Quote: a.Span.Quote, Prefix: a.Span.Prefix, Suffix: a.Span.Suffix,
		SentenceStart: a.Sentence.Start, SentenceEnd: a.Sentence.End,
		Attribution: string(attribution), Score: a.Score, Reasons: reasons, AddedAt: a.AddedAt, AddedBy: a.AddedBy, Engine: a.Engine,
	}, err
}

func (r appearanceRow) appearance() (claims.Appearance, error) {
	a := claims.Appearance{
		ID: r.ID, ClaimID: r.ClaimID, ArticleID: r.ArticleID,
		Span:     claims.Span{Start: r.SpanStart, End: r.SpanEnd, Quote: r.Quote, Prefix: r.Prefix, Suffix: r.Suffix},
		Sentence: claims.Offsets{Start: r.SentenceStart, End: r.SentenceEnd},
		Score:    r.Score, AddedAt: r.AddedAt, AddedBy: r.AddedBy, Engine: r.Engine,
	}
	if err := json.Unmarshal([]byte(r.Attribution), &a.Attribution); err != nil {
		return a, fmt.Errorf("decode attribution of appearance %d: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Reasons), &a.Reasons); err != nil {
		return a, fmt.Errorf("decode reasons of appearance %d: %w", r.ID, err)
	}
	return a, nil
}

type publicationRow struct {
	ID          int64
	ReviewID    int64
	Edition     int
	Slug        string
	VerdictID   int64
	ContentHash string
	Hash        string
	Snapshot    []byte
	PublishedAt time.Time `gorm:"serializer:micros"`
	PublishedBy int64
}

func (publicationRow) TableName() string { return "publications" }

func fromPublication(p review.Publication) publicationRow {
	return publicationRow{p.ID, p.ReviewID, p.Edition, p.Slug, p.VerdictID, p.ContentHash, p.Hash, p.Snapshot, p.PublishedAt, p.PublishedBy}
}

func (r publicationRow) publication() (review.Publication, error) {
	p := review.Publication{
		ID: r.ID, ReviewID: r.ReviewID, Edition: r.Edition, Slug: r.Slug, VerdictID: r.VerdictID, ContentHash: r.ContentHash,
		Hash: r.Hash, Snapshot: r.Snapshot, PublishedAt: r.PublishedAt, PublishedBy: r.PublishedBy,
	}
	if err := json.Unmarshal(r.Snapshot, &p.Report); err != nil {
		return p, fmt.Errorf("decode publication %d: %w", r.ID, err)
	}
	return p, nil
}

// checkRow says which edition of a check is live.
type checkRow struct {
	ReviewID      int64 `gorm:"primaryKey"`
	Slug          string
	PublicationID int64
	PublishedAt   time.Time `gorm:"serializer:micros"`
}

func (checkRow) TableName() string { return "checks" }

type eventRow struct {
	Seq       int64 `gorm:"primaryKey;autoIncrement:false"`
	Subject   review.Subject
	SubjectID int64
	Version   int64
	Action    review.Action
	FromState review.State
	ToState   review.State
	ActorID   int64 `gorm:"serializer:null"`
	Note      string
	Changes   string    // list as JSON
	Key       string    `gorm:"serializer:null"`
	At        time.Time `gorm:"serializer:micros"`
	PolicyID  int64     `gorm:"serializer:null"`
	Prev      string
	Hash      string
}

func (eventRow) TableName() string { return "events" }

func fromEvent(e review.Event) (eventRow, error) {
	changes, err := encodeList(e.Changes)
	return eventRow{e.Seq, e.Subject, e.SubjectID, e.Version, e.Action, e.From, e.To, e.ActorID, e.Note, changes, e.Key, e.At, e.PolicyID, e.Prev, e.Hash}, err
}

func (r eventRow) event() (review.Event, error) {
	e := review.Event{
		Seq: r.Seq, Subject: r.Subject, SubjectID: r.SubjectID, Version: r.Version, Action: r.Action, From: r.FromState, To: r.ToState,
		ActorID: r.ActorID, Note: r.Note, Key: r.Key, At: r.At, PolicyID: r.PolicyID, Prev: r.Prev, Hash: r.Hash,
	}
	if err := json.Unmarshal([]byte(r.Changes), &e.Changes); err != nil {
		return e, fmt.Errorf("decode changes of event %d: %w", r.Seq, err)
	}
	return e, nil
}

// encodeList is v as JSON, "[]" if it is nil.
func encodeList[T any](v []T) (string, error) {
	if len(v) == 0 {
		return "[]", nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode list: %w", err)
	}
	return string(data), nil
}
