package extract

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"factcheck/internal/claims"
)

// Limits of what is proposed.
const (
	MaxCandidates = 2_000 // of one article: the best are kept
	MaxSentence   = 4_000 // bytes; nobody could check a longer one, so it is not read
	MinScore      = 0.5   // a statement below it by the rules is proposed only if its judge says more
	LeastScore    = 0.05  // what its judge scores lower is not proposed
	minWords      = 3     // of a candidate
)

// Find returns the candidates of a, best first: those with the same score in
// the order of the text. It reads Text, Title, Lang and PublishedAt only. Every Span
// verifies against a.Text; Sentence, Attribution and Quotes are byte offsets
// of the same text. The text may be any bytes at all (clean.go). Dates are seen from the day
// of PublishedAt.
func Find(a claims.Article) []claims.Candidate { return Finder{Score: Rules}.Find(a) }

// Finder finds claims with a scorer and a judge of the caller's: the scorer
// tells statements from scene, question and opinion by what they are made of,
// the judge says how much each deserves a check.
type Finder struct {
	Score Scorer       // decides what is proposed; Rules if nil
	Judge claims.Judge // gives the scores and the reasons; Score if nil
}

// Find is the package's Find with f's scorer.
func (f Finder) Find(a claims.Article) []claims.Candidate {
	if f.Score == nil {
		f.Score = Rules
	}
	given := a.Text
	var moved shifts
	a.Text, moved = cleaned(given)
	a.Title, _ = cleaned(a.Title)
	if strings.TrimSpace(a.Text) == "" {
		return nil
	}
	out := f.find(a)
	if moved != nil {
		kept := out[:0]
		for _, c := range out {
			if moved.put(&c, given) {
				kept = append(kept, c)
			}
		}
		out = kept
	}
	return out
}

// find is Find for a text that is composed and holds no hidden marks.
func (f Finder) find(a claims.Article) []claims.Candidate {
	x := newExtraction(a, f.Score)
	x.judges = f.Judge != nil
	lang := a.Lang
	if isEnglish(a.Lang, a.Text) {
		lang = "en"
		x.voices = voices()
		x.names()
		x.frames()
		x.claims()
	} else {
		if x.foreign(); lang == "" {
			lang = "und"
		}
	}
	if f.Judge != nil {
		x.judged(f.Judge, lang)
	}
	return x.best()
}

// sentence is a sentence with the line it stands in.
type sentence struct {
	claims.Offsets
	role   role
	opens  bool // first of its line
	line   int
	frames [2]int // of discourse.frames
	topic  int    // entity that the text is about where the sentence begins, -1 if none
}

// found is a candidate before its strings are made.
type found struct {
	start, end int
	sentence   claims.Offsets
	score      float64
	kind       claims.Kind
	who        claims.Attribution
	reasons    []string
	short      string
	due, said  time.Time
	foreign    bool   // of a language without rules
	asker      bool   // by somebody who mostly asks
	marks      []mark // where the features that may be reasons were seen
}

// extraction is the work on one article.
type extraction struct {
	text   string
	score  Scorer
	today  time.Time // day of the article; zero: unknown
	judges bool      // a judge has the last word
	sents  []sentence
	scan   scanner
	tape   tape
	turns  turns
	disc   discourse
	split  splitter
	found  []found
	marks  []mark // of the statement at hand
	cur    frame  // of the statement at hand

	voices *Voices // nil: rules alone
	order  []int
	heard  []claims.Offsets // parts and cues that the models find, by their ends
}

func newExtraction(a claims.Article, score Scorer) *extraction {
	x := &extraction{text: a.Text, score: score, today: day(a.PublishedAt)}
	quotes := quotations(a.Text)
	x.scan = scanner{text: a.Text, lex: words(), quotes: quotes}
	x.disc = discourse{text: a.Text, lex: words(), quotes: quotes, names: newNames(a.Text), said: make([]int, len(quotes)), topic: -1}
	x.divide(a.Title)
	x.findTurns()
	return x
}

// divide finds the sentences and what their lines are for.
func (x *extraction) divide(title string) {
	all := Sentences(x.text)
	first, line := true, 0
	for start, at := 0, 0; start < len(x.text) && at < len(all); line++ {
		end, next := paragraphEnd(x.text, start)
		from := at
		for at < len(all) && all[at].Start < end {
			at++
		}
		if at > from {
			r := roleOf(x.text[all[from].Start:min(all[at-1].End, max(end, all[at-1].Start))], title, first)
			for i := from; i < at; i++ {
				x.sents = append(x.sents, sentence{Offsets: all[i], role: r, opens: i == from, line: line})
			}
			first = first && r != body
		}
		start = next
	}
}

