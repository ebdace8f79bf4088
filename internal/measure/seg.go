package measure

import (
	"encoding/json"
	"io"
	"unicode"
)

// SegGold is a text and its sentences.
type SegGold struct {
	ID    string
	Text  string
	Sents []Span
}

// Seg scores sentence boundaries. Positions count code points that are no
// white space, so that space at a border does not matter. Inner boundaries are
// those that no end of line gives away.
func Seg(gold []SegGold, pred map[string][]Span) Report {
	var whole, ends, inner tally
	perfect := 0.0
	for _, g := range gold {
		at, lines := positions(g.Text)
		a, b := spanSet(g.Sents, at), spanSet(pred[g.ID], at)
		whole.add(a, b)
		ea, eb := endSet(a, nil), endSet(b, nil)
		ends.add(ea, eb)
		inner.add(endSet(a, lines), endSet(b, lines))
		if len(a) == len(b) && common(a, b) == len(a) {
			perfect++
		}
	}
	var out Report
	out.put("texts", float64(len(gold)))
	out.put("sents", whole.gold)
	out.putPRF("boundary", ends.prf())
	out.putPRF("inner_boundary", inner.prf())
	out.putPRF("sentence", whole.prf())
	out.put("perfect_texts", perfect/float64(len(gold)))
	return out
}

// tally counts what was right, predicted and gold.
type tally struct{ right, pred, gold float64 }

func (t *tally) add(gold, pred map[Span]bool) {
	t.right += float64(common(gold, pred))
	t.gold += float64(len(gold))
	t.pred += float64(len(pred))
}

func (t tally) prf() prf { return prfOf(t.right, t.pred, t.gold) }

func common(a, b map[Span]bool) int {
	n := 0
	for s := range a {
		if b[s] {
			n++
		}
	}
	return n
}

// positions counts, before each code point and at the end, those that are no
// space; lines are the positions at which a line that is not empty ends.
func positions(text string) (at []int, lines map[int]bool) {
	at, lines = []int{0}, map[int]bool{}
	n, open := 0, false
	for _, r := range text {
		if r == '\n' {
			if open {
				lines[n] = true
			}
			open = false
		} else {
			open = true
		}
		if !unicode.IsSpace(r) {
			n++
		}
		at = append(at, n)
	}
	if open {
		lines[n] = true
	}
	return at, lines
}

func spanSet(spans []Span, at []int) map[Span]bool {
	last := len(at) - 1
	out := map[Span]bool{}
	for _, s := range spans {
		p := Span{at[min(max(0, s[0]), last)], at[min(max(0, s[1]), last)]}
		if p[1] > p[0] {
			out[p] = true
		}
	}
	return out
}

// endSet are the ends of spans, as empty spans, but those in free.
func endSet(spans map[Span]bool, free map[int]bool) map[Span]bool {
	out := map[Span]bool{}
	for s := range spans {
		if !free[s[1]] {
			out[Span{s[1], s[1]}] = true
		}
	}
	return out
}

// ReadSeg reads texts with their sentences, one JSON object a line.
func ReadSeg(r io.Reader, keep Filter) ([]SegGold, error) {
	var out []SegGold
	err := rows(r, keep, func(line []byte) error {
		var g struct {
			ID    ID     `json:"id"`
			Text  string `json:"text"`
			Sents []Span `json:"sents"`
		}
		if err := json.Unmarshal(line, &g); err != nil {
			return err
		}
		out = append(out, SegGold{string(g.ID), g.Text, g.Sents})
		return nil
	})
	return out, err
}

// ReadSegPred reads sentences by id, one JSON object a line.
func ReadSegPred(r io.Reader) (map[string][]Span, error) {
	out := map[string][]Span{}
	err := rows(r, nil, func(line []byte) error {
		var p struct {
			ID    ID     `json:"id"`
			Sents []Span `json:"sents"`
		}
		if err := json.Unmarshal(line, &p); err != nil {
			return err
		}
		out[string(p.ID)] = p.Sents
		return nil
	})
	return out, err
}
