package measure_test

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"factcheck/internal/measure"
)

// run scores testdata/TASK.gold.jsonl against testdata/TASK.pred.jsonl.
func run(t *testing.T, task, gold, pred string) measure.Report {
	t.Helper()
	switch task {
	case "cw":
		return score(t, gold, pred, measure.ReadCW, measure.ReadCWPred, measure.CW)
	case "doc":
		return score(t, gold, pred, measure.ReadDoc, measure.ReadDocPred, measure.Doc)
	case "seg":
		return score(t, gold, pred, measure.ReadSeg, measure.ReadSegPred, measure.Seg)
	case "attr":
		return score(t, gold, pred, measure.ReadAttr, measure.ReadAttrPred, measure.Attr)
	}
	t.Fatalf("no task %q", task)
	return nil
}

func score[G, P any](t *testing.T, gold, pred string,
	readGold func(io.Reader, measure.Filter) ([]G, error), readPred func(io.Reader) (map[string]P, error),
	metrics func([]G, map[string]P) measure.Report,
) measure.Report {
	t.Helper()
	g, err := readGold(open(t, gold), nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := readPred(open(t, pred))
	if err != nil {
		t.Fatal(err)
	}
	return metrics(g, p)
}

func open(t *testing.T, path string) io.Reader {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b)
}

var tasks = []string{"cw", "attr", "seg", "doc"}

// files are the rows of a task, written by us.
func files(task string) (gold, pred, want string) {
	base := filepath.Join("testdata", task)
	return base + ".gold.jsonl", base + ".pred.jsonl", base + ".want.json"
}

// equal compares every metric; null is "not defined".
func equal(t *testing.T, got measure.Report, want map[string]*float64) {
	t.Helper()
	for name, w := range want {
		g, ok := got.Value(name)
		if w == nil {
			w = new(float64)
			*w = math.NaN()
		}
		if !ok || g != *w && !(math.IsNaN(g) && math.IsNaN(*w)) {
			t.Errorf("%s = %v (there: %v), want %v", name, g, ok, *w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d metrics, want %d", len(got), len(want))
	}
}

func TestMetricsOfSmallCases(t *testing.T) {
	for _, task := range tasks {
		t.Run(task, func(t *testing.T) {
			gold, pred, wanted := files(task)
			var want map[string]*float64
			if err := json.NewDecoder(open(t, wanted)).Decode(&want); err != nil {
				t.Fatal(err)
			}
			equal(t, run(t, task, gold, pred), want)
		})
	}
}

// TestMetricsEqualTheOtherScorer runs the scorer that lies in the folder
// FACTCHECK_EVAL, written in Python, over the same rows.
func TestMetricsEqualTheOtherScorer(t *testing.T) {
	folder := os.Getenv("FACTCHECK_EVAL")
	if folder == "" {
		t.Skip("FACTCHECK_EVAL does not name the folder of the scorer")
	}
	for _, task := range tasks {
		gold, pred, _ := files(task)
		out, err := exec.Command("python3", filepath.Join(folder, "evaluate_detect.py"), task, gold, pred, "--json").Output()
		if err != nil {
			t.Fatal(err)
		}
		var loose map[string]any
		if err := json.Unmarshal(out, &loose); err != nil {
			t.Fatal(err)
		}
		want := map[string]*float64{}
		for k, v := range loose {
			switch v := v.(type) {
			case nil:
				want[k] = nil
			case float64:
				want[k] = &v
			case []any: // an interval
				low, high := v[0].(float64), v[1].(float64)
				want[k+"_low"], want[k+"_high"] = &low, &high
			}
		}
		equal(t, run(t, task, gold, pred), want)
	}
}

func TestRankingIgnoresTheOrderOfTheFile(t *testing.T) {
	gold := []measure.CWGold{{ID: "a", Label: true}, {ID: "b"}, {ID: "c", Label: true}, {ID: "d"}}
	pred := map[string]measure.CWPred{"a": {Score: .5}, "b": {Score: .5}, "c": {Score: .5}, "d": {Score: .1}}
	turned := []measure.CWGold{gold[3], gold[2], gold[1], gold[0]}
	one, _ := measure.CW(gold, pred).Value("ap")
	two, _ := measure.CW(turned, pred).Value("ap")
	if one != two {
		t.Errorf("average precision %v one way, %v the other", one, two)
	}
}

func TestFilterComparesAsText(t *testing.T) {
	const rows = `{"id": "a", "split": "test", "n": 3}` + "\n" + `{"id": "b", "split": "train", "n": 3}` + "\n"
	for _, tt := range []struct {
		keep measure.Filter
		want int
	}{{nil, 2}, {measure.Filter{"split": "test"}, 1}, {measure.Filter{"n": "3"}, 2}, {measure.Filter{"n": "3", "split": "dev"}, 0}} {
		got, err := measure.ReadCW(strings.NewReader(rows), tt.keep)
		if err != nil || len(got) != tt.want {
			t.Errorf("%v keeps %d rows (%v), want %d", tt.keep, len(got), err, tt.want)
		}
	}
}

func TestBrokenRowsNameTheirLine(t *testing.T) {
	for _, rows := range []string{"{\"id\": \"a\"}\nnonsense\n", "\n{\"id\": \"a\", \"label\": 7}", "\n{\"id\": []}"} {
		_, err := measure.ReadCW(strings.NewReader(rows), nil)
		if err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("ReadCW(%q) = %v, want an error that names line 2", rows, err)
		}
	}
}

func TestReportPrintsInOrder(t *testing.T) {
	r := measure.Doc([]measure.DocGold{{ID: "a", Claims: [][]int{{1}}}}, map[string][]int{"a": {0, 1}})
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"docs":1,"claims":1,"hit@1":0,"hit@3":1,"hit@5":1,"hit@10":1,"mrr":0.5}`
	if string(b) != want {
		t.Errorf("as JSON %s, want %s", b, want)
	}
	var text strings.Builder
	if _, err := r.WriteTo(&text); err != nil || !strings.HasPrefix(text.String(), "docs ") || !strings.HasSuffix(text.String(), " 0.5\n") {
		t.Errorf("as text %q (%v)", text.String(), err)
	}
}
