package measure_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"factcheck/internal/measure"
)

const (
	qrels = `{"query":"a","claim":"1"}
{"query":"a","claim":"2"}
{"query":"b","claim":"3"}
{"query":"c","claim":4}
{"query":"c","claim":"9","relevance":0}
{"query":"d","claim":"7"}
`
	ranking = `{"query":"a","claim":"5","rank":1,"score":0.9}
{"query":"a","claim":"1","rank":2,"score":0.8}
{"query":"a","claim":"2","rank":3,"score":0.7}
{"query":"b","claim":"3","score":0.5}
{"query":"b","claim":"8","score":0.5}
{"query":"c","claim":"9","rank":1,"score":0.3}
{"query":"c","claim":"4","rank":7,"score":0.2}
`
	abstaining = `{"query":"a","answerable":true,"claims":["1","2"]}
{"query":"b","answerable":true,"claims":["3"]}
{"query":"c","answerable":false,"claims":[]}
{"query":"d","answerable":false,"claims":[]}
`
	pairs = `{"id":"p1","label":1}
{"id":"p2","label":0}
{"id":"p3","label":1}
{"id":"p4","label":0}
`
	pairScores = `{"id":"p1","score":0.9}
{"id":"p2","score":0.6}
{"id":"p3","score":0.6}
{"id":"p4","score":0.1}
`
)

func want(t *testing.T, r measure.Report, numbers map[string]float64) {
	t.Helper()
	for name, w := range numbers {
		if got, ok := r.Value(name); !ok || got != w {
			t.Errorf("%s is %v (%v), want %v", name, got, ok, w)
		}
	}
}

func TestMatchCountsEveryJudgedQuery(t *testing.T) {
	gold, err := measure.ReadMatchGold(strings.NewReader(qrels))
	if err != nil {
		t.Fatal(err)
	}
	run, err := measure.ReadMatchRun(strings.NewReader(ranking))
	if err != nil {
		t.Fatal(err)
	}
	// a: (1/2 + 2/3)/2 = .5833, b: 1, c: 1/2, d: nothing was answered.
	want(t, measure.Match(gold, run), map[string]float64{
		"queries": 4, "MAP@1": .25, "MAP@5": .5208, "MRR": .5, "P@1": .25, "recall@5": .75, "success@10": .75,
	})
}

func TestARunMayNotListAClaimTwice(t *testing.T) {
	_, err := measure.ReadMatchRun(strings.NewReader(`{"query":"a","claim":"1","score":1}` + "\n" + `{"query":"a","claim":1,"score":2}`))
	if err == nil {
		t.Error("no error for a claim listed twice")
	}
}

func TestGroupsAreScoredApart(t *testing.T) {
	gold, err := measure.ReadMatchGold(strings.NewReader(qrels))
	if err != nil {
		t.Fatal(err)
	}
	if err := gold.ReadGroups(strings.NewReader(`{"id":"b","lang":"en"}`+"\n"+`{"id":"d","lang":"de"}`), "lang"); err != nil {
		t.Fatal(err)
	}
	run, err := measure.ReadMatchRun(strings.NewReader(ranking))
	if err != nil {
		t.Fatal(err)
	}
	want(t, measure.MatchGroup(gold, run, "en"), map[string]float64{"queries": 1, "MAP@5": 1})
	want(t, measure.MatchGroup(gold, run, "de"), map[string]float64{"queries": 1, "MAP@5": 0})
}

func TestPairsAreSplitByScore(t *testing.T) {
	gold, err := measure.ReadPairs(strings.NewReader(pairs), nil)
	if err != nil {
		t.Fatal(err)
	}
	scores, err := measure.ReadScores(strings.NewReader(pairScores))
	if err != nil {
		t.Fatal(err)
	}
	r, err := measure.Pairs(gold, scores, .7)
	if err != nil {
		t.Fatal(err)
	}
	want(t, r, map[string]float64{"AUROC": .875, "AP": .8333, "bestF1": .8, "bestF1_threshold": .6, "P": 1, "R": .5, "accuracy": .75})
	if _, err := measure.Pairs(gold, map[string]float64{"p1": 1}, math.NaN()); err == nil {
		t.Error("no error for a pair without a score")
	}
}

