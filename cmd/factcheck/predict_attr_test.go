package main

import (
	"encoding/json"
	"testing"
)

func TestPredictAttrCountsCodePoints(t *testing.T) {
	a, err := predictAttr([]byte(`{"id":"é1","text":"Café news.\n“Le café est fermé since the flood,” Ana Lindqvist said on Monday."}`))
	if err != nil {
		t.Fatal(err)
	}
	got := a.(attrAnswer)
	if string(got.ID) != `"é1"` || len(got.Quotes) != 1 {
		t.Fatalf("got %+v", got)
	}
	q := got.Quotes[0]
	if q.Start != 11 || q.End != 47 || q.Type != "direct" || q.SpeakerStart == nil || *q.SpeakerStart != 48 || *q.SpeakerEnd != 61 || q.Canonical != "Ana Lindqvist" {
		b, _ := json.Marshal(q)
		t.Errorf("got %s", b)
	}
}

func TestPredictAttrCallsOnlyRealQuotationMarksDirect(t *testing.T) {
	a, err := predictAttr([]byte(`{"id":1,"text":"''I view them as a professional military,'' Admiral Harris said in Oslo on Monday."}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range a.(attrAnswer).Quotes {
		if q.Type != "indirect" {
			t.Errorf("doubled apostrophes are %s", q.Type)
		}
	}
}

func TestPredictSegCountsCodePoints(t *testing.T) {
	a, err := predictSeg([]byte(`{"id":1,"text":"Café. Ça va? Oui."}`))
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := json.Marshal(a); string(b) != `{"id":1,"sents":[[0,5],[6,12],[13,17]]}` {
		t.Errorf("got %s", b)
	}
}

func TestPredictNeedsIDAndText(t *testing.T) {
	for _, line := range []string{`{}`, `{"id":1}`, `{"text":""}`, `[`} {
		if _, err := predictSeg([]byte(line)); err == nil {
			t.Errorf("%s is taken for a row of seg", line)
		}
		if _, err := predictAttr([]byte(line)); err == nil {
			t.Errorf("%s is taken for a row of attr", line)
		}
	}
}
