package claims_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

func TestSpanCheck(t *testing.T) {
	const text = "“Crime fell 12%,” the mayor said."
	tests := []struct {
		name string
		span claims.Span
		want error // nil or an errs.Kind
	}{
		{"exact", claims.Span{Start: 3, End: 17, Quote: "Crime fell 12%"}, nil},
		{"exact with context", claims.Span{Start: 3, End: 17, Quote: "Crime fell 12%", Prefix: "“", Suffix: ",”"}, nil},
		{"splits a rune", claims.Span{Start: 1, End: 8, Quote: text[1:8]}, errs.Invalid},
		{"wrong quote", claims.Span{Start: 3, End: 8, Quote: "crime"}, errs.Invalid},
		{"wrong prefix", claims.Span{Start: 3, End: 17, Quote: "Crime fell 12%", Prefix: "x"}, errs.Invalid},
		{"prefix before the text", claims.Span{Start: 3, End: 17, Quote: "Crime fell 12%", Prefix: "xxxxx"}, errs.Invalid},
		{"suffix after the text", claims.Span{Start: 3, End: 17, Quote: "Crime fell 12%", Suffix: strings.Repeat("x", 99)}, errs.Invalid},
		{"empty", claims.Span{Start: 3, End: 3}, errs.Invalid},
		{"backwards", claims.Span{Start: 8, End: 3}, errs.Invalid},
		{"past the end", claims.Span{Start: 3, End: 999}, errs.Invalid},
		{"negative", claims.Span{Start: -1, End: 3}, errs.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.span.Check(text); !errors.Is(err, tt.want) {
				t.Errorf("Check(%+v) = %v, want %v", tt.span, err, tt.want)
			}
		})
	}
}

func TestCodePointsInAnyOrder(t *testing.T) {
	const text = "a“😀é”z"
	c := claims.NewCodePoints(text)
	for _, i := range []int{0, 1, 4, 8, 10, 13, 14, 4, 14, 0} {
		if got, want := c.At(i), utf8.RuneCountInString(text[:i]); got != want {
			t.Errorf("At(%d) = %d, want %d", i, got, want)
		}
	}
}

func FuzzSpanAt(f *testing.F) {
	f.Add("“Crime fell 12%,” the mayor said.", 3, 17)
	f.Add("😀😀", 0, 4)
	f.Add(strings.Repeat("é", 100), 98, 102)
	f.Add("a\xffb", 0, 2)
	f.Fuzz(func(t *testing.T, text string, start, end int) {
		s, err := claims.SpanAt(text, start, end)
		if err != nil {
			return
		}
		if err := s.Check(text); err != nil {
			t.Fatalf("SpanAt(%q, %d, %d) made %+v: %v", text, start, end, s, err)
		}
		if utf8.ValidString(text) && !(utf8.ValidString(s.Quote) && utf8.ValidString(s.Prefix) && utf8.ValidString(s.Suffix)) {
			t.Fatalf("span of valid text is not valid: %+v", s)
		}
	})
}
