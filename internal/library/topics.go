package library

import (
	"slices"
	"strings"
)

// topicsOf reads topics: a list, or a text with commas, semicolons or line ends
// between them. Each is kept once, at most MaxTopics, and none that is too long to
// be one.
func topicsOf(v any) []string {
	var out []string
	for _, one := range list(v) {
		for _, t := range strings.FieldsFunc(text(one, "name", "text"), func(r rune) bool { return strings.ContainsRune(",;\n", r) }) {
			t = plain(t)
			if t != "" && len(t) <= MaxName && !strings.Contains(t, "://") && !slices.Contains(out, t) && len(out) < MaxTopics {
				out = append(out, t)
			}
		}
	}
	return out
}
