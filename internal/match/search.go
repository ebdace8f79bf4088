package match

import (
	"cmp"
	"slices"
	"time"
)

// Query is the text that earlier records are wanted for. Only Text is needed.
type Query struct {
	Text    string
	Context []string  // what stands around it, nearest last; may be long
	Speaker string    // who says it
	Date    time.Time // when; zero if unknown
	Self    string    // ID of a record that is never returned
	Vector  []float32 // of Text, by the encoder that the records' vectors are of
	Around  []float32 // of Text with its Context (EncodedAround), by the same
}

// scratch is the memory of one search.
type scratch struct {
	sum     []float32 // by record
	touched []uint32
	qterm   []int32 // by term: 1 + place in the query
}

func (x *Index) take() *scratch {
	s, ok := x.scratch.Get().(*scratch)
	if !ok {
		s = &scratch{}
	}
	if n := len(x.docs); len(s.sum) < n {
		s.sum = make([]float32, n+n/4+64)
	}
	if n := len(x.postings); len(s.qterm) < n {
		s.qterm = make([]int32, n+n/4+64)
	}
	return s
}

// How many records each kind of evidence may propose.
const (
	wordList    = 80
	gramList    = 60
	vectorList  = 40
	contextList = 40
	speakerList = 40
	// What the words around a query count beside its own.
	contextWeight = .35
	// Most postings that one list may walk: frequent words come last and are
	// left out once it is reached.
	wordBudget = 150_000
	gramBudget = 150_000
)

// candidate is a record that at least one kind of evidence proposes.
type candidate struct {
	doc   uint32
	lists [listKinds]float32 // score by kind; 0 if not in it
	rank  [listKinds]int     // from 1; 0 if not in it
	x     []float32          // features
	score float64
	tie   uint32 // hash of the record's text
	same  bool   // it is the query, word for word
}

const (
	listWords = iota
	listGrams
	listVectors
	listContext
	listSpeaker
	listJoint
	listAround
	listKinds
)

// weighted is a list of postings with the weight of its term.
type weighted struct {
	at     uint32
	weight float32
	size   int
}

// propose collects candidates; the caller holds the lock.
func (x *Index) propose(q *asked, s *scratch) []candidate {
	var out []candidate
	place := map[uint32]int{}
	add := func(kind int, found []scored) {
		for i, f := range found {
			at, ok := place[f.doc]
			if !ok {
				at = len(out)
				place[f.doc] = at
				out = append(out, candidate{doc: f.doc, tie: x.docs[f.doc].tie, same: q.folded != "" && x.reads(f.doc, q.folded)})
			}
			out[at].lists[kind], out[at].rank[kind] = f.score, i+1
		}
	}
	add(listWords, x.byWords(q, q.words, s, wordList))
	add(listGrams, x.byGrams(q, s))
	if len(q.context) > 0 {
		add(listContext, x.byWords(q, q.context, s, contextList))
	}
	if len(q.context) > 0 || len(q.speaker) > 0 {
		joint, spoken := x.byBoth(q, s)
		add(listJoint, joint)
		add(listSpeaker, spoken)
	}
	if q.own.parts != nil {
		add(listVectors, x.byVector(q, q.own))
	}
	if q.around.parts != nil {
		add(listAround, x.byVector(q, q.around))
	}
	return out
}

type scored struct {
	doc   uint32
	score float32
}

// byWords is BM25 over the words of least frequency.
func (x *Index) byWords(q *asked, words []askedTerm, s *scratch, limit int) []scored {
	x.walk(x.lists(words), s)
	return x.best(q, s, limit)
}

// lists are the postings of words, the shortest first.
func (x *Index) lists(words []askedTerm) []weighted {
	lists := make([]weighted, 0, len(words))
	for _, w := range words {
		if w.known && w.df > 0 {
			lists = append(lists, weighted{w.term, w.weight * impactMax / 255, int(x.postings[w.term].n)})
		}
	}
	slices.SortFunc(lists, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.at, b.at))
	})
	return lists
}

func (x *Index) walk(lists []weighted, s *scratch) {
	walked := 0
	for i, l := range lists {
		if walked += l.size; walked > wordBudget && i >= 2 {
			break
		}
		b, d, step := x.postings[l.at].bytes, uint32(0), uint32(0)
		for i := 0; i < len(b); i++ {
			step, i = next(b, i)
			d += step
			if s.sum[d] == 0 {
				s.touched = append(s.touched, d)
			}
			s.sum[d] += l.weight * (float32(b[i]) + 1)
		}
	}
}

