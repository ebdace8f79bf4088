package match

import (
	"hash/fnv"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Record is one earlier claim or outside fact-check. Only ID and Text or Title
// are needed; ID is a name and never a feature.
type Record struct {
	ID        string
	Text      string // the claim as it was checked
	Title     string // headline of the check
	Detail    string // subtitle, summary or the head of the article
	Speaker   string // who said it
	Author    string // who checked it
	URL       string // of the check; the words of its path are read
	Publisher string
	Rating    string // as the publisher wrote it
	Lang      string // ISO 639-1, or ""
	Date      time.Time
}

// The fields of a record that are indexed apart.
const (
	fieldTitle = iota
	fieldText
	fieldExtra // detail, words of the address, author
	fieldSpeaker
	fields
)

// nameBit marks a term of a record that was written as a name.
const nameBit = 1 << 31

// gramFields are the fields whose runs of letters are compared: title and text.
const gramFields = fieldText + 1

// Index finds records by their words, by runs of letters and by vectors. All
// methods may be called at once: readers see a record whole or not at all.
type Index struct {
	mu       sync.RWMutex
	docs     []kept
	lengths  []float32 // of docs, side by side
	pile     pile
	names    names
	live     int
	logLive  float32 // log(live+1)
	terms    map[string]uint32
	postings []list   // of a term, with impacts
	df       []int32  // live records with the term
	common   []bool   // terms that are frequent in any text
	grams    []list   // of a hashed gram of four letters
	gramDF   []uint32 // records with a hashed gram of three to five letters
	vectors  vectors
	scratch  sync.Pool

	// Held by one who sets vectors, also while nobody else has to wait.
	filling sync.Mutex

	// What is used while a record is entered; of use to writers alone.
	bytes   []byte
	impacts map[uint32]float32
}

const (
	gramBits   = 19
	gramDFBits = 20
	maxDocs    = 1 << 24
)

// NewIndex is an empty index.
func NewIndex() *Index {
	return &Index{
		terms: map[string]uint32{}, impacts: map[uint32]float32{},
		grams: make([]list, 1<<gramBits), gramDF: make([]uint32, 1<<gramDFBits),
		vectors: vectors{many: manyVectors},
	}
}

// Expect makes room for n records at once.
func (x *Index) Expect(n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if n = min(n, maxDocs) - len(x.docs); n <= 0 {
		return
	}
	x.docs, x.lengths = slices.Grow(x.docs, n), slices.Grow(x.lengths, n)
	x.rename(2 * (x.live + n))
}

// Len is how many records the index holds.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.live
}

// weights of a word of each field in a record's impact.
var fieldWeight = [fields]float32{1, 1, .5, .3}

// Parameters of Okapi BM25 (Robertson and others, TREC-3). The mean length is
// fixed, so that an impact does not change when records come and go.
const (
	bmK       = 1.2
	bmB       = .6
	bmLength  = 28
	impactMax = bmK + 1
)

// reading is a record read, before it has a place in the index.
type reading struct {
	fields [fields]parsed
	text   string // folded title and text
	runs   runs
}

// words is how many there are in all fields: at most fields × maxWords.
func (r reading) words() int {
	n := 0
	for _, p := range r.fields {
		n += len(p.words)
	}
	return n
}

func read(r Record) reading {
	p := readPost(r.Text)
	extra := r.Detail + "\n" + pathWords(r.URL)
	if p.author != "" {
		extra += "\n" + p.author
	}
	in := reading{fields: [fields]parsed{parse(r.Title), parse(once(p.body)), parse(extra), parse(r.Speaker)}}
	title := in.fields[fieldTitle].folded
	in.text = title + in.fields[fieldText].folded
	in.runs = runsOf(in.text, len(title))
	return in
}

// pathWords are the words of the path of an address.
func pathWords(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return ""
	}
	_, path, ok := strings.Cut(rest, "/")
	if !ok || strings.Contains(path, "%") {
		return ""
	}
	path, _, _ = strings.Cut(path, "?")
	path = strings.TrimSuffix(strings.TrimSuffix(path, "/"), ".html")
	return pathMarks.Replace(path)
}

var pathMarks = strings.NewReplacer("-", " ", "/", ". ", "_", " ")

