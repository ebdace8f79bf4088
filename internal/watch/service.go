package watch

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/fetch"
	"factcheck/internal/ingest"
	"factcheck/internal/jobs"
	"factcheck/internal/library"
	"factcheck/internal/review"
)

// Service looks at sources. Every field must be set.
type Service struct {
	Store   Store
	Library library.Keeper
	Client  *fetch.Client // see NewClient
	// Ingest stores an article and opens its claims in triage.
	Ingest func(ctx context.Context, in ingest.Input) (Found, error)
	Queue  *jobs.Queue
	Now    func() time.Time
}

// Found is what became of an article.
type Found struct {
	ArticleID int64
	New       bool // false: it was here already
	Claims    int
}

// timeout is for one list or page.
const timeout = 45 * time.Second

// NewClient fetches lists and pages from the public internet.
func NewClient(guard fetch.Guard) *fetch.Client {
	return &fetch.Client{
		Guard: guard, Timeout: timeout,
		Accept: "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.9, */*;q=0.5",
		Advice: fetch.Advice{Else: "give another address", Open: "Open it in a browser to see what it is."},
	}
}

// New is a source as somebody adds it.
type New struct {
	Address string
	Checks  bool          // its pages carry fact-checks: they go to the library, not to triage
	Every   time.Duration // 0 is DefaultEvery
}

// mayChange are the roles that decide what is watched.
var mayChange = []review.Role{review.Editor, review.Admin}

// MayChange reports whether p may add, pause and remove sources.
func MayChange(p review.Person) bool { return p.Is(mayChange...) }

func checkMayChange(p review.Person) error {
	if MayChange(p) {
		return nil
	}
	return errs.New("watch.checkMayChange", errs.Forbidden, "An editor or an administrator decides what is watched. Ask one of them.")
}

// AddFor is Add for a person of the desk: Forbidden unless they are an editor or
// an administrator.
func (s *Service) AddFor(ctx context.Context, n New, by review.Person) (Source, error) {
	if err := checkMayChange(by); err != nil {
		return Source{}, err
	}
	return s.Add(ctx, n, by.ID)
}

// Add looks at an address and, if it lists something, watches it from now on; by
// is a person, 0 for the command line. Errors: Invalid with what it is instead,
// Upstream, TooLarge; Conflict if it is watched already.
func (s *Service) Add(ctx context.Context, n New, by int64) (Source, error) {
	every, err := rhythm(n.Every)
	if err != nil {
		return Source{}, err
	}
	address, err := ingest.CanonicalURL(n.Address)
	if err != nil {
		return Source{}, err
	}
	src := Source{Kind: Feed, Address: address, Every: every, AddedBy: by}
	if n.Checks {
		src.Kind = Checks
	}
	got, err := s.fetchList(ctx, src, http.Header{})
	if err != nil {
		return Source{}, err
	}
	if !n.Checks {
		src.Kind = got.list.Kind
	}
	if src.Title = got.list.Title; src.Title == "" {
		if u, err := url.Parse(address); err == nil {
			src.Title = u.Host
		}
	}
	return s.add(ctx, src)
}

// List is what a web address lists now. Errors: Invalid with what it is instead,
// Upstream, TooLarge.
func (s *Service) List(ctx context.Context, address string) (List, error) {
	got, err := s.fetchList(ctx, Source{Kind: Feed, Address: address}, nil)
	return got.list, err
}

// AddFolder watches a folder of this machine, for the command line alone.
// Invalid if there is none; Conflict if it is watched already.
func (s *Service) AddFolder(ctx context.Context, dir string, every time.Duration) (Source, error) {
	const op = "watch.AddFolder"
	every, err := rhythm(every)
	if err != nil {
		return Source{}, err
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return Source{}, errs.Wrap(op, errs.Internal, err)
	}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return Source{}, errs.Newf(op, errs.Invalid, "%q is no folder. Name a folder, or a web address that starts with https://", dir)
	}
	return s.add(ctx, Source{Kind: Folder, Address: path, Title: filepath.Base(path), Every: every})
}

func rhythm(every time.Duration) (time.Duration, error) {
	every = cmp.Or(every, DefaultEvery).Truncate(time.Second)
	if every < MinEvery || every > MaxEvery {
		return 0, errs.New("watch.rhythm", errs.Invalid, "A source can be looked at every five minutes at most, and every seven days at least. Choose a time between.")
	}
	return every, nil
}

// add writes a source with its first look.
func (s *Service) add(ctx context.Context, src Source) (Source, error) {
	src.AddedAt = s.now()
	src.NextAt = src.AddedAt
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if src.ID, err = s.Store.AddSource(ctx, src); err != nil {
			return err
		}
		if err := s.tell(ctx, review.WatchSource, src.ID, src.AddedBy, review.Change{Field: "address", To: src.Address}); err != nil {
			return err
		}
		return s.enqueue(ctx, src.ID)
	})
	return src, err
}

