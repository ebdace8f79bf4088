package earlier

import (
	"bytes"
	"context"
	"fmt"

	"factcheck/internal/match"
)

// Checked is what a verification of the index counted and found.
type Checked struct {
	Records  int
	Vectors  int      // records whose vectors are of their words as they are now
	Waiting  int      // records that wait for vectors: none were made, or the words changed since
	Findings []string // sentences; empty: the index can be trusted
}

// samples is how many records are asked for by their own words.
const samples = 200

// Verify builds the index anew from the store and checks it: that every record
// is in it, that stored vectors can be read, and that records are found by
// their own words. encoderName is whose vectors are checked.
func Verify(ctx context.Context, store Store, encoderName string) (Checked, error) {
	var c Checked
	size, err := store.IndexSize(ctx)
	if err != nil {
		return c, err
	}
	x := newRecords()
	defer x.Close()
	x.Expect(size)
	step := max(1, size/samples)
	asked := map[string]match.Query{}
	for _, kind := range []Kind{Claim, Check} {
		for r, err := range store.IndexRecords(ctx, kind, encoderName) {
			if err != nil {
				return c, err
			}
			c.look(x, r)
			if c.Records%step == 0 {
				asked[r.Record.ID] = match.Query{Text: r.Text, Speaker: r.Speaker}
			}
		}
	}
	if x.Len() != c.Records {
		c.Findings = append(c.Findings, fmt.Sprintf("the index holds %d of %d records", x.Len(), c.Records))
	}
	c.ask(x, asked)
	return c, nil
}

// look enters a record and checks its vectors.
func (c *Checked) look(x *match.Index, r Record) {
	c.Records++
	x.Add(r.Record)
	if r.Digest == nil || !bytes.Equal(r.Digest, Digest(r.Record)) {
		c.Waiting++
		return
	}
	vecs, ok := match.UnpackVectors(r.Vectors)
	if !ok || !x.SetVectors(r.Record.ID, vecs...) {
		c.found("the vectors of %s are damaged: run 'factcheck index rebuild'", r.Record.ID)
		return
	}
	c.Vectors++
}

// ask looks for records by their own words. Many records may have the same
// words, so that the first fifty count.
func (c *Checked) ask(x *match.Index, asked map[string]match.Query) {
	const depth = 50
	for id, q := range asked {
		hits := x.Find(match.Shipped(), q, depth)
		there := len(hits) == depth
		for _, h := range hits {
			there = there || h.ID == id
		}
		if !there {
			c.found("%s is not found by its own words", id)
		}
	}
}

// found adds a finding; the first few are enough to act on.
func (c *Checked) found(format string, args ...any) {
	const most = 5
	if len(c.Findings) < most {
		c.Findings = append(c.Findings, fmt.Sprintf(format, args...))
	}
}
