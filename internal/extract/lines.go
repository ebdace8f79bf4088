package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// role is what a line of an article is for.
type role uint8

const (
	body     role = iota
	headline      // the headline, or one that divides the text
	item          // of a list
	aside         // caption, byline, advertisement, link to something else
)

// maxHeading is the most words that a line without a full stop may have to be
// taken for a heading.
const maxHeading = 14

// asides begin lines that are about the page and not part of the report.
var asides = []string{
	"photo:", "photograph:", "image:", "picture:", "video:", "caption:", "graphic:", "file photo", "source:", "credit:",
	"by ", "published", "updated", "last updated", "read more", "read also", "related:", "more on this", "follow us", "follow our", "follow the",
	"sign up", "subscribe", "advertisement", "sponsored", "copyright", "©", "all rights reserved", "share this", "click here", "watch:", "listen:",
	"additional reporting", "reporting by", "edited by", "editing by", "this article", "correction:", "editor's note", "editor’s note", "continue reading", "contact ", "comments",
}

// credits end captions.
var credits = []string{"/reuters", "/ap", "/afp", "/getty", "getty images", "(reuters)", "(ap)", "(afp)", "/epa", "/pa", "file photo", "file photo.", "/bloomberg", "press association", "/shutterstock", "handout"}

// roleOf says what the line is for. Title is the article's, first whether no
// body line came before.
func roleOf(line, title string, first bool) role {
	if title != "" && strings.EqualFold(strings.TrimSpace(line), strings.TrimSpace(title)) {
		return headline
	}
	if r, _ := utf8.DecodeRuneInString(line); strings.ContainsRune("-–—*•·▪‣●○◦", r) && r != utf8.RuneError && len(line) > 2 {
		if strings.HasPrefix(line[utf8.RuneLen(r):], " ") {
			return item
		}
	}
	if isAside(line) {
		return aside
	}
	if !sentenceEnd(line) && wordsUpTo(line, 2*maxHeading) <= maxHeading {
		if numbered(line) {
			return item
		}
		return headline
	}
	if first && !sentenceEnd(line) && wordsUpTo(line, 2*maxHeading) < 2*maxHeading {
		return headline
	}
	return body
}

func isAside(line string) bool {
	head := line[:min(len(line), 40)]
	for _, a := range asides {
		if len(head) >= len(a) && strings.EqualFold(head[:len(a)], a) && asideFits(a, line) {
			return true
		}
	}
	tail := strings.ToLower(line[max(0, len(line)-24):])
	for _, c := range credits {
		if strings.HasSuffix(tail, c) {
			return true
		}
	}
	return false
}

// asideFits keeps sentences such as "By Friday the dam had burst." in the text:
// words that also begin sentences make an aside only of a short line.
func asideFits(a, line string) bool {
	if strings.HasSuffix(a, ":") || a == "©" {
		return true
	}
	return !sentenceEnd(line) || wordsUpTo(line, 12) < 12 && a != "by " && a != "published" && a != "updated"
}

// sentenceEnd reports whether line ends as a sentence does.
func sentenceEnd(line string) bool {
	bare := strings.TrimRight(line, closers+" ")
	r, _ := utf8.DecodeLastRuneInString(bare)
	return markKind(r) == stop || r == ':' || r == ';' || r == ',' || bare == ""
}

// numbered reports whether line begins with the number of a list item.
func numbered(line string) bool {
	i := 0
	for i < len(line) && i < 3 && line[i] >= '0' && line[i] <= '9' {
		i++
	}
	return i > 0 && i+1 < len(line) && (line[i] == '.' || line[i] == ')') && line[i+1] == ' '
}

// wordsUpTo counts the words of s, up to limit.
func wordsUpTo(s string, limit int) int {
	n, in := 0, false
	for _, r := range s {
		if unicode.IsSpace(r) {
			in = false
		} else if !in {
			in = true
			if n++; n >= limit {
				return n
			}
		}
	}
	return n
}

// lead is how many bytes at the start of a sentence are not part of it: list
// marks, the time of a live blog's entry, the dateline of an agency report, the
// mark of an interview's turn.
func lead(s string) int {
	n := 0
	for range 3 {
		m := bullet(s[n:]) + stamp(s[n:])
		if m == 0 {
			m = dateline(s[n:]) + turn(s[n:])
		}
		if m == 0 {
			break
		}
		n += m
	}
	return n
}

// turn is the length of the mark of a question or an answer in an interview.
func turn(s string) int {
	for _, t := range [...]string{"Q: ", "A: ", "Q. ", "A. "} {
		if strings.HasPrefix(s, t) {
			return len(t)
		}
	}
	return 0
}

func bullet(s string) int {
	i := 0
	for i < len(s) {
		r, w := utf8.DecodeRuneInString(s[i:])
		if !strings.ContainsRune("-–—*•·▪‣●○◦ \t", r) || r == utf8.RuneError {
			break
		}
		i += w
	}
	if numbered(s[i:]) {
		i += strings.IndexByte(s[i:], ' ') + 1
	}
	return i
}

// stamp is the length of a leading clock time such as "14:35 BST –" or
// "[14:35]".
func stamp(s string) int {
	i := 0
	if strings.HasPrefix(s, "[") || strings.HasPrefix(s, "(") {
		i++
	}
	d := i
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == ':' || s[i] == '.') {
		i++
	}
	if !strings.ContainsAny(s[d:i], ":.") || i-d < 4 || i-d > 8 {
		return 0
	}
	rest := s[i:]
	trimmed := strings.TrimLeft(rest, " ])")
	for _, z := range [...]string{"am", "pm", "BST", "GMT", "UTC", "CET", "CEST", "ET", "EST", "EDT"} {
		if strings.HasPrefix(trimmed, z) {
			trimmed = strings.TrimLeft(trimmed[len(z):], " ])")
			break
		}
	}
	after := strings.TrimLeft(trimmed, "-–—:| ")
	if len(after) == len(trimmed) && !strings.HasPrefix(rest, "]") || after == "" {
		return 0
	}
	return len(s) - len(after)
}

// dateline is the length of "LONDON (Reuters) — " or "KYIV, Aug. 15 – ".
func dateline(s string) int {
	head := s[:min(len(s), 70)]
	for _, d := range [...]string{" — ", " – ", " - "} {
		i := strings.Index(head, d)
		if i < 3 {
			continue
		}
		caps := 0
		for _, r := range head[:i] {
			if !unicode.IsUpper(r) {
				break
			}
			caps++
		}
		if caps >= 3 {
			return i + len(d)
		}
	}
	return 0
}