// readable reports whether s is text to find claims in.
func (s sentence) readable() bool {
	return (s.role == body || s.role == item) && s.End-s.Start <= MaxSentence
}

// start is where the sentence begins behind list marks and datelines.
func (x *extraction) start(s sentence) int {
	if !s.opens {
		return s.Start
	}
	if o, ok := x.turns.labels[s.line]; ok {
		return o.End + 1 // behind the colon
	}
	return s.Start + lead(x.text[s.Start:s.End])
}

// names is the first reading.
func (x *extraction) names() {
	for i, s := range x.sents {
		if s.readable() {
			x.disc.names.sentence(x.tokens(i), i)
		}
	}
	x.disc.names.resolve()
}

// frames is the second.
func (x *extraction) frames() {
	x.listen()
	for i := range x.sents {
		s := &x.sents[i]
		s.frames[0], s.topic = len(x.disc.frames), x.disc.topic
		if s.readable() {
			x.disc.sentence(x.tokens(i), i)
		} else {
			x.disc.red = x.disc.red[:0]
		}
		x.hear(s)
		s.frames[1] = len(x.disc.frames)
	}
	x.inherit()
	x.takeTurns()
}

// listen reads the whole text with the trained models.
func (x *extraction) listen() {
	if x.voices == nil {
		return
	}
	r := reader{text: x.text, quotes: x.scan.quotes, lexis: x.voices.Lexis, sents: make([]claims.Offsets, len(x.sents)), tape: &x.tape}
	for i, s := range x.sents {
		r.sents[i] = s.Offsets
	}
	r.scan = scanner{text: x.text, lex: words(), quotes: x.scan.quotes}
	v := voicesReader{Voices: x.voices, obs: NewObserver(x.voices.Lexis)}
	r.units(func(u *Unit) { x.disc.heard = v.read(u, x.disc.heard) })
	slices.SortStableFunc(x.disc.heard, func(a, b Voice) int { return cmp.Compare(a.Cue.Start, b.Cue.Start) })
}

// hear resolves the sources of what the models find in sentence s.
func (x *extraction) hear(s *sentence) {
	d := &x.disc
	for n := len(d.heardBy); n < len(d.heard) && d.heard[n].Cue.Start < s.End; n++ {
		d.heardBy = append(d.heardBy, d.hear(&d.heard[n], s.frames[0]))
	}
}

// inherit gives quotations without a frame of their own the speaker of the
// quotation they continue: the next paragraph of a running quotation, or the
// next sentences of the same paragraph.
func (x *extraction) inherit() {
	said, quotes := x.disc.said, x.disc.quotes
	for i := len(quotes) - 1; i > 0; i-- {
		if p := quotes[i].after; p >= 0 && said[p] == 0 {
			said[p] = said[i]
		}
	}
	for i := range quotes {
		if p := quotes[i].after; p >= 0 && said[i] == 0 {
			said[i] = said[p]
		}
		if i == 0 || said[i] != 0 || said[i-1] == 0 {
			continue
		}
		gap := x.text[quotes[i-1].outer.End:quotes[i].outer.Start]
		if len(gap) < 200 && !strings.ContainsAny(gap, "\n\r") && x.standsFree(quotes[i]) {
			said[i] = said[i-1]
		}
	}
}

// standsFree reports whether q fills whole sentences, so that it goes on
// without a frame.
func (x *extraction) standsFree(q quote) bool {
	i, _ := slices.BinarySearchFunc(x.sents, q.outer.Start, func(s sentence, at int) int { return cmp.Compare(s.Start, at) })
	return i < len(x.sents) && x.sents[i].Start == q.outer.Start
}

// best makes candidates of what was found.
func (x *extraction) best() []claims.Candidate {
	slices.SortStableFunc(x.found, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	x.found = x.found[:min(len(x.found), MaxCandidates)]
	out := make([]claims.Candidate, 0, len(x.found))
	for _, f := range x.found {
		span, err := claims.SpanAt(x.text, f.start, f.end)
		if err != nil {
			continue // never: tokens lie on rune boundaries
		}
		out = append(out, claims.Candidate{
			Span: span, Sentence: f.sentence, Score: f.score, Kind: f.kind, Attribution: f.who,
			Quotes: within(x.text, x.disc.quotes, f.start, f.end), Reasons: f.reasons, ShortForm: f.short,
			Due: f.due, SaidAt: f.said,
		})
	}
	return out
}
