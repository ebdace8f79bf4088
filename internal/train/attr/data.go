// Package attr trains the models that internal/extract reads attributions and
// sentence ends with. It is no part of the serving path.
package attr

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"

	"factcheck/internal/claims"
)

// Doc is one text of a development set; offsets are bytes.
type Doc struct {
	ID, Genre string
	Text      string
	Sents     []claims.Offsets
	Quotes    []Quote
}

// Quote is one attribution of a set. Equal offsets say that there is none.
type Quote struct {
	Type        string
	Parts       []claims.Offsets
	Source, Cue claims.Offsets
}

// row is a line of a set; offsets are code points.
type row struct {
	ID     string   `json:"id"`
	Genre  string   `json:"genre"`
	Text   string   `json:"text"`
	Sents  [][2]int `json:"sents"`
	Quotes []struct {
		Start        int      `json:"start"`
		End          int      `json:"end"`
		Spans        [][2]int `json:"spans"`
		Type         string   `json:"type"`
		SpeakerStart *int     `json:"speaker_start"`
		SpeakerEnd   *int     `json:"speaker_end"`
		CueStart     *int     `json:"cue_start"`
		CueEnd       *int     `json:"cue_end"`
	} `json:"quotes"`
}

// Read reads the set name of the folder dir.
func Read(dir, name string) ([]Doc, error) {
	f, err := os.Open(filepath.Join(dir, "detect", name+".jsonl.gz"))
	if err != nil {
		return nil, fmt.Errorf("open set: %w", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", name, err)
	}
	var out []Doc
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var r row
		if err := json.Unmarshal(sc.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		out = append(out, r.doc())
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return out, nil
}

func (r row) doc() Doc {
	at := byteOffsets(r.Text)
	off := func(a, b int) claims.Offsets { return claims.Offsets{Start: at[a], End: at[b]} }
	d := Doc{ID: r.ID, Genre: r.Genre, Text: r.Text}
	for _, s := range r.Sents {
		d.Sents = append(d.Sents, off(s[0], s[1]))
	}
	for _, q := range r.Quotes {
		g := Quote{Type: q.Type}
		for _, s := range q.Spans {
			g.Parts = append(g.Parts, off(s[0], s[1]))
		}
		if len(g.Parts) == 0 {
			g.Parts = append(g.Parts, off(q.Start, q.End))
		}
		if q.SpeakerStart != nil {
			g.Source = off(*q.SpeakerStart, *q.SpeakerEnd)
		}
		if q.CueStart != nil {
			g.Cue = off(*q.CueStart, *q.CueEnd)
		}
		d.Quotes = append(d.Quotes, g)
	}
	return d
}

// byteOffsets are where the code points of s begin, and its end.
func byteOffsets(s string) []int {
	at := make([]int, 0, len(s)+1)
	for i := range s {
		at = append(at, i)
	}
	return append(at, len(s))
}

// Fold is the fold, of n, that the document is held back in.
func (d Doc) Fold(n int) int {
	h := fnv.New32a()
	h.Write([]byte(d.ID)) // never fails
	x := h.Sum32()
	x ^= x >> 15
	x *= 0x2c1b3c6d
	x ^= x >> 13
	return int(x % uint32(n))
}
