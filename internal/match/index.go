package match

import (
	"hash/fnv"
	"math"
	"runtime"
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

// doc is a record as the index keeps it. Of a million of them each piece of
// memory of its own counts: the fields lie behind one another.
type doc struct {
	id      string
	words   []uint32 // of all fields, each in order of the text, with nameBit
	text    string   // folded title and text
	numbers []number
	sum     uint64         // hash of the record: the same again changes nothing
	ends    [fields]uint16 // of the fields in words
	cut     uint32         // of the title in text
	tie     uint32         // hash of the text
	day     int32          // since 1970; 0 is unknown
	vectors [VectorsPerRecord]slot
	length  float32
	negated bool
	gone    bool
	script  uint8
}

// field are the words of one field.
func (d *doc) field(f int) []uint32 {
	from := uint16(0)
	if f > 0 {
		from = d.ends[f-1]
	}
	return d.words[from:d.ends[f]]
}

// folded is the folded text of one of gramFields.
func (d *doc) folded(f int) string {
	if f == fieldTitle {
		return d.text[:d.cut]
	}
	return d.text[d.cut:]
}

// Index finds records by their words, by runs of letters and by vectors. All
// methods may be called at once: readers see a record whole or not at all.
type Index struct {
	mu       sync.RWMutex
	docs     []doc
	lengths  []float32 // of docs, side by side
	byID     map[string]uint32
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

	// Marks of the record that is being entered; of use to writers alone.
	seenAll, seenFour []uint32
	turn              uint32
}

const (
	gramBits   = 19
	gramDFBits = 20
	maxDocs    = 1 << 24
)

// NewIndex is an empty index.
func NewIndex() *Index {
	return &Index{
		byID: map[string]uint32{}, terms: map[string]uint32{},
		grams: make([]list, 1<<gramBits), gramDF: make([]uint32, 1<<gramDFBits),
	}
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
	return reading{[fields]parsed{parse(r.Title), parse(once(p.body)), parse(extra), parse(r.Speaker)}}
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
	return strings.NewReplacer("-", " ", "/", ". ", "_", " ").Replace(path)
}

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
	n, ok := x.byID[id]
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
	d := doc{id: strings.Clone(r.ID), sum: sum}
	if !r.Date.IsZero() {
		d.day = int32(r.Date.Unix() / 86400)
	}
	tf := map[uint32]float32{}
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
		d.ends[f] = uint16(len(d.words))
		d.length += fieldWeight[f] * float32(len(p.words))
	}
	d.text, d.cut = in.fields[fieldTitle].folded+in.fields[fieldText].folded, uint32(len(in.fields[fieldTitle].folded))
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
	x.countGrams(&d, n)
	x.docs = append(x.docs, d)
	x.lengths = append(x.lengths, d.length)
	x.byID[d.id] = n
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

// countGrams enters the grams of d, each once.
func (x *Index) countGrams(d *doc, n uint32) {
	x.eachOnce(d, func(h uint32) { x.gramDF[h]++ }, func(h uint32) { x.grams[h].add(n) })
}

// eachOnce gives each hashed gram of d once, and each of four letters, in the
// sizes of gramDF and of grams.
func (x *Index) eachOnce(d *doc, all, four func(hash uint32)) {
	if x.seenAll == nil {
		x.seenAll, x.seenFour = make([]uint32, 1<<gramDFBits), make([]uint32, 1<<gramBits)
	}
	x.turn++
	if x.turn == 0 { // after 2^32 records the marks would repeat
		clear(x.seenAll)
		clear(x.seenFour)
		x.turn = 1
	}
	for f := range gramFields {
		eachGram(d.folded(f), func(h uint32, size int) {
			if k := h >> (32 - gramDFBits); x.seenAll[k] != x.turn {
				x.seenAll[k] = x.turn
				all(k)
			}
			if k := h >> (32 - gramBits); size == 4 && x.seenFour[k] != x.turn {
				x.seenFour[k] = x.turn
				four(k)
			}
		})
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
	n, ok := x.byID[id]
	if !ok {
		return false
	}
	d := &x.docs[n]
	d.gone = true
	x.vectors.release(&d.vectors)
	delete(x.byID, id)
	x.setLive(x.live - 1)
	seen := map[uint32]bool{}
	for _, t := range d.words {
		if t &^= nameBit; !seen[t] {
			seen[t] = true
			x.df[t]--
		}
	}
	x.eachOnce(d, func(h uint32) { x.gramDF[h]-- }, func(uint32) {})
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
