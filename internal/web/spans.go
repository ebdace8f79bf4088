package web

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// as is what a stretch of text is to a claim.
type as int

const (
	asClaim as = iota
	asSpeaker
	asCue
)

// layer is a stretch of a text with a meaning. Offsets are bytes.
type layer struct {
	start, end int
	as         as
	review     int64
	state      review.State
}

// part is a stretch of text between two boundaries, all of it under the same
// layers.
type part struct {
	Text     string
	Claims   []int64      // reviews of the claims that cover it, outermost first; at most maxDepth
	State    review.State // of the innermost; empty if no claim covers it
	Speaker  bool         // names who said a claim
	Cue      bool         // says that it was said
	Of       []int64      // the reviews that Speaker and Cue belong to
	Anchors  []string     // ids of claims that begin here
	start    int
	hasStart []int64
}

// Depth is how many claims cover the part, at most maxDepth.
func (p part) Depth() int { return len(p.Claims) }

// Label is where the innermost claim stands, in words.
func (p part) Label() string { return review.StateLabel(p.State) }

// Inner is the review of the innermost claim, or 0.
func (p part) Inner() int64 {
	if len(p.Claims) == 0 {
		return 0
	}
	return p.Claims[len(p.Claims)-1]
}

// All are the reviews that cover the part, divided by spaces.
func (p part) All() string { return spaced(p.Claims) }

// OfAll are the reviews that its speaker or cue belongs to.
func (p part) OfAll() string { return spaced(p.Of) }

func spaced(ids []int64) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatInt(id, 10))
	}
	return b.String()
}

// maxDepth is how many claims over one another the reader tells apart.
const maxDepth = 4

// cut divides text[start:end] at every boundary of the layers and at the
// breaks. A layer that does not fit the text is left out: nothing is marked
// that might be the wrong words.
func cut(text string, start, end int, layers []layer, breaks []int) []part {
	fits := func(l layer) bool { return l.start < l.end && onRune(text, l.start) && onRune(text, l.end) }
	layers = slices.DeleteFunc(slices.Clone(layers), func(l layer) bool { return !fits(l) || l.end <= start || l.start >= end })
	slices.SortStableFunc(layers, func(a, b layer) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end // the longer one is outside
	})
	bounds := append([]int{start, end}, breaks...)
	for _, l := range layers {
		bounds = append(bounds, max(l.start, start), min(l.end, end))
	}
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	var parts []part
	var active []layer
	next := 0
	for i := 0; i+1 < len(bounds); i++ {
		from, to := bounds[i], bounds[i+1]
		active = slices.DeleteFunc(active, func(l layer) bool { return l.end <= from })
		p := part{Text: text[from:to], start: from}
		for next < len(layers) && layers[next].start <= from {
			if l := layers[next]; l.as == asClaim {
				p.hasStart = append(p.hasStart, l.review)
			}
			active = append(active, layers[next])
			next++
		}
		p.cover(active)
		parts = append(parts, p)
	}
	return parts
}

// cover says what the active layers are to the part.
func (p *part) cover(active []layer) {
	for _, l := range active {
		switch l.as {
		case asClaim:
			if len(p.Claims) < maxDepth {
				p.Claims = append(p.Claims, l.review)
				p.State = l.state
			}
		case asSpeaker, asCue:
			p.Speaker = p.Speaker || l.as == asSpeaker
			p.Cue = p.Cue || l.as == asCue
			if len(p.Of) < maxDepth && !slices.Contains(p.Of, l.review) {
				p.Of = append(p.Of, l.review)
			}
		}
	}
}

func onRune(text string, i int) bool {
	return i >= 0 && i <= len(text) && (i == len(text) || utf8.RuneStart(text[i]))
}

// layersOf are the claim, its speaker and its cue.
func layersOf(a claims.Appearance, id int64, state review.State) []layer {
	at := a.Attribution
	return []layer{
		{a.Span.Start, a.Span.End, asClaim, id, state},
		{at.Start, at.End, asSpeaker, id, state},
		{at.CueStart, at.CueEnd, asCue, id, state},
	}
}

// block is a paragraph of the reader with the cards of the claims that begin
// in it.
type block struct {
	N     int    // 1, 2, …
	At    int    // where it begins in the text, in UTF-16 units: browsers count so
	Gap   string // what stands between the block before and this one
	Parts []part
	Cards []card
	Dense bool // the cards are higher than the text beside them: they are drawn as single lines
}

// card is a claim in the margin.
type card struct {
	ID         int64
	Anchor     string // id of its first words in the text
	State      review.State
	StateLabel string
	Text       string
	Claimant   string
	Kind       string
	Reasons    []string
	Short      string // for a headline; empty if it is the text or there is none
	Score      int    // of the detector, in hundredths; 0 if a person added it
	ByHand     bool   // a person found it, not the machine
	Words      string // address where its words can be changed; empty: not by this person now
}

