package extract

import (
	"strings"
	"unicode/utf8"
)

// correct puts right what the model has seen too few examples of: the items of
// a list in one line, full stops of abbreviations before words that begin
// sentences, and dots that stand for what is left out.
func (b *breaker) correct(lineStart bool) {
	list := marker{}
	if lineStart {
		list = b.marker(0)
	}
	from := 0 // chunk that the sentence begins with
	for i := range b.labels {
		k := int(b.gaps[i])
		l, r := &b.chunks[k], &b.chunks[k+1]
		if list.style != 0 {
			if m := b.marker(k + 1); m.style == list.style && (m.value == list.value+1 || m.bullet && k > 0) {
				list, b.labels[i] = m, GapBreaks
			} else if b.marker(k) == list && l.coreEnd-l.coreStart < 4 || k == list.at && list.bullet {
				b.labels[i] = GapInside
			}
		}
		switch {
		case l.shape == coreInitials && l.last == trailStop && r.first == firstUpper && r.bits&2 != 0:
			b.labels[i] = GapBreaks
		case l.shape == coreInitials && l.last == trailStop && abbr(r.abbr) == abbrAlways && r.last == trailStop:
			b.labels[i] = GapInside
			if k-from >= 3 {
				b.labels[i] = GapBreaks // He left at 6 p.m. Mr. Smith stayed.
			}
		case l.last == trailAsk && r.first == firstLower && k > from && l.first == firstUpper && l.end-l.coreEnd == 1 && b.text[l.coreEnd] == '!':
			b.labels[i] = GapInside // Yahoo! in
		case b.omits(k), k == from && r.first == firstUpper && l.last == trailStop && (l.shape == coreInitials || l.shape == coreLetter && l.first == firstUpper):
			b.labels[i] = GapInside // K.C. Ames
		case r.glued && wideStop(b.text[l.coreEnd:l.end]), r.first == firstOther && ends(l.last):
			b.labels[i] = GapBreaks // the model has seen no text without capitals
		case l.last == trailAskCloser && r.first == firstUpper && !b.speaks(k+1):
			b.labels[i] = GapBreaks
		}
		if b.labels[i] == GapBreaks {
			from = k + 1
		}
	}
}

// ends reports whether marks of this sort end sentences.
func ends(trail uint8) bool {
	return trail == trailStop || trail == trailStops || trail == trailAsk || trail == trailStopCloser || trail == trailAskCloser
}

// speaks reports whether one of the chunks from k on says that somebody spoke.
func (b *breaker) speaks(k int) bool {
	for i := k; i < min(k+6, len(b.chunks)); i++ {
		if b.chunks[i].bits&1 != 0 {
			return true
		}
		if ends(b.chunks[i].last) {
			return false
		}
	}
	return false
}

// marker is what begins an item of a list: 3. (3) c) •
type marker struct {
	style  uint32 // 0: none
	value  int
	at     int
	bullet bool
}

// marker is the one that chunk k begins with.
func (b *breaker) marker(k int) marker {
	c := b.at(k)
	if k >= len(b.chunks) {
		return marker{}
	}
	core := b.text[c.coreStart:c.coreEnd]
	if r, _ := utf8.DecodeRuneInString(b.text[c.start:c.end]); strings.ContainsRune("•·▪‣●○◦⁃", r) && r != utf8.RuneError {
		return marker{style: uint32(r), at: k, bullet: true}
	}
	trail := b.text[c.coreEnd:c.end]
	if trail != "." && trail != ")" && trail != ".)" || len(core) > 2 || core == "" {
		return marker{}
	}
	m := marker{style: c.trail, at: k}
	switch {
	case core[0] >= 'a' && core[0] <= 'h' && len(core) == 1:
		m.style, m.value = mix(c.trail, 1), int(core[0])
	case c.shape == coreListNumber || c.first == firstDigit:
		for i := range len(core) {
			if core[i] < '0' || core[i] > '9' {
				return marker{}
			}
			m.value = m.value*10 + int(core[i]-'0')
		}
	default:
		return marker{}
	}
	return m
}

// omits reports whether chunk k is the last of three dots with spaces between,
// behind a word.
func (b *breaker) omits(k int) bool {
	if k < 3 {
		return false
	}
	for i := k - 2; i <= k; i++ {
		if c := &b.chunks[i]; c.coreStart != c.coreEnd || c.end-c.start != 1 || b.text[c.start] != '.' {
			return false
		}
	}
	p := &b.chunks[k-3]
	return p.coreEnd == p.end
}