// byBoth is BM25 over the query and what stands around it, the latter at part
// of its weight: the best of all records, and of those whose speaker is the
// query's.
func (x *Index) byBoth(q *asked, s *scratch) (joint, spoken []scored) {
	words := slices.Clone(q.words)
	for _, w := range q.context {
		w.weight *= contextWeight
		words = append(words, w)
	}
	x.walk(x.lists(words), s)
	if len(q.speaker) > 0 {
		h := topK{limit: speakerList}
		for _, d := range s.touched {
			f := scored{d, s.sum[d]}
			if h.takes(f) && d != q.self && !x.docs[d].gone && x.spokenBy(q, d) {
				h.offer(f)
			}
		}
		spoken = h.sorted()
	}
	return x.best(q, s, contextList), spoken
}

// spokenBy says whether d has a speaker whose name holds a rare word of the
// query's speaker.
func (x *Index) spokenBy(q *asked, d uint32) bool {
	if !x.docs[d].spoken {
		return false
	}
	for _, id := range x.speaker(d) {
		if q.speaker[id&^nameBit] {
			return true
		}
	}
	return false
}

// byGrams sums the weights of the runs of four letters of least frequency.
func (x *Index) byGrams(q *asked, s *scratch) []scored {
	lists := make([]weighted, 0, len(q.grams4))
	for _, g := range q.grams4 {
		if n := int(x.grams[g].n); n > 0 {
			lists = append(lists, weighted{g, x.idf(n), n})
		}
	}
	slices.SortFunc(lists, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.at, b.at))
	})
	walked := 0
	for i, l := range lists {
		if walked += l.size; walked > gramBudget && i >= 2 {
			break
		}
		b, d, step := x.grams[l.at].bytes, uint32(0), uint32(0)
		for i := 0; i < len(b); {
			step, i = next(b, i)
			d += step
			if s.sum[d] == 0 {
				s.touched = append(s.touched, d)
			}
			s.sum[d] += l.weight
		}
	}
	for _, d := range s.touched { // long records hold more runs by chance
		s.sum[d] /= 12 + x.lengths[d] // about the root of its weight
	}
	return x.best(q, s, gramList)
}

// best takes the records of highest sum and leaves s empty.
func (x *Index) best(q *asked, s *scratch, limit int) []scored {
	var h topK
	h.limit = limit
	for _, d := range s.touched {
		// Whether it would be taken is asked first: it needs no look at the record.
		if f := (scored{d, s.sum[d]}); h.takes(f) && d != q.self && !x.docs[d].gone {
			h.offer(f)
		}
		s.sum[d] = 0
	}
	s.touched = s.touched[:0]
	return h.sorted()
}

// topK keeps the records of highest score; of equals the one that came first.
type topK struct {
	limit int
	heap  []scored // the worst on top
}

func worse(a, b scored) bool {
	if a.score != b.score {
		return a.score < b.score
	}
	return a.doc > b.doc
}

// takes says whether s is among the best so far.
func (h *topK) takes(s scored) bool { return len(h.heap) < h.limit || worse(h.heap[0], s) }

func (h *topK) offer(s scored) {
	if len(h.heap) < h.limit {
		h.heap = append(h.heap, s)
		for i := len(h.heap) - 1; i > 0; {
			up := (i - 1) / 2
			if !worse(h.heap[i], h.heap[up]) {
				break
			}
			h.heap[i], h.heap[up] = h.heap[up], h.heap[i]
			i = up
		}
		return
	}
	if !worse(h.heap[0], s) {
		return
	}
	h.heap[0] = s
	for i := 0; ; {
		low := i
		for _, k := range [2]int{2*i + 1, 2*i + 2} {
			if k < len(h.heap) && worse(h.heap[k], h.heap[low]) {
				low = k
			}
		}
		if low == i {
			return
		}
		h.heap[i], h.heap[low] = h.heap[low], h.heap[i]
		i = low
	}
}

func (h *topK) sorted() []scored {
	slices.SortFunc(h.heap, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
	})
	return h.heap
}
