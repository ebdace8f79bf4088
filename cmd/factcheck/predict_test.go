package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"factcheck/internal/errs"
	"factcheck/internal/measure"
	"factcheck/internal/worth"
)

// rows are sentences of our own in the shape of task cw.
func rows(n int) string {
	var b strings.Builder
	for i := range n {
		text, label := "Bus fares rose by 12 percent last year.", 1
		if i%2 == 1 {
			text, label = "Thank you, and good night.", 0
		}
		fmt.Fprintf(&b, `{"id": "r%d", "doc": "d", "sent_no": %d, "speaker": "", "text": %q, "label": %d}`+"\n", i, i, text, label)
	}
	return b.String()
}

func TestPredictAnswersEveryRowInOrder(t *testing.T) {
	for _, n := range []int{0, 1, group - 1, group, 2*group + 3} {
		var out bytes.Buffer
		if err := predict(context.Background(), "cw", worth.Worthy, strings.NewReader(rows(n)), &out); err != nil {
			t.Fatal(err)
		}
		i := 0
		for line := range strings.Lines(out.String()) {
			var a struct {
				ID    string
				Score float64
				Label int
			}
			if err := json.Unmarshal([]byte(line), &a); err != nil {
				t.Fatal(err)
			}
			if a.ID != fmt.Sprint("r", i) || a.Label != 1-i%2 || (a.Score > .5) != (i%2 == 0) {
				t.Errorf("%d rows: answer %d is %s", n, i, line)
			}
			i++
		}
		if i != n {
			t.Errorf("%d answers to %d rows", i, n)
		}
	}
}

func TestPredictRanksCodePoints(t *testing.T) {
	const row = `{"id": 7, "text": "Grüße! Löhne fielen um 8 % im Jahr 2020.", "sents": [[0, 6], [7, 40]]}`
	var out bytes.Buffer
	if err := predict(context.Background(), "doc", worth.Worthy, strings.NewReader(row), &out); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(out.String()); got != `{"id":7,"ranked":[1,0]}` {
		t.Errorf("predict doc = %s", got)
	}
}

func TestPredictNamesTheBrokenLine(t *testing.T) {
	tests := []struct{ task, in string }{
		{"cw", rows(1) + "nonsense"},
		{"cw", rows(1) + `{"id": "x"}`},
		{"cw", rows(1) + `{"text": "x"}`},
		{"doc", "\n" + `{"id": "x", "text": "abc", "sents": [[0, 4]]}`},
		{"doc", "\n" + `{"id": "x", "text": "abc", "sents": [[2, 1]]}`},
	}
	for _, tt := range tests {
		err := predict(context.Background(), tt.task, worth.Worthy, strings.NewReader(tt.in), new(bytes.Buffer))
		if errs.KindOf(err) != errs.Invalid || !strings.Contains(errs.Message(err), "Line 2") {
			t.Errorf("predict %s of %q = %v, want a sentence that names line 2", tt.task, tt.in, err)
		}
	}
}

func TestPredictStopsWhenItIsTold(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	err := predict(ctx, "cw", worth.Worthy, strings.NewReader(rows(3)), new(bytes.Buffer))
	if errs.KindOf(err) != errs.Canceled {
		t.Errorf("predict = %v, want it cancelled", err)
	}
}

func TestEvalScoresWhatPredictSays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gold.jsonl")
	if err := os.WriteFile(path, []byte(rows(10)), 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	e := &env{stdout: &out}
	if err := (evalCmd{Task: "cw", Gold: path, Kind: worth.Worthy, JSON: true}).Run(context.Background(), e); err != nil {
		t.Fatal(err)
	}
	var got map[string]float64
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got["n"] != 10 || got["ap"] != 1 || got["pos_f1"] != 1 {
		t.Errorf("eval = %v", got)
	}
	err := (evalCmd{Task: "cw", Gold: path, Kind: worth.Worthy, Where: map[string]string{"doc": "none"}}).Run(context.Background(), e)
	if errs.KindOf(err) != errs.NotFound {
		t.Errorf("eval of no row = %v, want not found", err)
	}
	err = (evalCmd{Task: "cw", Gold: path + ".missing", Kind: worth.Worthy}).Run(context.Background(), e)
	if errs.KindOf(err) != errs.Invalid {
		t.Errorf("eval of no file = %v, want invalid", err)
	}
}

func TestEveryTaskCanBeEvaluated(t *testing.T) {
	const gold = `{"id": "a", "text": "Rain.", "label": 1, "sents": [[0, 5]], "quotes": [], "claims": [{"gold_sents": [0]}]}`
	for name := range tasks(worth.Worthy) {
		r, err := evaluate(name, []byte(gold), []byte(`{"id": "a", "score": 1, "sents": [[0, 5]], "ranked": [0], "quotes": []}`), measure.Filter{})
		if err != nil || len(r) == 0 {
			t.Errorf("evaluate %s = %v, %v", name, r, err)
		}
	}
}

// TestWhoAsksIsNoSourceOfClaims scores one sentence twice in a debate of our
// own: as a candidate's and as the moderator's, who asks everything else.
func TestWhoAsksIsNoSourceOfClaims(t *testing.T) {
	const claim = "Unemployment fell from 9 percent to 4 percent in three years."
	var in strings.Builder
	row := func(id, doc, speaker, text string) {
		fmt.Fprintf(&in, `{"id": %q, "doc": %q, "speaker": %q, "text": %q}`+"\n", id, doc, speaker, text)
	}
	for i := range 10 {
		row(fmt.Sprint("q", i), "debate", "HOST", "Why did you close the harbour road?")
		row(fmt.Sprint("a", i), "debate", "LUND", "I have always said that it should be closed.")
	}
	row("hers", "debate", "LUND", claim)
	row("asked", "debate", "HOST", claim)
	row("elsewhere", "speech", "HOST", claim) // where HOST asks nothing
	var out bytes.Buffer
	if err := predict(context.Background(), "cw", worth.Worthy, strings.NewReader(in.String()), &out); err != nil {
		t.Fatal(err)
	}
	score := map[string]float64{}
	for line := range strings.Lines(out.String()) {
		var a struct {
			ID    string
			Score float64
		}
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		score[a.ID] = a.Score
	}
	if len(score) != 23 || score["asked"] > score["hers"]-.05 || score["elsewhere"] != score["hers"] {
		t.Errorf("the moderator's sentence scores %.2f, the candidate's %.2f, that of another doc %.2f", score["asked"], score["hers"], score["elsewhere"])
	}
}
