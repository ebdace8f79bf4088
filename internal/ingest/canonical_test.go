package ingest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// checkCanonical reports where text is not in the form that the package comment
// promises.
func checkCanonical(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) {
		t.Errorf("not UTF-8 in NFC: %.200q", text)
	}
	if strings.ContainsAny(text, "\r\x00\t\u00a0\ufeff\u202e") || strings.Contains(text, "\n\n\n") || strings.Contains(text, "  ") {
		t.Errorf("holds what a canonical text never does: %.200q", text)
	}
	if text != strings.TrimSpace(text) {
		t.Errorf("white space around it: %.200q", text)
	}
	if again := clean(text); again != text {
		t.Errorf("cleaning it again changes it:\n%.200q\n%.200q", text, again)
	}
}
