package measure

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// DocGold is a text with the claims that a fact-checker took from it: for
// each, the indices of the sentences that hold it.
type DocGold struct {
	ID     string
	Claims [][]int
}

// Doc scores a ranking of the sentences of each text: in how many claims one
// of the first 1, 3, 5 or 10 sentences holds it. gold must hold a claim.
func Doc(gold []DocGold, pred map[string][]int) Report {
	var rr mean
	depths := []int{1, 3, 5, 10}
	hits := make([]float64, len(depths))
	for _, g := range gold {
		for _, claim := range g.Claims {
			at := slices.IndexFunc(pred[g.ID], func(s int) bool { return slices.Contains(claim, s) })
			if at < 0 {
				rr.add(0)
				continue
			}
			rr.add(1 / float64(at+1))
			for i, k := range depths {
				if at < k {
					hits[i]++
				}
			}
		}
	}
	var out Report
	out.put("docs", float64(len(gold)))
	out.put("claims", rr.n)
	for i, k := range depths {
		out.put(fmt.Sprintf("hit@%d", k), hits[i]/rr.n)
	}
	out.put("mrr", rr.value())
	return out
}

// ReadDoc reads texts with claims, one JSON object a line.
func ReadDoc(r io.Reader, keep Filter) ([]DocGold, error) {
	var out []DocGold
	err := rows(r, keep, func(line []byte) error {
		var g struct {
			ID     ID `json:"id"`
			Claims []struct {
				Gold []int `json:"gold_sents"`
			} `json:"claims"`
		}
		if err := json.Unmarshal(line, &g); err != nil {
			return err
		}
		d := DocGold{ID: string(g.ID)}
		for _, c := range g.Claims {
			d.Claims = append(d.Claims, c.Gold)
		}
		out = append(out, d)
		return nil
	})
	return out, err
}

// ReadDocPred reads rankings by id, one JSON object a line.
func ReadDocPred(r io.Reader) (map[string][]int, error) {
	out := map[string][]int{}
	err := rows(r, nil, func(line []byte) error {
		var p struct {
			ID     ID    `json:"id"`
			Ranked []int `json:"ranked"`
		}
		if err := json.Unmarshal(line, &p); err != nil {
			return err
		}
		out[string(p.ID)] = p.Ranked
		return nil
	})
	return out, err
}
