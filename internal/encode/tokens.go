package encode

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxTokens is how many pieces of a sentence are read.
const MaxTokens = 128

// maxBytes is how much of a sentence is cut into pieces: enough for MaxTokens.
const maxBytes = 2000

// Piece is a run of letters that the tokenizer knows, with its log-probability.
type Piece struct {
	Text  string
	Score float32
}

// reserved pieces at the head of the list stand for no text; 0 is "unknown".
const reserved = 6

// blank stands for a space inside a piece.
const blank = '\u2581'

// tokenizer is a unigram language model over pieces (Kudo, 2018): the cut of
// the text whose pieces have the highest product of probabilities.
// Its pieces stand in a tree of letters whose nodes lie in one slice.
type tokenizer struct{ nodes []node }

// node is a letter of a piece. Letters that may stand in its place are a chain
// through sibling.
type node struct {
	letter         rune
	child, sibling int32 // 0: none
	id             int32 // 0: no piece ends here
	score          float64
}

func newTokenizer(pieces []Piece) *tokenizer {
	t := &tokenizer{nodes: make([]node, 1)}
	for i, p := range pieces {
		if i < reserved {
			continue
		}
		at := int32(0)
		for _, r := range p.Text {
			next := t.step(at, r)
			if next == 0 {
				next = int32(len(t.nodes))
				t.nodes = append(t.nodes, node{letter: r, sibling: t.nodes[at].child})
				t.nodes[at].child = next
			}
			at = next
		}
		t.nodes[at].id, t.nodes[at].score = int32(i), float64(p.Score)
	}
	return t
}

// step is the node of letter r below the one at; 0 if there is none.
func (t *tokenizer) step(at int32, r rune) int32 {
	for n := t.nodes[at].child; n != 0; n = t.nodes[n].sibling {
		if t.nodes[n].letter == r {
			return n
		}
	}
	return 0
}

// way is the best one to reach a place in the text: its last piece, where that
// began, and the sum of scores.
type way struct {
	id, from int32
	score    float64
	reached  bool
}

// encode cuts text into the numbers of its pieces; neighbours that are unknown
// make one.
func (t *tokenizer) encode(text string) []int32 {
	ids, _ := t.cut(text)
	return ids
}

// cut is encode with the place at which each piece begins: a code point of the
// text in NFKC, behind the blank that is put first.
func (t *tokenizer) cut(text string) (ids []int32, from []int) {
	runes := []rune{blank}
	for _, r := range norm.NFKC.String(clip(text)) {
		if r == ' ' {
			r = blank
		}
		runes = append(runes, r)
	}
	if len(runes) == 1 {
		return []int32{0}, []int{0}
	}
	best := make([]way, len(runes)+1)
	best[0].reached = true
	for from := range runes {
		at, found := int32(0), false
		for to := from; to < len(runes); to++ {
			if at = t.step(at, runes[to]); at == 0 {
				break
			}
			if n := t.nodes[at]; n.id != 0 {
				found = true
				best[to+1].offer(n.id, from, n.score+best[from].score)
			}
		}
		if !found {
			best[from+1].offer(0, from, best[from].score)
		}
	}
	return path(best)
}

// offer takes a way that is as good as the best so far. A place that only
// unknown letters reach scores as its start does.
func (w *way) offer(id int32, from int, score float64) {
	if !w.reached || w.score == 0 || score >= w.score {
		*w = way{id, int32(from), score, true}
	}
}

func path(best []way) (ids []int32, from []int) {
	for at := len(best) - 1; at > 0; at = int(best[at].from) {
		if id := best[at].id; id != 0 || len(ids) == 0 || ids[len(ids)-1] != 0 {
			ids, from = append(ids, id), append(from, int(best[at].from))
		} else {
			from[len(from)-1] = int(best[at].from)
		}
	}
	slices.Reverse(ids)
	slices.Reverse(from)
	n := min(len(ids), MaxTokens)
	return ids[:n], from[:n]
}

func clip(s string) string {
	if len(s) <= maxBytes {
		return s
	}
	n := maxBytes
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
