package worth

import (
	"cmp"
	"slices"
	"sync"

	"factcheck/internal/claims"
	"factcheck/internal/encode"
)

// Limits of Judge.
const (
	// MaxRead is how many texts the encoder reads for one call, the best by the
	// linear models: about two seconds' work, however long the article.
	MaxRead = 600
	// maxReasons is how many reasons anybody wants to read.
	maxReasons = 5
)

// Judge is a claims.Judge. The log-odds of a statement are the mean of those of
// its own words and of its sentence, for a clause has lost its subject and a
// sentence says more than the clause. Linear models read all of them; the best
// keep are kept, and of those the first go through the encoder until it has read
// MaxRead texts, where there is one for the language. Scores of both sorts are
// calibrated.
//
// A reason is given where what its evidence stands on raised the log-odds by
// leastReason or more: in the linear part the n-grams that end in its tokens and
// their share of the counts; in the encoder's part the difference that its
// pieces make to the mean of which the vector is made.
func Judge(all []claims.Statement, lang string, keep int) []claims.Judgement {
	return judged(all, lang, keep, MaxRead)
}

// JudgeFast is Judge without the encoder: fifty times as fast, less exact.
func JudgeFast(all []claims.Statement, lang string, keep int) []claims.Judgement {
	return judged(all, lang, keep, 0)
}

func judged(all []claims.Statement, lang string, keep, reads int) []claims.Judgement {
	lang = base(lang)
	j := judge{x: pool.Get().(*Extractor), lang: lang, all: slices.Clone(all), reads: reads, margins: make([]margins, len(all))}
	defer pool.Put(j.x)
	if len(all) <= keep {
		j.heard = make([][2]told, len(all))
	}
	j.linear()
	out := make([]claims.Judgement, len(all))
	order := j.best(keep)
	for _, i := range order {
		j.topics(i)
	}
	j.encode(order)
	slices.Sort(order) // neighbours share a sentence
	for _, i := range order {
		m := j.margins[i]
		out[i] = claims.Judgement{Score: m.weigh(m.sum()), Own: m.weigh(m.words), Reasons: j.reasons(i), Kept: true}
	}
	return out
}

// judge is the work on the statements of one text.
type judge struct {
	x       *Extractor
	lang    string
	reads   int // how many texts the encoder may read
	all     []claims.Statement
	margins []margins
	heard   [][2]told // of each statement its sentence and its words, where all are kept; else nil
}

// margins are the log-odds of a statement's words and of its sentence.
type margins struct {
	words, sentence float64
	whole           bool // they are one text
	read            bool // by the encoder
	weak            bool // another language's model
	model           *Model
	less            float64        // what it loses by who said it
	added           []contribution // what the encoder says of the evidence
}

// weakest is what a language without a model of its own may reach: less than an
// even chance, for nobody has measured it.
const weakest = .49

// weigh is the probability of a margin.
func (m margins) weigh(margin float64) float64 {
	if m.weak {
		return weakest * logistic(margin-m.less)
	}
	return logistic(margin - m.less)
}

func (m margins) sum() float64 { return (m.words + m.sentence) / 2 }

func words(s claims.Statement) string { return s.Sentence[s.At.Start:s.At.End] }

// whole reports whether the statement is nearly all of its sentence: then it is
// not read twice.
func whole(s claims.Statement) bool { return (s.At.End-s.At.Start)*10 >= len(s.Sentence)*9-40 }

// linear gives every statement its margins by the linear models. A sentence
// with many statements, which stand beside one another, is read once.
func (j *judge) linear() {
	last, lastMargin := "", 0.0
	var model *Model
	weak := false
	var lastTold told
	for i, s := range j.all {
		if s.Sentence != last || model == nil {
			model, weak = j.model(s.Sentence)
			j.x.features(s.Sentence)
			last, lastMargin = s.Sentence, model.Margin(j.x.at)
			if j.heard != nil {
				lastTold = j.told(model)
			}
		}
		if j.heard != nil {
			j.heard[i][0] = lastTold
		}
		m := &j.margins[i]
		*m = margins{words: lastMargin, sentence: lastMargin, whole: whole(s), model: model, weak: weak}
		if s.ByAsker {
			m.less = askerWeight
		}
		if !m.whole {
			j.x.features(words(s))
			m.words = model.Margin(j.x.at)
			if j.heard != nil {
				j.heard[i][1] = j.told(model)
			}
		}
	}
}

// model is the one for a sentence, and whether it was made for another language.
// What is no English text and says no language of its own is no English sentence.
func (j *judge) model(sentence string) (*Model, bool) {
	lang := j.lang
	if lang == "" || lang == unknownLang {
		lang = j.x.Language(sentence)
	}
	return shared().model(Worthy, lang), !shared().has(Worthy, lang) || j.lang == unknownLang && lang == "en"
}

// unknownLang is BCP 47 for a language that is not known.
const unknownLang = "und"

// best are the best keep statements by the linear models.
func (j *judge) best(keep int) []int {
	order := make([]int, len(j.all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(j.margins[b].sum()-j.margins[b].less, j.margins[a].sum()-j.margins[a].less)
	})
	return order[:max(0, min(len(order), keep))]
}

// topics adds the evidence for what the words of statement i speak of.
func (j *judge) topics(i int) {
	s := &j.all[i]
	s.Evidence = slices.Clip(s.Evidence)
	toks, from := j.read(i)
	for k := range topicBits {
		for _, t := range toks {
			if at := (claims.Offsets{Start: t.start + from, End: t.end + from}); t.bits&topicBits[k] != 0 && at.Start >= s.At.Start && at.End <= s.At.End {
				s.Evidence = append(s.Evidence, claims.Evidence{Reason: topics[k], At: at})
			}
		}
	}
}