// sum is a hash of all that is indexed of r.
func (r Record) sum() uint64 {
	h := fnv.New64a()
	for _, f := range []string{r.Text, r.Title, r.Detail, r.Speaker, r.Author, r.URL, r.Lang, strconv.FormatInt(r.Date.Unix(), 10)} {
		_, _ = h.Write(append([]byte(f), 0)) // never fails
	}
	return h.Sum64()
}

// holds says whether the index has that very record.
func (x *Index) holds(id string, sum uint64) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n, ok := x.find(id)
	return ok && x.docs[n].sum == sum
}

// Add puts r into the index, in place of an earlier record of the same ID,
// whose vectors go if anything of it changed. It reports whether there was
// room.
func (x *Index) Add(r Record) bool {
	sum := r.sum()
	if x.holds(r.ID, sum) {
		return true
	}
	return x.enter(r, read(r), sum)
}

// AddAll is Add for records in their order, read on as many processors as there
// are. What is in the index does not depend on how many.
func (x *Index) AddAll(records []Record) bool {
	in := make([]*reading, len(records))
	sums := make([]uint64, len(records))
	workers := min(runtime.GOMAXPROCS(0), len(records))
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := w; i < len(records); i += workers {
				if sums[i] = records[i].sum(); !x.holds(records[i].ID, sums[i]) {
					one := read(records[i])
					in[i] = &one
				}
			}
		})
	}
	all.Wait()
	for i, r := range records {
		if in[i] != nil && !x.enter(r, *in[i], sums[i]) {
			return false
		}
	}
	return true
}

// enter puts a record that was read into the index.
func (x *Index) enter(r Record, in reading, sum uint64) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.docs) >= maxDocs {
		return false
	}
	x.remove(r.ID)
	n := uint32(len(x.docs))
	d := doc{kept: kept{sum: sum}, id: r.ID}
	if !r.Date.IsZero() {
		d.day = int32(r.Date.Unix() / 86400)
	}
	clear(x.impacts)
	tf := x.impacts
	d.words = make([]uint32, 0, in.words())
	for f := range fields {
		p := in.fields[f]
		for _, w := range p.words {
			t := x.term(w.stem)
			tf[t] += fieldWeight[f]
			if w.name {
				t |= nameBit
			}
			d.words = append(d.words, t)
		}
		d.ends[f] = len(d.words)
		d.length += fieldWeight[f] * float32(len(p.words))
	}
	d.text, d.cut = in.text, len(in.fields[fieldTitle].folded)
	d.spoken = len(d.field(fieldSpeaker)) > 0
	for f := range gramFields {
		d.numbers = append(d.numbers, in.fields[f].numbers...)
		d.negated = d.negated || in.fields[f].negated
	}
	for t, v := range tf {
		impact := v * (bmK + 1) / (v + bmK*(1-bmB+bmB*d.length/bmLength))
		x.postings[t].addWith(n, uint8(impact/impactMax*255))
		x.df[t]++
	}
	d.script = scriptOf(d.text)
	d.tie = hashGram(d.text, 0)
	for _, h := range in.runs.all {
		x.gramDF[h]++
	}
	for _, h := range in.runs.four {
		x.grams[h].add(n)
	}
	x.bytes = d.append(x.bytes[:0])
	d.at = x.pile.add(x.bytes)
	x.docs = append(x.docs, d.kept)
	x.lengths = append(x.lengths, d.length)
	x.name(d.id, n)
	x.setLive(x.live + 1)
	return true
}

func (x *Index) term(s string) uint32 {
	if t, ok := x.terms[s]; ok {
		return t
	}
	t := uint32(len(x.postings))
	x.terms[strings.Clone(s)] = t
	x.postings = append(x.postings, list{})
	x.df = append(x.df, 0)
	x.common = append(x.common, common[s])
	return t
}

// runs are the hashed runs of letters of a record, each once: of three to five
// letters in the size of gramDF, and of four in that of grams.
type runs struct{ all, four []uint32 }

// runsOf are the runs of a folded title, which ends at cut, and text.
func runsOf(text string, cut int) runs {
	size := 64
	for size < 4*len(text) {
		size *= 2
	}
	t := tables.Get().(*runTables)
	defer tables.Put(t)
	t.seen = slices.Grow(t.seen[:0], size+size/2)[:size+size/2]
	clear(t.seen)
	seenAll, seenFour := t.seen[:size], t.seen[size:]
	all, four := t.all[:0], t.four[:0]
	for _, part := range [gramFields]string{text[:cut], text[cut:]} {
		eachGram(part, func(h uint32, n int) {
			if k := h >> (32 - gramDFBits); isNew(seenAll, k) {
				all = append(all, k)
			}
			if k := h >> (32 - gramBits); n == 4 && isNew(seenFour, k) {
				four = append(four, k)
			}
		})
	}
	t.all, t.four = all, four
	return runs{slices.Clone(all), slices.Clone(four)}
}

