// Package errs holds the only error type that crosses packages.
//
// An [Error] says where it happened (Op, for the log), what sort of failure it
// is (Kind, for the machine) and what to do about it (Msg, for the person). A
// [Kind] is itself an error, so errors.Is(err, errs.Conflict) just works.
package errs

import (
	"context"
	"errors"
	"fmt"
)

// Kind is the sort of failure. The web and the command line each map every
// kind to a status; see Kinds.
type Kind string

// The kinds of failure.
const (
	Invalid   Kind = "invalid"   // what was entered cannot be used
	NotFound  Kind = "not found" // there is no such thing
	Forbidden Kind = "forbidden" // this person may not do it
	SignIn    Kind = "sign in"   // nobody is signed in
	Conflict  Kind = "conflict"  // somebody else changed it first
	TooMany   Kind = "too many"  // tried too often; wait
	TooLarge  Kind = "too large" // over a size limit
	Upstream  Kind = "upstream"  // another site failed
	Canceled  Kind = "canceled"  // the caller left
	Internal  Kind = "internal"  // our fault
)

// Kinds lists every kind, for tests that a table is complete.
var Kinds = []Kind{Invalid, NotFound, Forbidden, SignIn, Conflict, TooMany, TooLarge, Upstream, Canceled, Internal}

// Error makes a Kind usable as the target of errors.Is.
func (k Kind) Error() string { return string(k) }

// Error is a failure with a place, a kind and a sentence for the person.
type Error struct {
	Op   string // package.Function, for the log
	Kind Kind
	Msg  string // a sentence that says what to do; may be empty
	Err  error  // the cause, for the log; may be nil
}

// Error is the text for the log; people are shown Message.
func (e *Error) Error() string {
	s := e.Op + ": " + string(e.Kind)
	if e.Msg != "" {
		s += ": " + e.Msg
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives errors.Is the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

// New returns an Error with a sentence for the person.
func New(op string, kind Kind, msg string) error {
	return &Error{Op: op, Kind: kind, Msg: msg}
}

// Newf is New with a formatted sentence.
func Newf(op string, kind Kind, format string, args ...any) error {
	return &Error{Op: op, Kind: kind, Msg: fmt.Sprintf(format, args...)}
}

// Wrap returns an Error whose cause is err; nil if err is nil. The sentence
// for the person, if any, stays the cause's.
func Wrap(op string, kind Kind, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, Kind: kind, Err: err}
}

// KindOf is the kind of the outermost Error in err. A cancelled context is
// Canceled; anything unknown is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	if errors.Is(err, context.Canceled) {
		return Canceled
	}
	return Internal
}

// Message is the outermost sentence for the person in err, or "" if there is
// none.
func Message(err error) string {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return ""
		}
		if e.Msg != "" {
			return e.Msg
		}
		err = e.Err
	}
	return ""
}
