package ranking

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"time"

	"factcheck/internal/match"
)

// spec says which set is learned from, and how much of it.
type spec struct {
	name    string
	claims  string // the set whose claims are searched; own if ""
	folds   string // the set whose queries and right answers deal the folds; own if ""
	percent int    // of the queries, chosen by a hash of their ids; 0 is all
	plain   bool   // without sentence vectors
	removed bool   // half of the right claims are taken away: what is left has no answer
}

// specs are the sets. Two that share posts share folds.
var specs = []spec{
	{name: "vo_politifact"},
	{name: "checkthat2b"},
	{name: "recurrence_tweets", folds: "checkthat2a"},
	{name: "recurrence_fct", folds: "factchecktweet"},
	{name: "checkthat2a"},
	{name: "claimnorm2025", percent: 40},
	{name: "factchecktweet", percent: 35, plain: true},
	{name: "abstain_checkthat2a", claims: "checkthat2a", folds: "checkthat2a", removed: true},
}

func (s spec) base() string {
	if s.claims != "" {
		return s.claims
	}
	return s.name
}

// problem is a set as it is read.
type problem struct {
	records []match.Record
	queries []query
}

// query is a text with its right answers.
type query struct {
	match.Query
	id, lang string
	fold     int
	right    map[string]bool // IDs of records
}

// rowsOf calls yield with every line of a gzipped file.
func rowsOf(path string, yield func([]byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open set: %w", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", path, err)
	}
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		if err := yield(sc.Bytes()); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// load reads one set of the folder dir.
func load(dir string, s spec) (problem, error) {
	var p problem
	removed := map[string]bool{}
	if s.removed {
		b, err := os.ReadFile(filepath.Join(dir, s.name, "removed_claims.dev.txt"))
		if err != nil {
			return p, fmt.Errorf("open set: %w", err)
		}
		for id := range strings.FieldsSeq(string(b)) {
			removed[id] = true
		}
	}
	err := rowsOf(filepath.Join(dir, s.base(), "claims.jsonl.gz"), func(line []byte) error {
		var r claimRow
		if err := json.Unmarshal(line, &r); err != nil {
			return err
		}
		if !removed[r.ID] {
			p.records = append(p.records, r.record())
		}
		return nil
	})
	if err != nil {
		return p, err
	}
	right, _, err := answers(dir, s.base())
	if err != nil {
		return p, err
	}
	folds, err := foldsOf(dir, s)
	if err != nil {
		return p, err
	}
	err = rowsOf(filepath.Join(dir, s.base(), "queries.dev.jsonl.gz"), func(line []byte) error {
		var r queryRow
		if err := json.Unmarshal(line, &r); err != nil {
			return err
		}
		if len(right[r.ID]) > 0 && s.takes(r.ID) {
			p.queries = append(p.queries, query{r.query(), r.ID, r.Lang, folds[strings.TrimPrefix(r.ID, "rq-")], right[r.ID]})
		}
		return nil
	})
	return p, err
}

// takes says whether the query is one of those learned from.
func (s spec) takes(id string) bool {
	return s.percent == 0 || int(crc32.ChecksumIEEE([]byte(id+"k"))%100) < s.percent
}

// answers are the right claims of each query, and the queries in the order of
// the file.
func answers(dir, set string) (map[string]map[string]bool, [][2]string, error) {
	out := map[string]map[string]bool{}
	var pairs [][2]string
	err := rowsOf(filepath.Join(dir, set, "qrels.dev.jsonl.gz"), func(line []byte) error {
		var r struct{ Query, Claim string }
		if err := json.Unmarshal(line, &r); err != nil {
			return err
		}
		if out[r.Query] == nil {
			out[r.Query] = map[string]bool{}
		}
		out[r.Query][r.Claim] = true
		pairs = append(pairs, [2]string{r.Query, r.Claim})
		return nil
	})
	return out, pairs, err
}

// foldCount is into how many parts the queries are dealt.
const foldCount = 5

// foldsOf deals the queries of a set: those that share a right claim, also by
// way of others, go together, so that no model is judged by a claim that it
// has seen.
func foldsOf(dir string, s spec) (map[string]int, error) {
	set := s.base()
	if s.folds != "" {
		set = s.folds
	}
	_, pairs, err := answers(dir, set)
	if err != nil {
		return nil, err
	}
	parent := map[string]string{}
	var find func(string) string
	find = func(a string) string {
		if p, ok := parent[a]; ok && p != a {
			r := find(p)
			parent[a] = r
			return r
		}
		parent[a] = a
		return a
	}
	for _, p := range pairs {
		a, b := find("q"+p[0]), find("c"+p[1])
		parent[max(a, b)] = min(a, b)
	}
	folds := map[string]int{}
	for _, p := range pairs {
		folds[p[0]] = int(crc32.ChecksumIEEE([]byte(find("q"+p[0])+"x")) % foldCount)
	}
	return folds, nil
}

// claimRow is a claim of a set.
type claimRow struct {
	ID, Text, Title, Subtitle, Stated, Speaker, Author, URL, Publisher, Lang, Date string
}

func (c claimRow) record() match.Record {
	return match.Record{
		ID: c.ID, Text: c.Text, Title: c.Title, Detail: strings.TrimSpace(c.Subtitle + "\n" + c.Stated), Speaker: c.Speaker,
		Author: c.Author, URL: c.URL, Publisher: c.Publisher, Lang: c.Lang, Date: day(c.Date),
	}
}

// queryRow is a query of a set.
type queryRow struct {
	ID, Text, Speaker, Self, Lang, Date string
	Context                             struct {
		Before, After []string
		Picture       string `json:"image_ocr"`
	}
}

func (q queryRow) query() match.Query {
	around := append(append([]string{}, q.Context.Before...), q.Context.After...)
	if q.Context.Picture != "" {
		around = append(around, q.Context.Picture)
	}
	return match.Query{Text: q.Text, Context: around, Speaker: q.Speaker, Self: q.Self, Date: day(q.Date)}
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}
	}
	return t
}
