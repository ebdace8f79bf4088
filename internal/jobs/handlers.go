package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"factcheck/internal/errs"
)

// Handlers is what a program can do, by kind. The zero value can do nothing. It
// is filled before a Runner uses it, and not changed afterwards.
type Handlers struct {
	byKind map[string]func(ctx context.Context, args []byte) error
}

// Handle registers fn for the kind of A. fn must be idempotent (see the package
// comment), bound its own time, and return soon once its context is cancelled.
// It panics if the kind is empty or taken: the program is wired wrongly.
func Handle[A Args](h *Handlers, fn func(ctx context.Context, a A) error) {
	var zero A
	kind := zero.Kind()
	if _, taken := h.byKind[kind]; taken || kind == "" {
		panic(fmt.Sprintf("jobs: kind %q is empty or handled twice", kind))
	}
	if h.byKind == nil {
		h.byKind = map[string]func(context.Context, []byte) error{}
	}
	h.byKind[kind] = func(ctx context.Context, args []byte) error {
		var a A
		d := json.NewDecoder(bytes.NewReader(args))
		d.DisallowUnknownFields() // a newer version may have meant something by it
		if err := d.Decode(&a); err != nil {
			return fmt.Errorf("decode arguments of %s: %w", kind, err)
		}
		return fn(ctx, a)
	}
}

// Kinds lists what can be done, in order.
func (h *Handlers) Kinds() []string { return slices.Sorted(maps.Keys(h.byKind)) }

// permanent marks an error that another attempt cannot mend.
type permanent struct{ err error }

func (p permanent) Error() string { return p.err.Error() }
func (p permanent) Unwrap() error { return p.err }

// Permanent makes a handler's error final: the job is dead at once. nil stays
// nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

// IsPermanent reports whether err was made by Permanent.
func IsPermanent(err error) bool {
	var p permanent
	return errors.As(err, &p)
}

// Do does one job now, in the caller's time: what a Runner does with what it has
// leased. Internal if its kind has no handler.
func (h *Handlers) Do(ctx context.Context, j Job) error {
	fn, ok := h.byKind[j.Kind]
	if !ok {
		return errs.Wrap("jobs.Do", errs.Internal, fmt.Errorf("nothing does jobs of kind %q", j.Kind))
	}
	return fn(ctx, j.Args)
}
