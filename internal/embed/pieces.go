package embed

import (
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Piece is one entry of the vocabulary. Score is its log probability.
type Piece struct {
	Text  string
	Score float64
}

const (
	// MaxPieces is how many pieces of a text are read.
	MaxPieces = 128
	reserved  = 6   // the first entries of the vocabulary stand for no text
	unknown   = 0   // the piece of a letter that the vocabulary has not
	space     = "▁" // stands for a space and for the start of a text
	maxLetter = 4096
)

// trie finds the pieces that begin at a place. Children of a node are a chain
// through sibling; nodes lie in one slice.
type trie struct {
	nodes []trieNode
}

type trieNode struct {
	letter         rune
	child, sibling int32 // 0 is none
	piece          int32 // -1 is none
	score          float64
}

func newTrie(vocabulary []Piece) *trie {
	t := &trie{nodes: []trieNode{{piece: -1}}}
	for i, p := range vocabulary {
		if i < reserved {
			continue
		}
		at := int32(0)
		for _, r := range p.Text {
			next := t.step(at, r)
			if next == 0 {
				next = int32(len(t.nodes))
				t.nodes = append(t.nodes, trieNode{letter: r, sibling: t.nodes[at].child, piece: -1})
				t.nodes[at].child = next
			}
			at = next
		}
		t.nodes[at].piece, t.nodes[at].score = int32(i), p.Score
	}
	return t
}

func (t *trie) step(at int32, r rune) int32 {
	for n := t.nodes[at].child; n != 0; n = t.nodes[n].sibling {
		if t.nodes[n].letter == r {
			return n
		}
	}
	return 0
}

// Pieces cuts text into the likeliest pieces of the vocabulary (Kudo, 2018,
// arXiv:1804.10959), as the published encoder does: of equally likely cuts the
// one whose last piece begins last, and a run of unknown letters is one piece.
// No more than MaxPieces come back.
func (m *Sentence) Pieces(text string) []int32 {
	if len(text) > 4*maxLetter {
		text = strings.ToValidUTF8(text[:4*maxLetter], "")
	}
	text = norm.NFKC.String(text)
	if text == "" {
		return nil
	}
	letters := []rune(space + strings.ReplaceAll(text, " ", space))
	if len(letters) > maxLetter {
		letters = letters[:maxLetter]
	}
	type cut struct {
		score float64
		from  int32
		piece int32
	}
	best := make([]cut, len(letters)+1)
	reached := make([]bool, len(letters)+1)
	offer := func(from, to int, piece int32, score float64) {
		// A sum of exactly zero counts as not reached, as in the reference.
		if s := best[from].score + score; !reached[to] || best[to].score == 0 || s >= best[to].score {
			best[to] = cut{s, int32(from), piece}
			reached[to] = true
		}
	}
	for i := range letters {
		found := false
		at := int32(0)
		for j := i; j < len(letters); j++ {
			if at = m.trie.step(at, letters[j]); at == 0 {
				break
			}
			if n := &m.trie.nodes[at]; n.piece >= 0 {
				found = true
				offer(i, j+1, n.piece, n.score)
			}
		}
		if !found {
			offer(i, i+1, unknown, 0)
		}
	}
	var ids []int32
	for at := len(letters); at > 0; at = int(best[at].from) {
		id := best[at].piece
		if n := len(ids); id == unknown && n > 0 && ids[n-1] == unknown {
			continue
		}
		ids = append(ids, id)
	}
	for i, j := 0, len(ids)-1; i < j; i, j = i+1, j-1 {
		ids[i], ids[j] = ids[j], ids[i]
	}
	return ids[:min(len(ids), MaxPieces)]
}

// checkVocabulary holds what Pieces relies on.
func checkVocabulary(v []Piece) bool {
	for _, p := range v {
		if !utf8.ValidString(p.Text) || math.IsNaN(p.Score) {
			return false
		}
	}
	return len(v) > reserved
}
