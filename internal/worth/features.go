package worth

import "unicode"

// Feature is one hashed n-gram: its place in the table, and how much.
type Feature struct {
	At    uint32
	Value float32
}

// Features are the numbers that the models see of one sentence.
type Features struct {
	Grams []Feature
	Dense []float32 // DenseSize
}

// Extractor turns sentences into features; one goroutine at a time.
type Extractor struct {
	scanner
	lex  lexicon
	at   Features // of the sentence at hand
	from []int32  // token of each of its n-grams
	text string
}

// NewExtractor reads the word classes, as data/models/words.txt has them.
func NewExtractor(words string) *Extractor { return &Extractor{lex: readLexicon(words)} }

// Features are the features of text, for the caller to keep.
func (x *Extractor) Features(text string) Features {
	x.at = Features{}
	x.features(text)
	f := x.at
	x.at = Features{}
	return f
}

// scan cuts text into tokens and looks up their word classes.
func (x *Extractor) scan(text string) {
	x.scanner.scan(text)
	for i := range x.tokens {
		x.tokens[i].bits = x.lex[x.tokens[i].key]
	}
}

// features writes the features of text over those at hand.
func (x *Extractor) features(text string) {
	x.scan(text)
	x.text = text
	x.at.Grams, x.from = x.at.Grams[:0], x.from[:0]
	x.grams(text, func(token int, at uint32, v float32) {
		x.at.Grams, x.from = append(x.at.Grams, Feature{at, v}), append(x.from, int32(token))
	})
	if x.at.Dense == nil {
		x.at.Dense = make([]float32, DenseSize)
	}
	x.dense(text, x.at.Dense)
}

// Language guesses the language of a sentence among those with models, by
// script and by its commonest words; "en" if nothing speaks for another.
func (x *Extractor) Language(text string) string {
	arabic, cyrillic, latin := 0, 0, 0
	for _, r := range text {
		switch {
		case r < 0x250:
			if isLetter(r) {
				latin++
			}
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		}
	}
	switch {
	case arabic > latin:
		return "ar"
	case cyrillic > latin:
		return "bg"
	}
	x.scan(text)
	var seen [64]int
	for _, t := range x.tokens {
		for bits, c := t.bits>>firstLanguage, 0; bits != 0; bits, c = bits>>1, c+1 {
			seen[c] += int(bits & 1)
		}
	}
	best := 0 // English
	for c := range languages {
		if seen[c] > seen[best] {
			best = c
		}
	}
	return languages[best]
}