// read are the tokens that the words of statement i are among, and where in its
// sentence the text begins that they are of.
func (j *judge) read(i int) ([]token, int) {
	switch s := j.all[i]; {
	case j.heard == nil:
		j.x.scan(words(s))
		return j.x.tokens, s.At.Start
	case j.margins[i].whole:
		return j.heard[i][0].tokens, 0
	default:
		return j.heard[i][1].tokens, s.At.Start
	}
}

// waiting is a statement that waits for what the encoder says of a text: its
// sentence, or its own words, which begin at byte from of it.
type waiting struct {
	statement, from int
	own             bool
}

// encode lets the encoder read the best statements and their sentences.
func (j *judge) encode(order []int) {
	var texts []string
	var readers [][]waiting // of each text
	at := map[string]int{}
	add := func(t string, r waiting) {
		k, ok := at[t]
		if !ok {
			k = len(texts)
			at[t], texts, readers = k, append(texts, t), append(readers, nil)
		}
		readers[k] = append(readers[k], r)
	}
	for _, i := range order {
		m := &j.margins[i]
		if len(texts)+2 > j.reads {
			break
		}
		if m.read = m.model.Head != nil && !m.weak; !m.read {
			continue
		}
		add(j.all[i].Sentence, waiting{statement: i})
		if !m.whole {
			add(words(j.all[i]), waiting{i, j.all[i].At.Start, true})
		}
	}
	eachReading(texts, func(k int, r encode.Reading) {
		for _, who := range readers[k] {
			j.learn(who, texts[k], r)
		}
	})
}

// eachReading reads texts on two goroutines, a batch at a time.
func eachReading(texts []string, use func(i int, r encode.Reading)) {
	if len(texts) == 0 {
		return
	}
	encoder := shared().encoder()
	var one sync.Mutex
	run := func(from, to int) {
		for ; from < to; from += batch {
			encoder.Readings(texts[from:min(from+batch, to)], func(i int, r encode.Reading) {
				one.Lock()
				defer one.Unlock()
				use(from+i, r)
			})
		}
	}
	half := len(texts) / batch / 2 * batch
	var wg sync.WaitGroup
	if half > 0 {
		wg.Go(func() { run(0, half) })
	}
	run(half, len(texts))
	wg.Wait()
}

// learn takes a reading into the margins of the statement that waits for it,
// and notes what the evidence had to do with it.
func (j *judge) learn(who waiting, text string, r encode.Reading) {
	m, s := &j.margins[who.statement], j.all[who.statement]
	head := m.model.Head
	if who.own {
		m.words = head.Margin(m.words, r.Vector)
	} else {
		linear := m.sentence
		if m.sentence = head.Margin(linear, r.Vector); m.whole {
			m.words = m.sentence
		}
	}
	share := float32(.5)
	if m.whole {
		share = 1
	}
	full := encode.Dot(head.Vector, r.Vector)
	m.added = eachReason(s.Evidence, m.added, func(is func(start, end int) bool) float32 {
		v := r.Without(func(piece int) bool {
			end := len(text)
			if piece+1 < len(r.Starts) {
				end = r.Starts[piece+1]
			}
			return is(r.Starts[piece]+who.from, end+who.from)
		})
		if v == nil {
			return 0
		}
		return share * (full - encode.Dot(head.Vector, v))
	})
}

// eachReason adds to what every reason has added so far, in the order in which
// the evidence names them, what by says of its places: is tells whether a part
// of the sentence touches one.
func eachReason(all []claims.Evidence, so []contribution, by func(is func(start, end int) bool) float32) []contribution {
	for k, e := range all {
		if slices.ContainsFunc(all[:k], func(o claims.Evidence) bool { return o.Reason == e.Reason }) {
			continue
		}
		c := slices.IndexFunc(so, func(c contribution) bool { return c.reason == e.Reason })
		if c < 0 {
			c, so = len(so), append(so, contribution{reason: e.Reason})
		}
		so[c].by += by(func(start, end int) bool {
			for _, o := range all[k:] {
				if o.Reason == e.Reason && start < o.At.End && o.At.Start < end {
					return true
				}
			}
			return false
		})
	}
	return so
}

// reasons are those of statement i: what the tokens of its evidence add to the
// linear margins, and what the encoder has said of them.
func (j *judge) reasons(i int) []string {
	s, m := j.all[i], j.margins[i]
	weight := float32(1)
	if m.read {
		weight = m.model.Head.Linear
	}
	added := m.added
	count := func(in told, from int, share float32) {
		added = eachReason(s.Evidence, added, func(is func(start, end int) bool) float32 {
			sum := float32(0)
			for t, tok := range in.tokens {
				if is(tok.start+from, tok.end+from) {
					sum += share * in.by[t]
				}
			}
			return sum
		})
	}
	if m.whole {
		weight *= 2
	}
	heard := [2]told{}
	if j.heard != nil {
		heard = j.heard[i]
	} else {
		j.x.features(s.Sentence)
		heard[0] = j.told(m.model)
	}
	count(heard[0], 0, weight/2)
	if !m.whole {
		if j.heard == nil {
			j.x.features(words(s))
			heard[1] = j.told(m.model)
		}
		count(heard[1], s.At.Start, weight/2)
	}
	return strongest(added)
}

// told is the tokens of a text, and what each adds to the margin of a model.
type told struct {
	tokens []token
	by     []float32
}

// told are those of the text whose features are at hand.
func (j *judge) told(m *Model) told {
	return told{slices.Clone(j.x.tokens), j.x.shares(m)}
}
