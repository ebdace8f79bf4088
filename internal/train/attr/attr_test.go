package attr

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/extract"
)

// texts are small documents in which "said" and "warned" are cues.
func texts() []Doc {
	r := rand.New(rand.NewPCG(1, 1))
	who := []string{"Ann Brook", "The ministry", "Jon Reyes", "Police"}
	cue := []string{"said", "warned"}
	what := []string{"the road was closed", "prices would rise again", "nobody had been hurt", "the plan was ready"}
	var out []Doc
	for i := range 40 {
		d := Doc{ID: "t" + strings.Repeat("x", i)}
		for range 6 {
			at := len(d.Text)
			s, c, w := who[r.IntN(len(who))], cue[r.IntN(len(cue))], what[r.IntN(len(what))]
			d.Text += s + " " + c + " " + w + ". The day was long.\n"
			cueAt := at + len(s) + 1
			wAt := cueAt + len(c) + 1
			d.Quotes = append(d.Quotes, Quote{Type: "indirect", Source: claims.Offsets{Start: at, End: at + len(s)},
				Cue: claims.Offsets{Start: cueAt, End: cueAt + len(c)}, Parts: []claims.Offsets{{Start: wAt, End: wAt + len(w)}}})
			d.Sents = append(d.Sents, claims.Offsets{Start: at, End: wAt + len(w) + 1}, claims.Offsets{Start: wAt + len(w) + 2, End: len(d.Text) - 1})
		}
		out = append(out, d)
	}
	return out
}

func quiet(string, ...any) {}

func small() recipe {
	o := options{epochs: 4, rate: .1, drop: .2, least: 1, bits: 13, say: quiet}
	return recipe{tagger: o, linker: o, judge: o}
}

func TestWhatIsTrainedIsFoundAgain(t *testing.T) {
	docs := texts()
	v := trainVoices(docs[5:], nil, small())
	found, right := 0, 0
	for _, d := range docs[:5] {
		at := map[claims.Offsets]Quote{}
		for _, q := range d.Quotes {
			at[q.Cue] = q
		}
		for _, got := range v.Read(d.Text) {
			found++
			if q := at[got.Cue]; got.Source == q.Source && len(got.Parts) == 1 && got.Parts[0] == q.Parts[0] {
				right++
			}
		}
	}
	if right < 27 || found > 33 { // of 30
		t.Errorf("%d right of %d found, 30 are there", right, found)
	}
}

func TestSentencesAreLearned(t *testing.T) {
	docs := texts()
	m := trainBreaks(docs[5:], options{epochs: 4, rate: .1, least: 1, bits: 12, say: quiet})
	for _, d := range docs[:5] {
		if got := extract.SentencesBy(m, d.Text); len(got) != len(d.Sents) || got[0] != d.Sents[0] {
			t.Errorf("%d sentences, want %d", len(got), len(d.Sents))
		}
	}
}

func TestTrainingTwiceGivesTheSameBytes(t *testing.T) {
	docs := texts()
	a, b := trainVoices(docs, nil, small()).Bytes(), trainVoices(docs, nil, small()).Bytes()
	if !bytes.Equal(a, b) {
		t.Error("two models of the same texts")
	}
}

func TestFoldsKeepDocumentsWhole(t *testing.T) {
	seen := map[int]int{}
	for _, d := range texts() {
		f := d.Fold(5)
		if f < 0 || f > 4 || f != (Doc{ID: d.ID, Text: "other"}).Fold(5) {
			t.Errorf("%s is in fold %d", d.ID, f)
		}
		seen[f]++
	}
	if len(seen) != 5 {
		t.Errorf("folds %v", seen)
	}
}

func TestClustersPutWordsOfOneUseTogether(t *testing.T) {
	// 0 and 1 stand before 2 or 3, never before each other.
	r := rand.New(rand.NewPCG(2, 2))
	var text []int32
	for range 4000 {
		text = append(text, r.Int32N(2), 2+r.Int32N(2), -1)
	}
	c := cluster(text, 4, 2, 10)
	if c[0] != c[1] || c[2] != c[3] || c[0] == c[2] {
		t.Errorf("classes %v", c)
	}
}
