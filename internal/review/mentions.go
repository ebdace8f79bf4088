package review

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mentioned are the active colleagues whom a text names with an @: by their
// whole name, or by its first word if that is nobody else's.
func mentioned(text string, people map[int64]Person) []int64 {
	firsts := map[string]int{}
	for _, p := range people {
		if p.Is(Roles...) {
			firsts[firstWord(p.Name)]++
		}
	}
	var ids []int64
	for id, p := range people {
		first := firstWord(p.Name)
		if p.Is(Roles...) && (calls(text, p.Name) || firsts[first] == 1 && calls(text, first)) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func firstWord(name string) string {
	first, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(name)), " ")
	return first
}

// calls reports whether text has @name as a word of its own, in any case.
func calls(text, name string) bool {
	text, name = strings.ToLower(text), "@"+strings.ToLower(strings.TrimSpace(name))
	for name != "@" {
		i := strings.Index(text, name)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(name):])
		if !wordy(before) && !wordy(after) { // not an address, nor the beginning of a longer name
			return true
		}
		text = text[i+len(name):]
	}
	return false
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