// tables are what runsOf works with.
var tables = sync.Pool{New: func() any { return new(runTables) }}

type runTables struct{ seen, all, four []uint32 } // seen has 1 + the hash of each

// isNew says whether k is new to a table, and enters it.
func isNew(table []uint32, k uint32) bool {
	mask := len(table) - 1
	for i := int(k*0x9E3779B1>>8) & mask; ; i = (i + 1) & mask {
		switch table[i] {
		case 0:
			table[i] = k + 1
			return true
		case k + 1:
			return false
		}
	}
}

// eachGram gives the hashes of the runs of three to five letters inside each
// word of folded text, a word's spaces included.
func eachGram(folded string, add func(hash uint32, size int)) {
	var starts [6]int // of the last runes
	seen := 0
	for i, r := range folded {
		if r == ' ' && i > 0 {
			seen = shift(&starts, seen, i)
			grams(folded, &starts, seen, i+1, add)
			seen = 1
			starts[5] = i
			continue
		}
		seen = shift(&starts, seen, i)
		grams(folded, &starts, seen, i+utf8.RuneLen(r), add)
	}
}

func shift(starts *[6]int, seen, i int) int {
	copy(starts[:5], starts[1:])
	starts[5] = i
	return min(seen+1, 5)
}

func grams(folded string, starts *[6]int, seen, end int, add func(uint32, int)) {
	for size := 3; size <= seen; size++ {
		add(hashGram(folded[starts[6-size]:end], size), size)
	}
}

// hashGram is FNV-1a, mixed so that its high bits may be used.
func hashGram(s string, size int) uint32 {
	h := uint32(2166136261) ^ uint32(size)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	h ^= h >> 15
	return h * 0x9E3779B1
}

// Remove takes the record out. It reports whether it was there.
func (x *Index) Remove(id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.remove(id)
}

func (x *Index) remove(id string) bool {
	n, ok := x.find(id)
	if !ok {
		return false
	}
	d := x.open(n)
	x.docs[n].gone = true
	x.vectors.drop(&x.docs[n].vectors)
	at, _ := x.seek(id)
	x.unname(at)
	x.setLive(x.live - 1)
	seen := map[uint32]bool{}
	for _, t := range d.words {
		if t &^= nameBit; !seen[t] {
			seen[t] = true
			x.df[t]--
		}
	}
	for _, h := range runsOf(d.text, d.cut).all {
		x.gramDF[h]--
	}
	return true
}

// fewLive is how many records an index is taken to hold at least: in one of
// thirty every word is rare, and sharing "were" would say as much as sharing a
// name. commonShare is in how many of those that are not there a frequent word
// would be.
const (
	fewLive     = 400
	commonShare = .3
)

func (x *Index) setLive(n int) { x.live, x.logLive = n, float32(math.Log(float64(max(n, fewLive)+1))) }

// often is in how many records a term is, for its weight.
func (x *Index) often(t uint32) int {
	df := int(x.df[t])
	if missing := fewLive - x.live; missing > 0 && x.common[t] {
		df += int(commonShare * float64(missing))
	}
	return df
}

// idf is the weight of what df of the live records have: logarithms of whole
// numbers and a half come from a table. The caller holds the lock.
func (x *Index) idf(df int) float32 {
	if df < len(halfLogs) && df >= 0 {
		return max(x.logLive-halfLogs[df], smallestWeight)
	}
	return idf(max(x.live, fewLive), df)
}

// smallestWeight is that of what nearly every record has.
const smallestWeight = 1e-3

// halfLogs are log(df+.5).
var halfLogs = func() (t [1 << 14]float32) {
	for df := range t {
		t[df] = float32(math.Log(float64(df) + .5))
	}
	return t
}()

// idf is the weight of what df of n records have.
func idf(n, df int) float32 {
	return float32(math.Log(1 + (float64(n-df)+.5)/(float64(df)+.5)))
}
