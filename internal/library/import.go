package library

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"factcheck/internal/errs"
)

// Import is how far a file was read. A file that was read to its end and is
// imported again begins anew: its checks may have changed.
type Import struct {
	ID         int64
	Format     string
	Name       string // of the file, for people
	Identity   string // of its content; see Identify
	Bytes      int64  // of the file
	At         Position
	Version    int64 // grows with each step; see Keeper
	Added      int64 // checks that were not in the library
	Updated    int64 // checks that were, and differed
	Unchanged  int64 // checks that were, to the letter
	Rejected   int64 // records that could not be read
	Skipped    int64 // records without a fact-check
	StartedAt  time.Time
	ChangedAt  time.Time
	FinishedAt time.Time // zero while there is more to read
}

// Keeper keeps checks and how far files were read.
type Keeper interface {
	// BeginImport returns the unfinished import of the same format and identity,
	// or a new one.
	BeginImport(ctx context.Context, i Import) (Import, error)
	// SaveImport stores checks and the import that they bring forward, in one
	// transaction; it counts what was added, updated and unchanged. Conflict if
	// somebody else brought the import forward since.
	SaveImport(ctx context.Context, i Import, checks []Check) (Import, error)
}

// batch is how many checks are stored in one transaction.
const batch = 4000

// Importer brings files into a library.
type Importer struct {
	Keeper Keeper
	Now    func() time.Time
	// Reject is called for each record that cannot be read, in the order of the
	// file, and once only even if the import is resumed.
	Reject func(Rejected)
	// Progress is called after each batch, and at the beginning.
	Progress func(Import)
}

// Identify tells one file from another without reading all of it: by its size
// and the hash of its first and last 256 KB.
func Identify(r io.ReadSeeker) (identity string, size int64, err error) {
	const part = 256 << 10
	size, err = r.Seek(0, io.SeekEnd)
	if err != nil {
		return "", 0, fmt.Errorf("size of file: %w", err)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%d\n", size)
	for _, from := range []int64{0, max(0, size-part)} {
		if _, err := r.Seek(from, io.SeekStart); err != nil {
			return "", 0, fmt.Errorf("seek: %w", err)
		}
		if _, err := io.CopyN(h, r, part); err != nil && !errors.Is(err, io.EOF) {
			return "", 0, fmt.Errorf("read file: %w", err)
		}
	}
	_, err = r.Seek(0, io.SeekStart)
	return hex.EncodeToString(h.Sum(nil)[:16]), size, err
}

// Import reads a file into the library, from where an earlier attempt stopped.
// It reads ahead while a batch is stored. What is returned is true also if err
// is not nil: so far it came.
func (im *Importer) Import(ctx context.Context, f Format, name string, r io.ReadSeeker, page string) (Import, error) {
	identity, size, err := Identify(r)
	if err != nil {
		return Import{}, err
	}
	now := im.Now()
	i, err := im.Keeper.BeginImport(ctx, Import{Format: f.Name, Name: name, Identity: identity, Bytes: size, StartedAt: now, ChangedAt: now})
	if err != nil {
		return i, err
	}
	im.Progress(i)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	parcels := make(chan parcel, 1)
	go func() {
		defer close(parcels)
		pack(ctx, f.Read(r, Options{Page: page, From: i.At}), parcels)
	}()
	done := i.At
	for p := range parcels {
		if p.err != nil {
			return i, p.err
		}
		if i, err = im.keep(ctx, i, p, done); err != nil {
			return i, err
		}
		done = i.At
		im.Progress(i)
	}
	if err := ctx.Err(); err != nil {
		return i, errs.Wrap("library.Import", errs.Canceled, err)
	}
	i.FinishedAt, i.ChangedAt = im.Now(), im.Now()
	return im.Keeper.SaveImport(ctx, i, nil)
}

// keep stores one parcel.
func (im *Importer) keep(ctx context.Context, i Import, p parcel, done Position) (Import, error) {
	i.At, i.ChangedAt = p.next, im.Now()
	if i.At == (Position{}) {
		i.At = done // no place to take it up again: an attempt after this one repeats the parcel
	}
	i.Rejected += int64(len(p.rejected))
	i.Skipped += int64(p.skipped)
	i, err := im.Keeper.SaveImport(ctx, i, p.checks)
	if err != nil {
		return i, err
	}
	for _, r := range p.rejected {
		im.Reject(r)
	}
	return i, nil
}

// parcel is what is stored in one transaction.
type parcel struct {
	checks   []Check
	rejected []Rejected
	skipped  int
	next     Position
	err      error
}

// pack reads records and hands them on in parcels.
func pack(ctx context.Context, items func(func(Item, error) bool), out chan<- parcel) {
	var p parcel
	records := 0
	send := func() bool {
		select {
		case out <- p:
			p, records = parcel{next: p.next}, 0
			return true
		case <-ctx.Done():
			return false
		}
	}
	for it, err := range items {
		if err != nil { // what was read before it counts
			if send() {
				p.err = err
				send()
			}
			return
		}
		p.checks = append(p.checks, it.Checks...)
		p.rejected = append(p.rejected, it.Rejected...)
		p.skipped += it.Skipped
		p.next = it.Next
		records++
		if (len(p.checks) >= batch || records >= 4*batch) && !send() {
			return
		}
	}
	send()
}
