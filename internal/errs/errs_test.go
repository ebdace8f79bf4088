package errs_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"factcheck/internal/errs"
)

func TestKindOf(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want errs.Kind
	}{
		{"direct", errs.New("op", errs.Conflict, "Reload."), errs.Conflict},
		{"wrapped", fmt.Errorf("do: %w", errs.New("op", errs.NotFound, "")), errs.NotFound},
		{"outermost wins", errs.Wrap("outer", errs.Internal, errs.New("op", errs.NotFound, "")), errs.Internal},
		{"cancelled", fmt.Errorf("query: %w", context.Canceled), errs.Canceled},
		{"unknown", io.EOF, errs.Internal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := errs.KindOf(tt.err); got != tt.want {
				t.Errorf("KindOf(%v) = %q, want %q", tt.err, got, tt.want)
			}
			if tt.want != errs.Canceled && tt.want != errs.Internal && !errors.Is(tt.err, tt.want) {
				t.Errorf("errors.Is(%v, %q) = false", tt.err, tt.want)
			}
		})
	}
}

func TestMessageIsTheOutermostSentence(t *testing.T) {
	inner := errs.New("inner", errs.Invalid, "Enter a date.")
	if got := errs.Message(errs.Wrap("outer", errs.Invalid, fmt.Errorf("x: %w", inner))); got != "Enter a date." {
		t.Errorf("Message = %q", got)
	}
	if got := errs.Message(io.EOF); got != "" {
		t.Errorf("Message of a machine error = %q, want none", got)
	}
	if errs.Wrap("op", errs.Invalid, nil) != nil {
		t.Error("Wrap(nil) is not nil")
	}
	if !errors.Is(errs.Wrap("op", errs.Upstream, io.EOF), io.EOF) {
		t.Error("the cause is lost")
	}
}
