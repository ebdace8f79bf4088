package extract

import (
	"testing"
	"time"
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
