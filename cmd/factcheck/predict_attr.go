package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/extract"
)

// textRow is a row of the tasks seg and attr.
type textRow struct {
	ID   json.RawMessage `json:"id"`
	Text *string         `json:"text"`
	Lang string          `json:"lang"`
}

func readTextRow(line []byte) (textRow, error) {
	var row textRow
	if err := json.Unmarshal(line, &row); err != nil {
		return row, fmt.Errorf("read row: %w", err)
	}
	if row.ID == nil || row.Text == nil {
		return row, errNoField
	}
	return row, nil
}

// segAnswer is the answer to a row of seg; offsets are code points.
type segAnswer struct {
	ID    json.RawMessage `json:"id"`
	Sents [][2]int        `json:"sents"`
}

func predictSeg(line []byte) (any, error) {
	row, err := readTextRow(line)
	if err != nil {
		return nil, err
	}
	cp := claims.NewCodePoints(*row.Text)
	a := segAnswer{ID: row.ID, Sents: [][2]int{}}
	for _, s := range extract.Sentences(*row.Text) {
		a.Sents = append(a.Sents, pair(cp, s))
	}
	return a, nil
}

func pair(cp *claims.CodePoints, o claims.Offsets) [2]int {
	return [2]int{cp.At(o.Start), cp.At(o.End)}
}

// attrAnswer is the answer to a row of attr; offsets are code points, missing
// where there is nothing.
type attrAnswer struct {
	ID     json.RawMessage `json:"id"`
	Quotes []attrQuote     `json:"quotes"`
}

type attrQuote struct {
	Start        int                    `json:"start"`
	End          int                    `json:"end"`
	Spans        [][2]int               `json:"spans"`
	Type         claims.AttributionType `json:"type"`
	Speaker      string                 `json:"speaker,omitempty"`
	SpeakerStart *int                   `json:"speaker_start"`
	SpeakerEnd   *int                   `json:"speaker_end"`
	Canonical    string                 `json:"speaker_canonical,omitempty"`
	CueStart     *int                   `json:"cue_start"`
	CueEnd       *int                   `json:"cue_end"`
}

func predictAttr(line []byte) (any, error) {
	row, err := readTextRow(line)
	if err != nil {
		return nil, err
	}
	at := codePointTable(*row.Text)
	a := attrAnswer{ID: row.ID, Quotes: []attrQuote{}}
	for _, v := range extract.Attributions(claims.Article{Text: *row.Text, Lang: row.Lang}) {
		q := attrQuote{Start: at[v.Parts[0].Start], End: at[v.Parts[len(v.Parts)-1].End], Type: scoredType(*row.Text, v), Canonical: v.Canonical}
		for _, p := range v.Parts {
			q.Spans = append(q.Spans, [2]int{at[p.Start], at[p.End]})
		}
		if v.Source.Start < v.Source.End {
			q.Speaker = (*row.Text)[v.Source.Start:v.Source.End]
			q.SpeakerStart, q.SpeakerEnd = &at[v.Source.Start], &at[v.Source.End]
		}
		if v.Cue.Start < v.Cue.End {
			q.CueStart, q.CueEnd = &at[v.Cue.Start], &at[v.Cue.End]
		}
		a.Quotes = append(a.Quotes, q)
	}
	return a, nil
}

// scoredType is v's type as the public sets count it: words in single marks,
// or in the doubled apostrophes of some archives, are no direct quotation
// there. The desk shows them as what they are.
func scoredType(text string, v extract.Attribution) claims.AttributionType {
	for _, p := range v.Parts {
		if strings.ContainsAny(text[p.Start:p.End], "\"“”«»„") {
			return v.Type
		}
	}
	return claims.Indirect
}

// codePointTable is, for every byte of text and its end, how many code points
// begin before it: attributions come in no order that one pass would do for.
func codePointTable(text string) []int {
	at := make([]int, len(text)+1)
	n := -1
	for i := range len(text) {
		if utf8.RuneStart(text[i]) {
			n++
		}
		at[i] = max(n, 0)
	}
	at[len(text)] = utf8.RuneCountInString(text)
	return at
}
