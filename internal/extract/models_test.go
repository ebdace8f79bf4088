package extract

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"factcheck/data"
)

func TestModelsLoad(t *testing.T) {
	began := time.Now()
	if _, err := parseBreaks(); err != nil {
		t.Errorf("sentences: %v", err)
	}
	v, err := parseVoices()
	if err != nil {
		t.Fatalf("attribution: %v", err)
	}
	if d := time.Since(began); d > 5*time.Second {
		t.Errorf("loading took %v", d) // under 100 ms on a quiet machine; this is for one that is not
	}
	if len(v.Lexis.Known) < 1000 {
		t.Errorf("%d words are known", len(v.Lexis.Known))
	}
}

func TestVoicesComeBack(t *testing.T) {
	v, err := parseVoices()
	if err != nil {
		t.Fatal(err)
	}
	b := v.Bytes()
	if again, err := ParseVoices(b); err != nil || string(again.Bytes()) != string(b) {
		t.Errorf("the models are others: %v", err)
	}
	for _, n := range []int{0, 11, 40, len(b) / 2, len(b) - 1} {
		if _, err := ParseVoices(b[:n]); err == nil {
			t.Errorf("%d bytes of %d are taken for the models", n, len(b))
		}
	}
}

// TestModelsAreThoseOfTheCards pins the files that the cards in data/models and
// the figures in docs/models are about: train anew, measure, then change both.
func TestModelsAreThoseOfTheCards(t *testing.T) {
	for name, want := range map[string]string{
		BreaksFile: "81741be0f30ac626cd38ac1142f291b411e934d1c1c2a84d0ceab36dd04af8aa",
		VoicesFile: "c8e26161ed35eb1dfcb94a19d60f89316ec8dbe450ce8feded7e44f872c3d36c",
	} {
		b, err := data.AttrModel(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(b)); got != want {
			t.Errorf("%s is %s", name, got)
		}
	}
}
