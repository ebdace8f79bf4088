package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/fetch"
	"factcheck/internal/ingest"
	"factcheck/internal/library"
)

// pollTime is how long one look may take, all items included. What is not
// reached then is left for the next.
const pollTime = 10 * time.Minute

// Result is how a look went.
type Result struct {
	Source    Source
	Unchanged bool // the site says that nothing is new
	Listed    int  // items
	Left      int  // new ones that were not taken yet
	Taken     []Taken
}

// Sums are how many articles, claims in triage and fact-checks were new.
func (r Result) Sums() (articles, found, checks int) {
	for _, t := range r.Taken {
		articles, found, checks = articles+t.Articles, found+t.Claims, checks+t.Checks
	}
	return articles, found, checks
}

// Poll looks at a source and takes what is new, once each, whatever else fails.
// A source that is paused is left alone. How it went is kept with the source and
// told in Result: what the site did wrong is no error. Errors: NotFound,
// Canceled, and those of the store.
func (s *Service) Poll(ctx context.Context, id int64) (Result, error) {
	src, err := s.Store.WatchedSource(ctx, id)
	if err != nil || src.Paused {
		return Result{Source: src}, err
	}
	r, err := s.look(ctx, src)
	if ctx.Err() != nil {
		return r, errs.Wrap("watch.Poll", errs.Canceled, ctx.Err())
	}
	if err != nil && errs.Message(err) == "" { // ours, not the site's
		return r, err
	}
	now := s.now()
	r.Source.LastAt = now
	switch {
	case err != nil:
		r.Source.Failures++
		r.Source.LastError = errs.Message(err)
		r.Source.NextAt = now.Add(pause(src.Every, r.Source.Failures))
		slog.InfoContext(ctx, "source could not be looked at", "source", id, "err", err)
	default:
		r.Source.Failures, r.Source.LastError = 0, ""
		r.Source.NextAt = now.Add(src.Every)
		if r.Left > 0 {
			r.Source.NextAt = now.Add(soon)
		}
	}
	return r, s.Store.SaveLook(ctx, r.Source)
}

// pause is the time to the next look after so many failures in a row.
func pause(every time.Duration, failures int) time.Duration {
	wait := every << min(failures, 10)
	return max(every, min(wait, maxBackoff))
}

// look fetches the list and takes what is new. The source of the result has what
// the answer said of itself. An error with a sentence is about the source as a
// whole.
func (s *Service) look(ctx context.Context, src Source) (Result, error) {
	r := Result{Source: src}
	ctx, cancel := context.WithTimeout(ctx, pollTime)
	defer cancel()
	got, err := s.list(ctx, src)
	if err != nil {
		return r, err
	}
	if got.unchanged {
		r.Unchanged = true
		return r, nil
	}
	r.Listed = len(got.list.Items)
	if got.list.Title != "" {
		r.Source.Title = got.list.Title
	}
	if got.list.Kind == Checks {
		err = s.takeDump(ctx, &r, got)
	} else {
		err = s.takeItems(ctx, &r, got.list.Items)
	}
	r.Source.ETag, r.Source.LastModified = "", ""
	retry := slices.ContainsFunc(r.Taken, func(t Taken) bool { return !t.Settled })
	if err == nil && r.Left == 0 && !retry && !got.several { // else a 304 would keep them from us
		r.Source.ETag, r.Source.LastModified = short(got.header.Get("Etag")), short(got.header.Get("Last-Modified"))
	}
	return r, err
}

// short is a header if it is one that may be sent back.
func short(value string) string {
	if len(value) > maxTitle {
		return ""
	}
	return line(value)
}

// answer is what a source said.
type answer struct {
	list      List
	data      []byte // as it came
	address   string // after redirects
	header    http.Header
	unchanged bool
	several   bool // more than one answer makes the list
}