// tell puts on record what somebody decided about a source.
func (s *Service) tell(ctx context.Context, a review.Action, id, by int64, changes ...review.Change) error {
	return s.Store.AddEvent(ctx, review.Event{Subject: review.OnSource, SubjectID: id, Action: a, ActorID: by, At: s.now(), Changes: changes})
}

// PauseFor is Pause for a person of the desk: Forbidden unless they may change
// what is watched.
func (s *Service) PauseFor(ctx context.Context, id int64, paused bool, by review.Person) error {
	if err := checkMayChange(by); err != nil {
		return err
	}
	return s.Pause(ctx, id, paused, by.ID)
}

// Pause stops looking at a source, or goes on with a look at once; by is a person,
// 0 for the command line. One that stands so already stays as it is. NotFound.
func (s *Service) Pause(ctx context.Context, id int64, paused bool, by int64) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		src, err := s.Store.WatchedSource(ctx, id)
		if err != nil || src.Paused == paused {
			return err
		}
		if err := s.Store.PauseSource(ctx, id, paused, s.now()); err != nil {
			return err
		}
		if paused {
			return s.tell(ctx, review.PauseSource, id, by)
		}
		if err := s.tell(ctx, review.ResumeSource, id, by); err != nil {
			return err
		}
		return s.enqueue(ctx, id)
	})
}

// LookNow asks for a look soon. Forbidden, NotFound; Invalid for a paused one.
func (s *Service) LookNow(ctx context.Context, id int64, by review.Person) error {
	if err := checkMayChange(by); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		src, err := s.Store.WatchedSource(ctx, id)
		if err != nil {
			return err
		}
		if src.Paused {
			return errs.New("watch.LookNow", errs.Invalid, "This source is paused. Go on with it instead.")
		}
		if err := s.Store.PauseSource(ctx, id, false, s.now()); err != nil {
			return err
		}
		return s.enqueue(ctx, id)
	})
}

// RemoveFor is Remove for a person of the desk: Forbidden unless they may change
// what is watched.
func (s *Service) RemoveFor(ctx context.Context, id int64, by review.Person) error {
	if err := checkMayChange(by); err != nil {
		return err
	}
	return s.Remove(ctx, id, by.ID)
}

// Remove forgets a source; what was taken from it stays, and so does that it was
// watched; by is a person, 0 for the command line. NotFound.
func (s *Service) Remove(ctx context.Context, id, by int64) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		src, err := s.Store.WatchedSource(ctx, id)
		if err != nil {
			return err
		}
		if err := s.Store.RemoveSource(ctx, id); err != nil {
			return err
		}
		return s.tell(ctx, review.RemoveSource, id, by, review.Change{Field: "address", From: src.Address})
	})
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// PollArgs asks for one look at a source.
type PollArgs struct{ SourceID int64 }

// Kind names the job.
func (PollArgs) Kind() string { return "watch.poll" }

// PollDueArgs asks for looks at all sources whose time has come.
type PollDueArgs struct{}

// Kind names the job.
func (PollDueArgs) Kind() string { return "watch.poll-due" }

// dueEvery is how often it is looked whose time has come.
const dueEvery = time.Minute

// Schedules are the jobs that come back by themselves.
func (s *Service) Schedules() []jobs.Schedule {
	return []jobs.Schedule{{Args: PollDueArgs{}, Every: dueEvery}}
}

// Register adds the jobs of this package.
func (s *Service) Register(h *jobs.Handlers) {
	jobs.Handle(h, s.pollJob)
	jobs.Handle(h, s.pollDueJob)
}

// pollJob is one look, if the source is due: one that takes long is not begun
// twice. How it went is kept with the source; the job fails only where nothing
// could be kept.
func (s *Service) pollJob(ctx context.Context, a PollArgs) error {
	now := s.now()
	mine, err := s.Store.ClaimSource(ctx, a.SourceID, now, now.Add(pollTime+time.Minute))
	if err != nil || !mine {
		return err
	}
	_, err = s.Poll(ctx, a.SourceID)
	if errs.KindOf(err) == errs.NotFound { // it was removed meanwhile
		return nil
	}
	return err
}

func (s *Service) pollDueJob(ctx context.Context, _ PollDueArgs) error {
	ids, err := s.Store.DueSources(ctx, s.now(), MaxSources)
	for _, id := range ids {
		if err == nil {
			err = s.enqueue(ctx, id)
		}
	}
	return err
}

// enqueue asks for a look. Of one source one look waits; a lost one is asked for
// again when the source is still due.
func (s *Service) enqueue(ctx context.Context, id int64) error {
	if _, err := s.Queue.Enqueue(ctx, PollArgs{id}, jobs.Key(strconv.FormatInt(id, 10)), jobs.Attempts(MaxTries)); err != nil {
		return fmt.Errorf("ask for a look at source %d: %w", id, err)
	}
	return nil
}