func TestOnlyTheFirstAnswerCountsForAbstaining(t *testing.T) {
	gold, err := measure.ReadAbstain(strings.NewReader(abstaining), nil)
	if err != nil {
		t.Fatal(err)
	}
	run, err := measure.ReadMatchRun(strings.NewReader(ranking))
	if err != nil {
		t.Fatal(err)
	}
	want(t, measure.Abstain(gold, run, .4), map[string]float64{
		"answerable": 2, "top1_right_of_answerable": .5, "AUROC_right_vs_rest": .6667, "AUROC_answerable": 1,
		"right_found_at_P0.9": 0, "P": .5, "right_found": .5, "false_alert_on_unanswerable": 0,
	})
}

// TestTheScorerSaysTheSame runs the scorer that lies in the folder
// FACTCHECK_EVAL, written in Python, over the same rows.
func TestTheScorerSaysTheSame(t *testing.T) {
	folder := os.Getenv("FACTCHECK_EVAL")
	if folder == "" {
		t.Skip("FACTCHECK_EVAL does not name the folder of the scorer")
	}
	scorer := filepath.Join(folder, "evaluate_match.py")
	// More rows than a person would write, with ties and gaps.
	var q, r, p, s, a strings.Builder
	q.WriteString(qrels)
	r.WriteString(ranking)
	p.WriteString(pairs)
	s.WriteString(pairScores)
	a.WriteString(abstaining)
	for i := range 300 {
		fmt.Fprintf(&q, "{\"query\":\"g%d\",\"claim\":\"c%d\"}\n", i, i%17)
		fmt.Fprintf(&a, "{\"query\":\"g%d\",\"answerable\":%v,\"claims\":[\"c%d\"]}\n", i, i%3 > 0, i%17)
		fmt.Fprintf(&p, "{\"id\":\"x%d\",\"label\":%d}\n", i, i*i%3)
		fmt.Fprintf(&s, "{\"id\":\"x%d\",\"score\":%v}\n", i, float64(i*7919%101)/101)
		for k := range i % 12 {
			fmt.Fprintf(&r, "{\"query\":\"g%d\",\"claim\":\"c%d\",\"rank\":%d,\"score\":%v}\n", i, (i*5+k*3)%17, k+1, float64(i*31%97)/97-float64(k)/10)
		}
	}
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	gold, err := measure.ReadMatchGold(strings.NewReader(q.String()))
	if err != nil {
		t.Fatal(err)
	}
	run, err := measure.ReadMatchRun(strings.NewReader(r.String()))
	if err != nil {
		t.Fatal(err)
	}
	pairGold, err := measure.ReadPairs(strings.NewReader(strings.ReplaceAll(p.String(), `"label":2`, `"label":0`)), nil)
	if err != nil {
		t.Fatal(err)
	}
	scores, err := measure.ReadScores(strings.NewReader(s.String()))
	if err != nil {
		t.Fatal(err)
	}
	paired, err := measure.Pairs(pairGold, scores, .5)
	if err != nil {
		t.Fatal(err)
	}
	abstain, err := measure.ReadAbstain(strings.NewReader(a.String()), nil)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		ours measure.Report
		args []string
		in   string // a member of the answer
	}{
		{measure.Match(gold, run), []string{"rank", "--json", "--qrels", file("q", q.String()), "--run", file("r", r.String())}, "all"},
		{paired, []string{"pairs", "--gold", file("p", strings.ReplaceAll(p.String(), `"label":2`, `"label":0`)), "--scores", file("s", s.String()), "--threshold", "0.5"}, ""},
		{measure.Abstain(abstain, run, .5), []string{"abstain", "--gold", file("a", a.String()), "--run", file("r2", r.String()), "--threshold", "0.5"}, ""},
	}
	for _, tt := range tests {
		out, err := exec.Command("python3", append([]string{scorer}, tt.args...)...).Output()
		if err != nil {
			t.Fatalf("%s: %v", tt.args[0], err)
		}
		theirs := map[string]float64{}
		if tt.in != "" {
			var groups map[string]map[string]float64
			if err := json.Unmarshal(out, &groups); err != nil {
				t.Fatal(err)
			}
			theirs = groups[tt.in]
		} else if err := json.Unmarshal(out, &theirs); err != nil {
			t.Fatal(err)
		}
		if len(theirs) != len(tt.ours) {
			t.Errorf("%s: %d numbers, the scorer has %d: %v", tt.args[0], len(tt.ours), len(theirs), theirs)
		}
		want(t, tt.ours, theirs)
	}
}