func (s *Service) list(ctx context.Context, src Source) (answer, error) {
	if src.Kind == Folder {
		l, err := listFolder(ctx, src.Address, s.Now())
		return answer{list: l}, err
	}
	known := http.Header{}
	if src.ETag != "" {
		known.Set("If-None-Match", src.ETag)
	}
	if src.LastModified != "" {
		known.Set("If-Modified-Since", src.LastModified)
	}
	return s.fetchList(ctx, src, known)
}

// fetchList fetches what a source lists now, with the sitemaps of an index.
func (s *Service) fetchList(ctx context.Context, src Source, known http.Header) (answer, error) {
	limit := MaxList
	if src.Kind == Checks {
		limit = MaxDump
	}
	a, err := s.fetch(ctx, src.Address, limit, known)
	if err != nil || a.unchanged {
		return a, err
	}
	if a.list, err = ReadList(a.data, a.address); err != nil {
		return a, err
	}
	for _, address := range a.list.Further {
		a.several = true
		part, err := s.fetch(ctx, address, MaxList, nil)
		if err == nil {
			part.list, err = ReadList(part.data, part.address)
		}
		if err != nil {
			return a, err
		}
		a.list.Items = newest(append(a.list.Items, part.list.Items...))
	}
	return a, nil
}

func (s *Service) fetch(ctx context.Context, address string, limit int, known http.Header) (answer, error) {
	res, err := s.Client.Get(ctx, fetch.Request{Address: address, Limit: limit, Header: known, Check: checkStatus})
	switch {
	case err != nil:
		return answer{}, err
	case len(res.Body) > limit:
		return answer{}, tooLarge("watch.fetch", limit)
	}
	return answer{data: res.Body, address: res.Address, header: res.Header, unchanged: res.Status == http.StatusNotModified}, nil
}

func checkStatus(host string, res *http.Response) error {
	const op = "watch.checkStatus"
	switch res.StatusCode {
	case http.StatusOK, http.StatusNonAuthoritativeInfo, http.StatusNotModified:
		return nil
	case http.StatusNotFound, http.StatusGone:
		return errs.Newf(op, errs.Upstream, "%s answered %d: it is not there any more. Check the address in a browser.", host, res.StatusCode)
	}
	return errs.Newf(op, errs.Upstream, "%s answered %d. It may show it again later.", host, res.StatusCode)
}

// takeItems takes those of the items that are new, at most MaxTaken.
func (s *Service) takeItems(ctx context.Context, r *Result, items []Item) error {
	known, err := s.known(ctx, r.Source.ID, items)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return known[i.Key].Settled })
	if r.Source.Kind == Sitemap && len(known) == 0 && len(fresh) > MaxTaken {
		if err := s.passOver(ctx, r.Source.ID, fresh[MaxTaken:]); err != nil {
			return err
		}
		fresh = fresh[:MaxTaken]
	}
	for i, item := range fresh {
		if i == MaxTaken || ctx.Err() != nil {
			r.Left = len(fresh) - i
			return nil //nolint:nilerr // the program ends: what is left is taken with the next look
		}
		t := Taken{Item: item, SourceID: r.Source.ID, Tries: known[item.Key].Tries + 1}
		s.take(ctx, r.Source, &t)
		if ctx.Err() != nil { // it was not the item's fault
			r.Left = len(fresh) - i
			return nil //nolint:nilerr // the program ends: what is left is taken with the next look
		}
		t.SeenAt = s.now()
		if err := s.Store.NoteItems(ctx, r.Source.ID, []Taken{t}); err != nil {
			return err
		}
		r.Taken = append(r.Taken, t)
	}
	return nil
}

func (s *Service) known(ctx context.Context, id int64, items []Item) (map[string]Known, error) {
	keys := make([]string, len(items))
	for i, it := range items {
		keys[i] = it.Key
	}
	return s.Store.KnownItems(ctx, id, keys)
}