// maxBlocks is how many paragraphs the reader draws one by one; a text with
// more lines is drawn in runs of lines.
const maxBlocks = 4_000

// readerBlocks divides an article into paragraphs with its claims marked, as p
// may work on them.
func readerBlocks(a claims.Article, marks []review.Mark, p review.Person) []block {
	runs := runsOf(a.Text)
	var breaks []int
	for _, r := range runs {
		breaks = append(breaks, r.Start, r.End)
	}
	var layers []layer
	byID := map[int64]card{}
	for _, m := range marks {
		layers = append(layers, layersOf(m.Appearance, m.ReviewID, m.State)...)
		if _, ok := byID[m.ReviewID]; !ok {
			byID[m.ReviewID] = cardOf(m, p)
		}
	}
	parts := cut(a.Text, 0, len(a.Text), layers, breaks)
	blocks := make([]block, 0, len(runs))
	anchored := map[int64]bool{}
	i, before := 0, 0
	units := newUnits(a.Text)
	for n, r := range runs {
		b := block{N: n + 1, At: units.at(r.Start)}
		if n > 0 {
			b.Gap = a.Text[before:r.Start]
		}
		before = r.End
		for ; i < len(parts) && parts[i].start < r.End; i++ {
			if parts[i].start >= r.Start {
				b.add(parts[i], byID, anchored)
			}
		}
		b.Dense = dense(a.Text[r.Start:r.End], len(b.Cards))
		blocks = append(blocks, b)
	}
	return blocks
}

// add appends p and a card for each claim that begins with it for the first
// time.
func (b *block) add(p part, byID map[int64]card, anchored map[int64]bool) {
	for _, id := range p.hasStart {
		if anchored[id] {
			continue
		}
		anchored[id] = true
		p.Anchors = append(p.Anchors, byID[id].Anchor)
		b.Cards = append(b.Cards, byID[id])
	}
	b.Parts = append(b.Parts, p)
}

// cardOf is the card of a claim, as p may work on it.
func cardOf(m review.Mark, p review.Person) card {
	c := card{
		ID: m.ReviewID, Anchor: "review-" + strconv.FormatInt(m.ReviewID, 10), State: m.State, StateLabel: review.StateLabel(m.State),
		Text: m.Text, Claimant: m.Claimant, Kind: kinds[m.Kind], Reasons: m.Reasons, Score: int(math.Round(m.Score * 100)), ByHand: m.AddedBy != 0,
	}
	if !strings.EqualFold(m.Short, m.Text) {
		c.Short = m.Short
	}
	if m.Adjustable(p) {
		c.Words = fmt.Sprintf("/desk/articles/%d?words=%d#pick", m.ArticleID, m.ID)
	}
	return c
}

// dense reports whether that many cards need more room than the text: a line
// of text is 29 pixels high and holds some 58 characters, a card takes 74.
func dense(text string, cards int) bool {
	lines := 1 + utf8.RuneCountInString(text)/58
	return cards > 1 && cards*74 > lines*29+18
}

// runsOf are the lines of a text that are not blank, or runs of lines if there
// are very many.
func runsOf(text string) []claims.Offsets {
	var lines []claims.Offsets
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		if strings.TrimSpace(text[at:end]) != "" {
			lines = append(lines, claims.Offsets{Start: at, End: end})
		}
		at = end + 1
	}
	if len(lines) <= maxBlocks {
		return lines
	}
	per := (len(lines) + maxBlocks - 1) / maxBlocks
	var runs []claims.Offsets
	for chunk := range slices.Chunk(lines, per) {
		runs = append(runs, claims.Offsets{Start: chunk[0].Start, End: chunk[len(chunk)-1].End})
	}
	return runs
}

// maxContext is how many bytes the claim page shows on each side of a claim
// when the paragraph is longer.
const maxContext = 1_200

// contextParts is the paragraph around a place with the claim, its speaker and
// its cue marked. whole is false if the paragraph was cut for its length.
func contextParts(p review.Place, id int64, state review.State) (parts []part, before, after bool) {
	text, base := p.Context.Quote, p.Context.Start
	from, to := p.Span.Start-base, p.Span.End-base
	if !p.Verified || !onRune(text, from) || !onRune(text, to) || from >= to || text[from:to] != p.Span.Quote {
		return nil, false, false
	}
	start, end := 0, len(text)
	if from > maxContext {
		start = floor(text, from-maxContext)
	}
	if end-to > maxContext {
		end = floor(text, to+maxContext)
	}
	layers := layersOf(p.Appearance, id, state)
	for i := range layers {
		layers[i].start -= base
		layers[i].end -= base
	}
	return cut(text, start, end, layers, nil), start > 0, end < len(text)
}

// floor is the rune boundary at or before i.
func floor(text string, i int) int {
	for i > 0 && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}
