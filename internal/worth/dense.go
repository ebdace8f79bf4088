package worth

import "math"

// The dense features before the word classes.
const (
	denseTokens = iota // log of the number of tokens
	denseWords
	denseNumbers
	denseYears
	denseCapitals
	denseUpper
	denseQuestion
	denseExclaim
	densePercent
	denseMoney
	denseQuotes
	denseCommas
	denseDashes
	denseFirstCapital
	denseAverage  // letters a word
	denseNames    // runs of capitals that do not open the sentence
	denseInitial  // shape of the first token
	denseNumWords // number within three tokens of a unit
	densePastEd   // words in -ed
	denseIng      // words in -ing
	denseLy       // words in -ly
	denseLink     // web addresses, mentions and tags
	denseClasses  // the word classes follow, each as log of 1 + count
)

// DenseSize is how many dense features one sentence has.
var DenseSize = denseClasses + 2*len(classes)

func log1(n int) float32 { return float32(math.Log1p(float64(n))) }

// dense fills dst, DenseSize long, from the scanned tokens of text.
func (s *scanner) dense(text string, dst []float32) {
	clear(dst)
	var class [64]int
	words, letters, numbers, years, capitals, upper, names := 0, 0, 0, 0, 0, 0, 0
	question, exclaim, percent, money, quotes, commas, dashes, near := 0, 0, 0, 0, 0, 0, 0, 0
	ed, ing, ly, links := 0, 0, 0, 0
	inName := false
	last := -10
	for i, t := range s.tokens {
		bits := t.bits
		for c := range classes {
			if bits>>c&1 != 0 {
				class[c]++
				if class[c] == 1 && i < 3 {
					dst[denseClasses+len(classes)+c] = 1
				}
			}
		}
		isName := t.shape == shapeCapital || t.shape == shapeUpper
		if isName && i > 0 && !inName {
			names++
		}
		inName = isName && i > 0
		switch t.shape {
		case shapeMark:
			switch text[t.start] {
			case '?':
				question++
			case '!':
				exclaim++
			case '%':
				percent++
			case '$':
				money++
			case ',':
				commas++
			case '-':
				dashes++
			case '"':
				quotes++
			case '@', '#':
				links++
			default:
				switch r := text[t.start:t.end]; r {
				case "“", "”", "«", "»", "„":
					quotes++
				case "–", "—":
					dashes++
				case "€", "£":
					money++
				case "¿":
					question++
				case "؟":
					question++
				}
			}
			continue
		case shapeNumber:
			numbers++
			last = i
			continue
		case shapeYear:
			years++
			continue
		case shapeUpper:
			upper++
		case shapeCapital:
			capitals++
		}
		w := text[t.start:t.end]
		words++
		letters += t.letters
		if bits>>2&1 != 0 && i-last <= 3 {
			near++
		}
		if n := len(w); n > 4 {
			switch {
			case w[n-2:] == "ed":
				ed++
			case w[n-3:] == "ing":
				ing++
			case w[n-2:] == "ly":
				ly++
			}
			if w == "https" || w == "http" {
				links++
			}
		}
	}
	dst[denseTokens], dst[denseWords] = log1(len(s.tokens)), log1(words)
	dst[denseNumbers], dst[denseYears] = log1(numbers), log1(years)
	dst[denseCapitals], dst[denseUpper] = log1(capitals), log1(upper)
	dst[denseQuestion], dst[denseExclaim] = log1(question), log1(exclaim)
	dst[densePercent], dst[denseMoney] = log1(percent), log1(money)
	dst[denseQuotes], dst[denseCommas], dst[denseDashes] = log1(quotes), log1(commas), log1(dashes)
	dst[denseNames], dst[denseNumWords] = log1(names), log1(near)
	dst[densePastEd], dst[denseIng], dst[denseLy], dst[denseLink] = log1(ed), log1(ing), log1(ly), log1(links)
	if words > 0 {
		dst[denseAverage] = float32(letters) / float32(words) / 10
	}
	if len(s.tokens) > 0 {
		if s.tokens[0].shape == shapeCapital {
			dst[denseFirstCapital] = 1
		}
		dst[denseInitial] = float32(s.tokens[0].shape)
	}
	for c := range classes {
		dst[denseClasses+c] = log1(class[c])
	}
}
