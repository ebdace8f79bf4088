package watch

import (
	"context"
	"time"

	"factcheck/internal/review"
)

// Kind is what a source is.
type Kind string

// The kinds of sources.
const (
	Feed    Kind = "feed"    // RSS, Atom or JSON Feed of articles
	Sitemap Kind = "sitemap" // of articles; an index of sitemaps too
	Folder  Kind = "folder"  // on this machine
	Checks  Kind = "checks"  // fact-checks by others: a dump of ClaimReviews, or a feed or sitemap of pages that carry them
)

// Kinds lists them, with the word of each for people.
var Kinds = []struct {
	Kind  Kind
	Label string
}{{Feed, "feed"}, {Sitemap, "sitemap"}, {Folder, "folder"}, {Checks, "fact-checks by others"}}

// Label is the word for people.
func (k Kind) Label() string {
	for _, one := range Kinds {
		if one.Kind == k {
			return one.Label
		}
	}
	return string(k)
}

// Bounds of what is looked at.
const (
	MaxSources = 500      // of one desk
	MaxList    = 10 << 20 // bytes of a feed or a sitemap, unpacked
	MaxDump    = 64 << 20 // bytes of a dump of fact-checks; larger ones are for "factcheck import"
	MaxItems   = 10_000   // of one list: the newest
	MaxTaken   = 50       // in one go
	MaxTries   = 3        // for one item
	maxIndexed = 5        // sitemaps of one index: the newest
	maxTitle   = 300      // bytes
)

// How often a source may be looked at.
const (
	MinEvery     = 5 * time.Minute
	MaxEvery     = 7 * 24 * time.Hour
	DefaultEvery = 15 * time.Minute
	maxBackoff   = 24 * time.Hour
	soon         = time.Minute // where something is left to take
)

// Source is a place that is looked at.
type Source struct {
	ID           int64
	Kind         Kind
	Address      string // canonical web address, or the absolute path of a Folder; unique
	Title        string
	Every        time.Duration // whole seconds
	ETag         string        // of the last answer, if all that it listed was taken
	LastModified string        // the same
	NextAt       time.Time
	LastAt       time.Time // zero: not yet
	LastError    string    // sentence for people; empty if the last look went well
	Failures     int       // in a row
	Paused       bool
	Articles     int   // that were new here
	Claims       int   // of them, new in triage
	Checks       int   // fact-checks by others that were new here
	AddedBy      int64 // a person; 0 is the command line
	AddedAt      time.Time
}

// Item is one thing that a source lists.
type Item struct {
	Key     string // 32 hex digits: hash of what names it in its source
	Address string // of its page, or the path in a Folder
	Title   string
	At      time.Time // when it was published or changed; may be zero
}

// Taken is what became of an item.
type Taken struct {
	Item
	SourceID int64
	SeenAt   time.Time
	Settled  bool   // false: to be tried again
	Tries    int    // so far
	Problem  string // sentence for people; empty if it was taken, or held nothing

	ArticleID int64 // the article that it is, new or not; 0 if it is none

	// What was new here because of this try.
	Articles, Claims, Checks int
}

// Known is what is remembered of an item that was seen before.
type Known struct {
	Settled bool
	Tries   int
}

// Store keeps sources. Its methods take part in the transaction of ctx, if it
// has one.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// AddEvent appends to the audit trail.
	AddEvent(ctx context.Context, e review.Event) error
	// AddSource writes a source and returns its id. Conflict if its address is
	// watched already; Invalid if there are MaxSources.
	AddSource(ctx context.Context, src Source) (int64, error)
	// WatchedSource is one source. NotFound.
	WatchedSource(ctx context.Context, id int64) (Source, error)
	// WatchedSources lists sources, the last added first, from the one before an
	// id on; 0 is the first page.
	WatchedSources(ctx context.Context, before int64, limit int) ([]Source, error)
	// DueSources are the ids of those that are to be looked at, longest due first.
	DueSources(ctx context.Context, now time.Time, limit int) ([]int64, error)
	// ClaimSource puts the next look off until a time, for whoever looks now. False
	// if the source is paused or not due any more: somebody else looks, or did.
	ClaimSource(ctx context.Context, id int64, now, until time.Time) (bool, error)
	// SaveLook writes how a look went: Title, ETag, LastModified, NextAt, LastAt,
	// LastError and Failures. NotFound.
	SaveLook(ctx context.Context, src Source) error
	// PauseSource pauses a source, or lets it be looked at again at next. NotFound.
	PauseSource(ctx context.Context, id int64, paused bool, next time.Time) error
	// RemoveSource forgets a source and what was seen of it; what was taken
	// stays. NotFound.
	RemoveSource(ctx context.Context, id int64) error
	// KnownItems are those of the keys that were seen before.
	KnownItems(ctx context.Context, sourceID int64, keys []string) (map[string]Known, error)
	// NoteItems keeps what became of items, and counts it for their source.
	NoteItems(ctx context.Context, sourceID int64, items []Taken) error
	// ItemProblems are the last items of each source that could not be taken, at
	// most per of each, newest first.
	ItemProblems(ctx context.Context, sources []int64, per int) (map[int64][]Taken, error)
}
