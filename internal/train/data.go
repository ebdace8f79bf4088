package train

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// example is a labelled sentence of a development set.
type example struct {
	ID       string `json:"id"`
	Doc      string `json:"doc"`
	Text     string `json:"text"`
	Label    int    `json:"label"`
	Verdict  *int   `json:"verdict"`
	NSources *int   `json:"n_sources"`
	Set      string `json:"-"`
	Group    int    `json:"-"` // documents that share text share a group
}

// load reads one set, in the order of the file.
func load(dir, set string) ([]example, error) {
	f, err := os.Open(filepath.Join(dir, set+".jsonl.gz"))
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", set, err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", set, err)
	}
	var out []example
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var e example
		if err := json.Unmarshal(sc.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("load %s: %w", set, err)
		}
		e.Set = set
		out = append(out, e)
	}
	return out, sc.Err()
}

// group gives the documents of all sets that share a tenth of their longer
// sentences one number, so that no fold holds a debate that another trains on
// under a different name. A set without documents is cut by row.
func group(sets ...[]example) int {
	type doc struct {
		keys map[string]bool
		id   int
	}
	docs := map[string]*doc{}
	var order []string
	name := func(e *example) string {
		if e.Doc == "" {
			return e.Set + "\x00" + normal(e.Text)
		}
		return e.Set + "\x00" + e.Doc
	}
	for _, set := range sets {
		for i := range set {
			n := name(&set[i])
			d := docs[n]
			if d == nil {
				d = &doc{map[string]bool{}, len(order)}
				docs[n] = d
				order = append(order, n)
			}
			if k := normal(set[i].Text); strings.Count(k, " ") >= 5 {
				d.keys[k] = true
			}
		}
	}
	parent := make([]int, len(order))
	for i := range parent {
		parent[i] = i
	}
	var find func(int) int
	find = func(i int) int {
		if parent[i] != i {
			parent[i] = find(parent[i])
		}
		return parent[i]
	}
	holders := map[string][]int{}
	for i, n := range order {
		for k := range docs[n].keys {
			holders[k] = append(holders[k], i)
		}
	}
	shared := map[[2]int]int{}
	for _, h := range holders {
		for a := range h {
			for b := a + 1; b < len(h) && len(h) < 20; b++ {
				shared[[2]int{min(h[a], h[b]), max(h[a], h[b])}]++
			}
		}
	}
	for p, n := range shared {
		small := min(len(docs[order[p[0]]].keys), len(docs[order[p[1]]].keys))
		if n*10 >= small {
			a, b := find(p[0]), find(p[1])
			parent[max(a, b)] = min(a, b)
		}
	}
	number := map[int]int{}
	for i := range order {
		if r := find(i); r == i {
			number[i] = len(number)
		}
	}
	for _, set := range sets {
		for i := range set {
			set[i].Group = number[find(docs[name(&set[i])].id)]
		}
	}
	return len(number)
}

// normal is the letters and digits of text in lower case, words apart.
func normal(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r > 127)
	}), " ")
}
