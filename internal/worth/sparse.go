package worth

import (
	"math"
	"unicode"
	"unicode/utf8"
)

// Bits is the size of the table of hashed n-grams: 2 to the power of Bits.
const Bits = 18

const mask = 1<<Bits - 1

// kinds of n-gram, each hashed apart.
const (
	gramWord = iota + 1
	gramPair
	gramTriple
	gramLetters
)

// words gives the one to three word n-grams that end at each token, and the
// number of that token.
func (s *scanner) words(add func(token int, key uint64)) {
	a, b := uint64(seedMark), uint64(seedMark) // the two tokens before
	for i, t := range s.tokens {
		add(i, mix(t.key, gramWord))
		add(i, mix(mix(b, t.key), gramPair))
		add(i, mix(mix(mix(a, b), t.key), gramTriple))
		a, b = b, t.key
	}
}

// letters gives the runs of three to five letters inside each word, a blank
// standing for the word's border, and the number of that token.
func (s *scanner) letters(text string, add func(token int, key uint64)) {
	for i, t := range s.tokens {
		if t.shape >= shapeNumber {
			continue
		}
		s.run = append(s.run[:0], ' ')
		for j := t.start; j < t.end; {
			r, n := rune(text[j]), 1
			if r >= utf8.RuneSelf {
				r, n = utf8.DecodeRuneInString(text[j:t.end])
				r = unicode.ToLower(fold(r))
			} else if 'A' <= r && r <= 'Z' {
				r |= 0x20
			}
			s.run = append(s.run, uint64(r))
			j += n
		}
		s.run = append(s.run, ' ')
		for from := range s.run {
			h := uint64(seedNumber)
			for to := from; to < len(s.run) && to < from+5; to++ {
				if h = step(h, s.run[to]); to-from >= 2 {
					add(i, mix(finish(h), gramLetters))
				}
			}
		}
	}
}

// grams gives every hashed n-gram of the scanned tokens: its token, its place
// in the table and its value. Word n-grams and runs of letters each have a sum
// of squares near one, however long the sentence.
func (s *scanner) grams(text string, add func(token int, at uint32, value float32)) {
	n := float32(1 / math.Sqrt(float64(max(1, 3*len(s.tokens)))))
	s.words(func(token int, key uint64) { add(token, uint32(key&mask), n) })
	runs := 0
	for _, t := range s.tokens {
		if t.shape < shapeNumber {
			runs += max(0, 3*t.letters-3)
		}
	}
	n = float32(1 / math.Sqrt(float64(max(1, runs))))
	s.letters(text, func(token int, key uint64) { add(token, uint32(key&mask), n) })
}
