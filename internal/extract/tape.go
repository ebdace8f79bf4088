package extract

// maxTape bounds the memory of a tape, in tokens: what a text has more of is
// read anew each time.
const maxTape = 1 << 17

// tape keeps the tokens of sentences between the readings of a text.
type tape struct {
	toks []token
	at   map[int]stretch // by where a sentence starts
}

// stretch is the tokens [from, to) of a sentence that ends at byte end.
type stretch struct{ from, to, end int }

// tokens are those of scan of [start, end), from the tape if it has them. They
// are good until the next call.
func (t *tape) tokens(scan *scanner, start, end int) []token {
	if s, ok := t.at[start]; ok && s.end == end {
		return t.toks[s.from:s.to:s.to]
	}
	toks := scan.tokens(start, end)
	if len(t.toks)+len(toks) <= maxTape {
		if t.at == nil {
			t.at = map[int]stretch{}
		}
		if t.toks == nil {
			t.toks = make([]token, 0, min(len(scan.text)/4, maxTape))
		}
		from := len(t.toks)
		t.toks = append(t.toks, toks...)
		t.at[start] = stretch{from, len(t.toks), end}
	}
	return toks
}

// tokens are those of sentence i behind list marks and datelines. They are good
// until the next call.
func (x *extraction) tokens(i int) []token {
	return x.tape.tokens(&x.scan, x.start(x.sents[i]), x.sents[i].End)
}
