package extract

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"factcheck/data"
	"factcheck/internal/extract/chain"
)

// Names of the model files in data/models.
const (
	BreaksFile = "breaks.en.bin.gz"
	VoicesFile = "voices.en.bin.gz"
)

// breaks is the model of sentence ends. It is embedded, so a failure is a
// broken build and TestModelsLoad finds it; nothing ends a sentence then but
// its line.
var breaks = sync.OnceValue(func() *chain.Model {
	m, err := parseBreaks()
	if err != nil {
		return chain.New(GapLabels, 1<<8, anyStep)
	}
	return m
})

func anyStep(int, int) bool { return true }

func parseBreaks() (*chain.Model, error) {
	b, err := unpack(BreaksFile)
	if err != nil {
		return nil, err
	}
	return chain.Parse(b, anyStep)
}

// unpack is an embedded model file without its compression.
func unpack(name string) ([]byte, error) {
	b, err := data.AttrModel(name)
	if err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("extract: unpack %s: %w", name, err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("extract: unpack %s: %w", name, err)
	}
	return out, nil
}

// Pack compresses model bytes as the embedded files are: the same bytes give
// the same file.
func Pack(b []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	if _, err := z.Write(b); err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	return out.Bytes(), nil
}

// voices are the models of attribution; nil if there are none.
var voices = sync.OnceValue(func() *Voices {
	v, err := parseVoices()
	if err != nil {
		return nil
	}
	return v
})

func parseVoices() (*Voices, error) {
	b, err := unpack(VoicesFile)
	if err != nil {
		return nil, err
	}
	return ParseVoices(b)
}

// Bytes is v in bytes, for ParseVoices.
func (v *Voices) Bytes() []byte {
	le := binary.LittleEndian
	var out []byte
	for _, bias := range []float32{v.CueBias, v.SourceBias, v.ContentBias, v.JudgeBias} {
		out = le.AppendUint32(out, math.Float32bits(bias))
	}
	hashes := make([]uint32, 0, len(v.Lexis.Known))
	for h := range v.Lexis.Known {
		hashes = append(hashes, h)
	}
	slices.Sort(hashes)
	out = le.AppendUint32(out, uint32(len(hashes)))
	for _, h := range hashes {
		k := v.Lexis.Known[h]
		out = append(le.AppendUint32(out, h), k.Fine, k.Coarse, k.Cue)
	}
	for _, m := range []*chain.Model{v.Tagger, v.Linker, v.Judge} {
		b := m.Bytes()
		out = append(le.AppendUint32(out, uint32(len(b))), b...)
	}
	return out
}

var errVoices = fmt.Errorf("extract: the attribution model is cut short")

// ParseVoices reads what Bytes wrote.
func ParseVoices(b []byte) (*Voices, error) {
	le := binary.LittleEndian
	if len(b) < 20 {
		return nil, errVoices
	}
	v := &Voices{}
	for i, bias := range []*float32{&v.CueBias, &v.SourceBias, &v.ContentBias, &v.JudgeBias} {
		*bias = math.Float32frombits(le.Uint32(b[4*i:]))
	}
	n := int(le.Uint32(b[16:]))
	b = b[20:]
	if len(b) < 7*n {
		return nil, errVoices
	}
	v.Lexis = &Lexis{Known: make(map[uint32]Known, n)}
	for i := range n {
		e := b[7*i:]
		v.Lexis.Known[le.Uint32(e)] = Known{Fine: e[4], Coarse: e[5], Cue: e[6]}
	}
	b = b[7*n:]
	var err error
	for _, m := range []struct {
		to     **chain.Model
		labels int
		steps  func(int, int) bool
	}{{&v.Tagger, TaggerLabels, LabelFollows}, {&v.Linker, LinkerLabels, LinkFollows}, {&v.Judge, JudgeLabels, anyStep}} {
		if len(b) < 4 || len(b) < 4+int(le.Uint32(b)) {
			return nil, errVoices
		}
		size := int(le.Uint32(b))
		if *m.to, err = chain.Parse(b[4:4+size], m.steps); err != nil {
			return nil, fmt.Errorf("extract: read attribution model: %w", err)
		}
		if (*m.to).Labels != m.labels {
			return nil, errVoices
		}
		b = b[4+size:]
	}
	return v, nil
}
