package match

import (
	"math"
	"strings"
)

// asked is a query as it is compared with records.
type asked struct {
	folded    string      // text
	words     []askedTerm // each once
	context   []askedTerm // of what stands around, without those of words
	speaker   map[uint32]bool
	bigrams   map[uint64]bool
	opposites []uint32 // terms that would turn the query round
	numbers   []number
	negated   bool
	day       int32
	self      uint32 // place of the record not to return
	grams     gramTable
	hit       []uint8 // by place in grams, for one record at a time
	english   float32 // share of words that only English has so often
	script    uint8
	grams4    []uint32
	own       wide    // the vector of the text
	around    wide    // of the text and what stands around it
	sequence  []int32 // places in words of the words in order of the text
	inside    []int32 // of words: how often each is in the stretch at hand
	total     float32 // weight of all words
	names     float32 // weight of all names
	length    int     // words
}

// askedTerm is one word of the query.
type askedTerm struct {
	term    uint32
	known   bool
	name    bool
	part    bool // split out of a hashtag without seams
	df      int
	weight  float32
	stem    string
	written string
}

const noDoc = math.MaxUint32

// Most context that is read, in bytes of each piece.
const maxContext = 600

// ask reads q against the vocabulary; the caller holds the lock.
func (x *Index) ask(q Query) *asked {
	p := readPost(q.Text)
	in := parse(once(p.body))
	a := &asked{speaker: map[uint32]bool{}, bigrams: map[uint64]bool{}, numbers: in.numbers, negated: in.negated, self: noDoc, length: len(in.words),
		english: englishShare(in.words), script: scriptOf(in.folded), folded: in.folded}
	if q.Self != "" {
		if n, ok := x.find(q.Self); ok {
			a.self = n
		}
	}
	if d := q.Date; !d.IsZero() {
		a.day = int32(d.Unix() / 86400)
	} else if !p.date.IsZero() {
		a.day = int32(p.date.Unix() / 86400)
	}
	seen := map[string]int{}
	x.addTerms(a, in.words, seen, false)
	for _, w := range in.words {
		a.sequence = append(a.sequence, int32(seen[w.stem]))
	}
	for _, tag := range in.tags {
		for _, part := range x.split(tag) {
			x.addTerms(a, []word{{stem: stem(part), written: part, name: true, tag: true}}, seen, true)
		}
	}
	author := parse(p.author + " " + q.Speaker)
	for _, w := range author.words {
		if t, ok := x.terms[w.stem]; ok && !common[w.stem] {
			a.speaker[t] = true
		}
	}
	if p.author != "" {
		x.addTerms(a, author.words, seen, false)
	}
	for _, w := range a.words {
		a.total += w.weight
		if w.name {
			a.names += w.weight
		}
	}
	a.inside = make([]int32, len(a.words))
	x.addContext(a, q.Context, seen)
	for _, w := range a.words {
		for _, o := range opposites[w.stem] {
			if t, ok := x.terms[o]; ok {
				a.opposites = append(a.opposites, t)
			}
		}
	}
	for i := 1; i < len(in.words); i++ {
		s, okS := x.terms[in.words[i-1].stem]
		t, okT := x.terms[in.words[i].stem]
		if okS && okT {
			a.bigrams[uint64(s)<<32|uint64(t)] = true
		}
	}
	x.addGrams(a, in.folded)
	if len(q.Vector) == x.vectors.dim && x.vectors.dim > 0 {
		a.own = widen(q.Vector)
	}
	if len(q.Around) == x.vectors.dim && x.vectors.dim > 0 {
		a.around = widen(q.Around)
	}
	return a
}

func (x *Index) addTerms(a *asked, words []word, seen map[string]int, part bool) {
	for _, w := range words {
		if at, ok := seen[w.stem]; ok {
			a.words[at].name = a.words[at].name || w.name
			continue
		}
		t, known := x.terms[w.stem]
		df, weight := 0, x.idf(0)
		if known {
			df, weight = int(x.df[t]), x.weight(t)
		}
		seen[w.stem] = len(a.words)
		a.words = append(a.words, askedTerm{term: t, known: known, name: w.name, part: part, df: df, weight: weight, stem: w.stem, written: w.written})
	}
}

// addContext weighs the words around the query by how near they stand.
func (x *Index) addContext(a *asked, context []string, seen map[string]int) {
	at := map[uint32]int{}
	for _, piece := range context {
		if len(piece) > maxContext {
			piece = strings.ToValidUTF8(piece[:maxContext], "")
		}
		for _, w := range parse(piece).words {
			t, ok := x.terms[w.stem]
			if _, own := seen[w.stem]; own || !ok || common[w.stem] {
				continue
			}
			if _, twice := at[t]; twice {
				continue
			}
			at[t] = len(a.context)
			a.context = append(a.context, askedTerm{term: t, known: true, name: w.name, df: int(x.df[t]), weight: x.weight(t), stem: w.stem})
		}
	}
}