// passOver settles what a sitemap listed before anybody watched it: the whole
// archive of a site is not new.
func (s *Service) passOver(ctx context.Context, id int64, old []Item) error {
	all := make([]Taken, len(old))
	for i, it := range old {
		all[i] = Taken{Item: it, SourceID: id, SeenAt: s.now(), Settled: true}
	}
	return s.Store.NoteItems(ctx, id, all)
}

// mendable are the errors that another attempt may not meet.
var mendable = []errs.Kind{errs.Upstream, errs.Internal, errs.Canceled, errs.Conflict}

// take takes one item and says in t what became of it.
func (s *Service) take(ctx context.Context, src Source, t *Taken) {
	err := s.takeOne(ctx, src, t)
	if err == nil {
		t.Settled = true
		return
	}
	t.Problem = errs.Message(err)
	if t.Problem == "" {
		t.Problem = "Something broke on our side while it was read."
	}
	t.Settled = t.Tries >= MaxTries || !slices.Contains(mendable, errs.KindOf(err))
	slog.InfoContext(ctx, "item could not be taken", "source", src.ID, "err", err)
}

func (s *Service) takeOne(ctx context.Context, src Source, t *Taken) error {
	if src.Kind == Checks {
		return s.takePage(ctx, t)
	}
	in := ingest.Input{URL: t.Address}
	if src.Kind == Folder {
		var err error
		if in, err = fileOf(src.Address, t.Address); err != nil {
			return err
		}
	}
	found, err := s.Ingest(ctx, in)
	if err != nil {
		return err
	}
	if t.ArticleID = found.ArticleID; found.New {
		t.Articles, t.Claims = 1, found.Claims
	}
	return nil
}

// takePage brings the fact-checks that a page carries into the library. A page
// that carries none is in order: sites publish other things too.
func (s *Service) takePage(ctx context.Context, t *Taken) error {
	page, err := s.fetch(ctx, t.Address, claims.MaxArticleBytes, nil)
	if err != nil {
		return err
	}
	got, why, err := s.importChecks(ctx, page, page.address)
	t.Checks = int(got.Added)
	if err == nil && why != "" && got.Added+got.Updated+got.Unchanged == 0 {
		err = errs.New("watch.takePage", errs.Invalid, why)
	}
	return err
}

// takeDump brings a dump into the library, if it is not the one that is there.
func (s *Service) takeDump(ctx context.Context, r *Result, a answer) error {
	t := Taken{Item: Item{Key: keyOf(string(a.data)), Address: a.address}, SourceID: r.Source.ID, Tries: 1, Settled: true}
	known, err := s.known(ctx, r.Source.ID, []Item{t.Item})
	if err != nil || known[t.Key].Settled {
		return err
	}
	got, why, err := s.importChecks(ctx, a, "")
	if err != nil {
		return err
	}
	t.Checks, t.SeenAt, r.Listed = int(got.Added), s.now(), int(got.Added+got.Updated+got.Unchanged)
	switch {
	case got.Rejected == 1:
		t.Problem = "One fact-check of it could not be read. " + why
	case got.Rejected > 1:
		t.Problem = fmt.Sprintf("%d fact-checks of it could not be read. The first: %s", got.Rejected, why)
	}
	r.Taken = []Taken{t}
	return s.Store.NoteItems(ctx, r.Source.ID, r.Taken)
}

// importChecks imports an answer, and says why the first record that cannot be
// read cannot. page is the address of checks that do not say theirs.
func (s *Service) importChecks(ctx context.Context, a answer, page string) (got library.Import, why string, err error) {
	format, ok := library.Lookup("claimreview")
	if !ok {
		return got, "", errs.Wrap("watch.importChecks", errs.Internal, errors.New("no format for ClaimReviews"))
	}
	im := library.Importer{Keeper: s.Library, Now: s.now, Progress: func(library.Import) {}, Reject: func(r library.Rejected) {
		if why == "" {
			why = line(r.Why)
		}
	}}
	got, err = im.Import(ctx, format, line(a.address), bytes.NewReader(a.data), page)
	return got, why, err
}
