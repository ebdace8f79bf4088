package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"factcheck/internal/measure"
)

const (
	testClaims = `{"id":7,"text":"The Harbour Bridge cost 2 billion dollars.","title":"What did the bridge cost?","date":"2024-03-01","lang":"en"}
{"id":"bees","text":"Honey bees have disappeared from Norland.","publisher":null,"rating":null}
`
	testQueries = `{"id":"q1","text":"Did the Harbour Bridge really cost billions?","context":null}
{"id":2,"text":"They have all gone.","context":{"before":["We spoke of the honey bees of Norland."],"after":["So sad."]}}
{"id":"q3","text":"Honey bees have disappeared from Norland.","self":"bees"}
`
)

func testFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPredictMatchKeepsIDsAndNeverAnswersSelf(t *testing.T) {
	flags := matchFlags{Claims: testFile(t, "claims.jsonl", testClaims), Vectors: "auto"}
	var out bytes.Buffer
	if err := predictMatch(context.Background(), flags, strings.NewReader(testQueries), &out); err != nil {
		t.Fatal(err)
	}
	first := map[string]string{}
	for line := range strings.Lines(out.String()) {
		var a matchAnswer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if a.Rank == 1 {
			first[string(a.Query)] = string(a.Claim)
		}
		if string(a.Query) == `"q3"` && string(a.Claim) == `"bees"` {
			t.Error("a claim was returned to itself")
		}
	}
	for q, want := range map[string]string{`"q1"`: "7", "2": `"bees"`} {
		if first[q] != want {
			t.Errorf("first of %s is %s, want %s", q, first[q], want)
		}
	}
}

func TestPredictMatchSaysWhatIsMissing(t *testing.T) {
	tests := []struct{ name, claims, queries, sentence string }{
		{"no id", `{"text":"a"}`, testQueries, "Line 1 of the claims cannot be read"},
		{"no text", testClaims, `{"id":1}`, "Line 1 is not a query"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			flags := matchFlags{Claims: testFile(t, "claims.jsonl", tt.claims), Vectors: "none"}
			err := predictMatch(context.Background(), flags, strings.NewReader(tt.queries), &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), tt.sentence) {
				t.Errorf("got %v, want %q", err, tt.sentence)
			}
		})
	}
	if err := predictMatch(context.Background(), matchFlags{}, strings.NewReader(testQueries), &bytes.Buffer{}); err == nil {
		t.Error("no error without --claims")
	}
}

func TestEvalMatchReadsEachKindOfGold(t *testing.T) {
	pred := []byte(`{"query":"a","claim":"1","rank":1,"score":0.9}`)
	tests := []struct{ gold, pred, metric string }{
		{`{"query":"a","claim":"1"}`, string(pred), "MAP@5"},
		{`{"query":"a","answerable":true,"claims":["1"]}`, string(pred), "top1_right_of_answerable"},
		{`{"id":"a","label":1}`, `{"id":"a","score":0.4}`, "AP"},
	}
	for _, tt := range tests {
		r, err := evalMatch([]byte(tt.gold), []byte(tt.pred), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if v, ok := r.Value(tt.metric); !ok || v != 1 {
			t.Errorf("%s is %v (%v), want 1", tt.metric, v, ok)
		}
	}
}

// TestMatchOnDevelopmentSets prints the metrics of every set in the folder that
// FACTCHECK_MATCH_SETS names, each a folder of claims, queries and qrels. The
// shipped models have seen these sets: the numbers to judge them by are those
// of docs/models/matching.md.
func TestMatchOnDevelopmentSets(t *testing.T) {
	folder := os.Getenv("FACTCHECK_MATCH_SETS")
	if folder == "" {
		t.Skip("FACTCHECK_MATCH_SETS names no folder")
	}
	names, err := filepath.Glob(filepath.Join(folder, "*", "qrels.dev.jsonl.gz"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no sets in %s: %v", folder, err)
	}
	for _, name := range names {
		set := filepath.Dir(name)
		t.Run(filepath.Base(set), func(t *testing.T) {
			queries, err := readRows(filepath.Join(set, "queries.dev.jsonl.gz"))
			if err != nil {
				t.Fatal(err)
			}
			gold, err := readRows(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, noDates := range []bool{false, true} {
				flags := matchFlags{Claims: filepath.Join(set, "claims.jsonl.gz"), Vectors: "auto", NoDates: noDates}
				var pred bytes.Buffer
				if err := predictMatch(context.Background(), flags, bytes.NewReader(queries), &pred); err != nil {
					t.Fatal(err)
				}
				var r measure.Report
				if r, err = evalMatch(gold, pred.Bytes(), nil, 0); err != nil {
					t.Fatal(err)
				}
				m, _ := r.Value("MAP@5")
				recall, _ := r.Value("recall@10")
				t.Logf("no dates %v: MAP@5 %.4f, recall@10 %.4f", noDates, m, recall)
			}
		})
	}
}