// split cuts a tag without seams into words of the vocabulary, the likeliest
// way; nil if there is none.
func (x *Index) split(tag string) []string {
	const longest = 20
	if len(tag) > 40 {
		return nil
	}
	type step struct {
		cost float64
		from int
	}
	best := make([]step, len(tag)+1)
	for i := 1; i <= len(tag); i++ {
		best[i] = step{math.Inf(1), -1}
		for from := max(0, i-longest); from < i; from++ {
			if math.IsInf(best[from].cost, 1) || i-from == len(tag) {
				continue
			}
			w := tag[from:i]
			if len(w) < 3 && !common[w] {
				continue
			}
			t, ok := x.terms[stem(w)]
			if !ok || x.df[t] < 2 {
				continue
			}
			c := best[from].cost + math.Log(float64(x.live+1)/float64(x.df[t])) + 6
			if c < best[i].cost {
				best[i] = step{c, from}
			}
		}
	}
	if best[len(tag)].from < 0 {
		return nil
	}
	var parts []string
	for i := len(tag); i > 0; i = best[i].from {
		if w := tag[best[i].from:i]; !common[w] {
			parts = append(parts, w)
		}
	}
	return parts
}

// gramTable finds the weight of a gram of the query: open addressing, a power
// of two long.
type gramTable struct {
	keys    []uint32
	weights []float32
	often   []float32 // 1 + the logarithm of how often the query has it
	mask    uint32
	norm    float32 // square root of the sum of squares
	total   float32
}

func (g *gramTable) find(h uint32) int {
	if h == 0 {
		h = 1
	}
	for i := h & g.mask; ; i = (i + 1) & g.mask {
		if k := g.keys[i]; k == h || k == 0 {
			return int(i)
		}
	}
}

// Most grams of a query that are compared.
const maxGrams = 4096

func (x *Index) addGrams(a *asked, folded string) {
	var hashes []uint32
	eachGram(folded, func(h uint32, size int) {
		if len(hashes) < maxGrams {
			hashes = append(hashes, h)
		}
	})
	size := 16
	for size < 2*len(hashes) {
		size *= 2
	}
	g := &a.grams
	g.keys, g.weights, g.often, g.mask = make([]uint32, size), make([]float32, size), make([]float32, size), uint32(size-1)
	a.hit = make([]uint8, size)
	var sum float64
	for _, h := range hashes {
		i := g.find(h)
		g.often[i]++
		if g.keys[i] != 0 {
			continue
		}
		g.keys[i] = max(h, 1)
		w := x.gramWeight(h)
		g.weights[i] = w
		sum += float64(w) * float64(w)
		g.total += w
	}
	for i, n := range g.often {
		if n > 0 {
			g.often[i] = 1 + float32(math.Log(float64(n)))
		}
	}
	g.norm = float32(math.Sqrt(sum))
	seen := map[uint32]bool{}
	n := 0
	eachGram(folded, func(h uint32, size int) {
		if n++; size == 4 && n <= maxGrams {
			if k := h >> (32 - gramBits); !seen[k] {
				seen[k] = true
				a.grams4 = append(a.grams4, k)
			}
		}
	})
}

// englishShare is the share of words that are English function words.
func englishShare(words []word) float32 {
	n := 0
	for _, w := range words {
		if englishWords[w.stem] {
			n++
		}
	}
	return ratio(float32(n), float32(len(words)))
}

// scriptOf tells scripts apart by the block of the first letter beyond ASCII
// that most of a text is in; 0 is Latin.
func scriptOf(folded string) uint8 {
	latin, other, first := 0, 0, uint8(0)
	for i, r := range folded {
		if i > 400 {
			break
		}
		if r > ' ' && r < 0x300 {
			latin++
		} else if r >= 0x300 {
			if other++; first == 0 {
				first = uint8(r>>7) | 1
			}
		}
	}
	if latin >= other {
		return 0
	}
	return first
}

// English says whether text reads as English: by its letters and by its small
// words, of which a text of up to five words needs none. It is the gate before
// an encoder that knows no other language.
func English(text string) bool {
	p := parse(text)
	if len(p.words) == 0 || scriptOf(p.folded) != 0 {
		return false
	}
	foreign := 0
	for _, w := range p.words {
		if foreignWords[w.stem] {
			foreign++
		}
	}
	share := englishShare(p.words)
	if len(p.words) <= 5 {
		return foreign == 0
	}
	return share >= .08 && share > 1.5*float32(foreign)/float32(len(p.words))
}
