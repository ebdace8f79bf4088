package ranking

import (
	"bytes"
	"compress/gzip"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"factcheck/internal/match"
)

// written writes lines, gzipped, as a file of a set.
func written(t *testing.T, dir, set, name, lines string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, set), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, set, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := gzip.NewWriter(f)
	if _, err := z.Write([]byte(lines)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// written4 writes three claims and four queries; the first three queries hang
// together by the claims that they share.
func written4(t *testing.T) string {
	dir := t.TempDir()
	written(t, dir, "s", "claims.jsonl.gz", `{"id":"c1","text":"The old bridge of Norland has been closed for good.","lang":"en","date":"2024-03-03"}
{"id":"c2","text":"Bees have left the valley of the river Lyde."}
{"id":"c3","title":"A mill burnt down","text":"The mill on the hill burnt down twice."}
`)
	written(t, dir, "s", "queries.dev.jsonl.gz", `{"id":"q1","text":"is the Norland bridge closed?","context":{"before":["Roads are bad."],"image_ocr":"CLOSED"}}
{"id":"q2","text":"bees left, bridge closed"}
{"id":"q3","text":"where are the bees of the Lyde","context":null}
{"id":"q4","text":"the mill burnt down"}
{"id":"q5","text":"nobody marked an answer"}
`)
	written(t, dir, "s", "qrels.dev.jsonl.gz", `{"query":"q1","claim":"c1"}
{"query":"q2","claim":"c1"}
{"query":"q2","claim":"c2"}
{"query":"q3","claim":"c2"}
{"query":"q4","claim":"c3"}
`)
	return dir
}

func TestQueriesThatShareAClaimShareAFold(t *testing.T) {
	p, err := load(written4(t), spec{name: "s"})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.records) != 3 || len(p.queries) != 4 {
		t.Fatalf("%d records, %d queries", len(p.records), len(p.queries))
	}
	if p.queries[0].fold != p.queries[1].fold || p.queries[1].fold != p.queries[2].fold {
		t.Error("queries of one claim are in two folds")
	}
	if c := p.queries[0].Context; len(c) != 2 || c[1] != "CLOSED" {
		t.Errorf("context %q", c)
	}
}

func TestRemovedClaimsLeaveAQueryWithoutAnswer(t *testing.T) {
	dir := written4(t)
	if err := os.MkdirAll(filepath.Join(dir, "gone"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "gone", "removed_claims.dev.txt"), []byte("c3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	all, err := spec{name: "gone", claims: "s", folds: "s", removed: true, plain: true}.examples(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, true, true, false} {
		if all[i].has != want {
			t.Errorf("query %d can be answered: %v", i+1, all[i].has)
		}
	}
	if got := proposed(all); got != .75 {
		t.Errorf("%v of the right answers are proposed", got)
	}
}

func TestUndatedLeavesTheOriginalAlone(t *testing.T) {
	row := make([]float32, match.FeatureCount)
	row[feature("date_near")], row[feature("bm25")] = 1, 2
	all := []example{{rows: [][]float32{row}, right: []bool{true}}}
	if u := undated(all)[0].rows[0]; u[feature("date_near")] != 0 || u[feature("bm25")] != 2 || row[feature("date_near")] != 1 {
		t.Errorf("undated %v of %v", u, row)
	}
}

func TestListsKeepWhatIsRightAndWhatIsLikely(t *testing.T) {
	var e example
	for i := range 40 {
		row := make([]float32, match.FeatureCount)
		if i < 10 {
			row[feature("rank_words")] = 1 / float32(i+1)
		}
		e.rows, e.right = append(e.rows, row), append(e.right, i == 39)
	}
	l, ok := e.list(1)
	if !ok || len(l.Rows) != 10+7+1 || !l.Right[len(l.Right)-1] {
		t.Errorf("%d rows, %v", len(l.Rows), ok)
	}
}

func TestFirstAnswersAreScored(t *testing.T) {
	of := []first{{right: true, chance: .9}, {right: false, chance: .6}, {right: true, chance: .5}, {right: false, chance: .1}}
	if got := auroc(of); got != .75 {
		t.Errorf("AUROC %v", got)
	}
	if got := found(of); got != 1 {
		t.Errorf("%v found", got)
	}
}

func TestTrainingTwiceGivesTheSameModels(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	s := set{name: "made up", weight: 1}
	for i := range 120 {
		e := example{fold: i % foldCount, answers: 1, has: true}
		for k := range 4 {
			row := make([]float32, match.FeatureCount)
			for f := range row {
				row[f] = r.Float32()
			}
			if k == i%4 {
				row[feature("bm25")] += .8
			}
			e.rows, e.right = append(e.rows, row), append(e.right, k == i%4)
		}
		s.examples = append(s.examples, e)
	}
	var said []string
	models := func() []byte {
		rank, certain, err := train(t.Context(), []set{s}, func(line string) { said = append(said, line) })
		if err != nil {
			t.Fatal(err)
		}
		return append(rank.Bytes(), certain.Bytes()...)
	}
	if !bytes.Equal(models(), models()) || len(said) != 2 || said[0] != said[1] {
		t.Errorf("two trainings give two models: %q", said)
	}
}
