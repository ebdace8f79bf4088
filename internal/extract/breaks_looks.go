package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wideStop reports whether s begins with a full stop of a script that puts no
// space behind it.
func wideStop(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '。' || r == '！' || r == '？'
}

// know fills in what is known of a chunk by itself.
func (b *breaker) know(c *chunk) {
	core := b.text[c.coreStart:c.coreEnd]
	lead, trail := b.text[c.start:c.coreStart], b.text[c.coreEnd:c.end]
	if core == "" {
		lead, trail = "", b.text[c.start:c.end]
	}
	if len(core) <= 48 {
		c.low, _, c.suf3, _ = lowHash(core)
	}
	c.lead, c.trail = markHash(lead), markHash(trail)
	c.last = trailOf(trail)
	c.first = firstOf(core)
	c.shape = shapeOfCore(core, trail)
	c.abbr, c.bits = b.listed(core)
	open := uint8(0)
	c.words = 1
	if n := len(b.chunks); n > 0 {
		open = b.chunks[n-1].open
		c.words = min(b.chunks[n-1].words+1, 250)
	}
	c.open = opened(opened(open, lead), trail)
}

// opened is what is open behind the marks s if open is before: 1 a quotation,
// 2 straight marks, 4 and more brackets.
func opened(open uint8, s string) uint8 {
	for _, r := range s {
		switch r {
		case '"':
			open ^= 2
		case '“', '«', '„':
			open |= 1
		case '”', '»':
			open &^= 1
		case '(', '[', '{':
			if open < 12 {
				open += 4
			}
		case ')', ']', '}':
			if open >= 4 {
				open -= 4
			}
		}
	}
	return open
}

func markHash(s string) uint32 {
	h := uint32(hashSeed)
	for i, r := range s {
		if i > 24 {
			break
		}
		switch r {
		case '”', '“', '„', '»', '«':
			r = '"'
		case '’', '‘':
			r = '\''
		case '—', '–', '―':
			r = '-'
		}
		h = (h ^ uint32(r)) * hashPrime
	}
	return h
}

func trailOf(s string) uint8 {
	stops, asks, closed, after, other := 0, 0, 0, 0, 0
	var last rune
	for _, r := range s {
		last = r
		switch r {
		case '.', '…', '。', '۔', '।':
			stops++
			after = closed
		case '?', '!', '؟', '？', '！':
			asks++
			after = closed
		case '"', '”', '“', '»', '\'', '’', ')', ']', '}', '」', '』', '*', '_':
			closed++
		default:
			other++
		}
	}
	switch {
	case s == "":
		return trailNone
	case asks > 0 && closed > after:
		return trailAskCloser
	case asks > 0:
		return trailAsk
	case stops > 0 && closed > after:
		return trailStopCloser
	case stops > 0 && closed > 0:
		return trailCloserStop
	case stops > 1:
		return trailStops
	case stops == 1 && other == 0:
		return trailStop
	case last == ':' || last == ';' || last == '：' || last == '；':
		return trailColon
	case last == ',' || last == '،' || last == '、':
		return trailComma
	case last == '-' || last == '—' || last == '–' || last == '―':
		return trailDash
	case closed > 0 && other == 0:
		return trailCloser
	}
	return trailOther
}

func firstOf(core string) uint8 {
	if core == "" {
		return firstNone
	}
	c := core[0]
	switch {
	case c >= 'a' && c <= 'z':
		return firstLower
	case c >= 'A' && c <= 'Z':
		return firstUpper
	case c >= '0' && c <= '9':
		return firstDigit
	case c < utf8.RuneSelf:
		return firstNone
	}
	r, _ := utf8.DecodeRuneInString(core)
	switch {
	case unicode.IsLower(r):
		return firstLower
	case unicode.IsUpper(r):
		return firstUpper
	case unicode.IsDigit(r):
		return firstDigit
	}
	return firstOther
}

func shapeOfCore(core, trail string) uint8 {
	letters, digits, dots, upper, other := 0, 0, 0, 0, 0
	if len(core) > 60 {
		return coreMixed
	}
	for _, r := range core {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '.':
			dots++
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		case r == ',' || r == '-' || r == '\'' || r == '’' || r == ':':
		default:
			other++
		}
	}
	switch {
	case core == "":
		return coreNone
	case other > 0:
		return coreMixed
	case letters == 1 && digits == 0:
		return coreLetter
	case dots > 0 && digits == 0 && letters <= dots+2:
		return coreInitials
	case letters == 0 && digits <= 2 && dots == 0 && (strings.HasPrefix(trail, ".") || strings.HasPrefix(trail, ")")):
		return coreListNumber
	case letters == 0:
		return coreNumber
	case dots > 0:
		return coreDotted
	case upper == letters:
		return coreUpper
	case letters <= 4 && digits == 0:
		return coreShort
	case digits == 0:
		return coreWord
	}
	return coreMixed
}

// listed is what the word lists say of core.
func (b *breaker) listed(core string) (abbr uint8, bits uint8) {
	if len(core) == 0 || len(core) > maxWord {
		return 0, 0
	}
	b.low = b.low[:0]
	for i := 0; i < len(core); i++ {
		c := core[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b.low = append(b.low, c)
	}
	abbr = uint8(b.lex.abbr[string(b.low)])
	if e := b.lex.words[string(b.low)]; e != nil {
		if e.bits&lexSay != 0 {
			bits |= 1
		}
		if e.bits&lexStarter != 0 {
			bits |= 2
		}
		if e.bits&lexPron3 != 0 {
			bits |= 4
		}
		if e.bits&lexFinite != 0 {
			bits |= 8
		}
	}
	return abbr, bits
}
