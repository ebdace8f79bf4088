package learn_test

import (
	"bytes"
	"testing"

	"factcheck/internal/match"
	"factcheck/internal/match/learn"
)

// lists are queries of four candidates, of which the right one has the highest
// first feature, unless the second feature forbids it.
func lists() []learn.List {
	var out []learn.List
	for q := range 200 {
		l := learn.List{Weight: 1}
		best, at := float32(-1), -1
		for c := range 4 {
			row := make([]float32, match.FeatureCount)
			row[0] = float32((q*7+c*13)%29) / 29
			row[1] = float32((q*5 + c*11) % 3)
			l.Rows, l.Right = append(l.Rows, row), append(l.Right, false)
			if row[1] < 2 && row[0] > best {
				best, at = row[0], c
			}
		}
		if at >= 0 {
			l.Right[at] = true
		}
		out = append(out, l)
	}
	return out
}

var options = learn.Options{Steps: 50, Trees: 40, Depth: 3, Rate: .3, Lambda: 1, Child: .1, Part: .8, Seed: 3}

func TestTheRightCandidateComesFirst(t *testing.T) {
	m := learn.Boost(lists(), options)
	right, all := 0, 0
	for _, l := range lists() {
		best := 0
		judged := false
		for i, r := range l.Rows {
			judged = judged || l.Right[i]
			if m.Score(r) > m.Score(l.Rows[best]) {
				best = i
			}
		}
		if judged {
			all++
			if l.Right[best] {
				right++
			}
		}
	}
	if right*100 < all*95 {
		t.Errorf("%d of %d right, want at least 95 %%", right, all)
	}
}

func TestTheSameListsGiveTheSameModel(t *testing.T) {
	if !bytes.Equal(learn.Boost(lists(), options).Bytes(), learn.Boost(lists(), options).Bytes()) {
		t.Error("two runs differ")
	}
}
