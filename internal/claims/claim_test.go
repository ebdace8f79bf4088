package claims_test

import (
	"errors"
	"strings"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

func TestFingerprint(t *testing.T) {
	same := [][2]string{
		{"“End the war in a day,”", "end the war in a day"},
		{"He didn’t pay.", "he didn't  pay"},
		{"ﬁve percent", "five percent"},
		{"zero\u200bwidth", "zerowidth"},
		{"caf\u0065\u0301", "café"},
	}
	for _, p := range same {
		if a, b := claims.Fingerprint(p[0]), claims.Fingerprint(p[1]); a != b {
			t.Errorf("Fingerprint(%q) = %q, of %q = %q: want equal", p[0], a, p[1], b)
		}
	}
	different := [][2]string{
		{"fell 3.5 percent", "fell 35 percent"},
		{"3,500 people", "3 500 people"},
		{"he did pay", "he did not pay"},
		{"rose", "rosé"},
	}
	for _, p := range different {
		if a, b := claims.Fingerprint(p[0]), claims.Fingerprint(p[1]); a == b {
			t.Errorf("Fingerprint(%q) = Fingerprint(%q) = %q", p[0], p[1], a)
		}
	}
}

func TestCheckText(t *testing.T) {
	tests := []struct {
		name, text string
		want       error
	}{
		{"one statement", "Crime fell 12%.", nil},
		{"longest", strings.Repeat("é", claims.MaxClaimText), nil},
		{"too long", strings.Repeat("é", claims.MaxClaimText+1), errs.Invalid},
		{"blank", " \n", errs.Invalid},
		{"not text", "a\xff", errs.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := claims.CheckText(tt.text); !errors.Is(err, tt.want) {
				t.Errorf("CheckText = %v, want %v", err, tt.want)
			}
		})
	}
}
