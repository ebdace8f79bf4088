package train

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"factcheck/internal/encode"
	"factcheck/internal/encode/published"
	"factcheck/internal/worth"
)

// Job is what Build is to do.
type Job struct {
	Sets    string       // folder of the development sets
	Encoder string       // dist folder of the package that published.Read reads; needed for English
	Out     string       // folder of the models; holds worth.WordsFile
	Only    []string     // names of models; empty: all
	Say     func(string) // gets a line for each model: how well it does on held-back documents
}

// Build trains the shipped models and writes them. The same sets give the
// same bytes on every processor with AVX2. It stops soon after ctx is done.
func Build(ctx context.Context, job Job) error {
	words, err := os.ReadFile(filepath.Join(job.Out, worth.WordsFile))
	if err != nil {
		return fmt.Errorf("build models: %w", err)
	}
	b := &builder{job, worth.NewExtractor(string(words))}
	if len(job.Only) == 0 || slices.Contains(job.Only, english) {
		if err := b.english(ctx); err != nil {
			return err
		}
	}
	for _, r := range recipes {
		if r.head || len(job.Only) > 0 && !slices.Contains(job.Only, r.name) {
			continue
		}
		if err := b.linear(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// english names, in Job.Only, the encoder and all models that use it.
const english = "en"

// builder keeps what the recipes share.
type builder struct {
	Job
	words *worth.Extractor
}

// write saves the model of a recipe, packed.
func (b *builder) write(name string, m *worth.Model) error {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(m.Bytes()); err != nil {
		return fmt.Errorf("pack model: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("pack model: %w", err)
	}
	return b.save(worth.ModelFile(name), packed.Bytes())
}

func (b *builder) save(name string, file []byte) error {
	if err := os.WriteFile(filepath.Join(b.Out, name), file, 0o644); err != nil {
		return fmt.Errorf("build models: %w", err)
	}
	return nil
}

// sample is a set made ready for training.
type sample struct {
	all  []example
	rows []row
	y    []float64
	fold []int
}

func (b *builder) sample(all []example, fold []int) sample {
	s := sample{all, make([]row, len(all)), make([]float64, len(all)), fold}
	for i, e := range all {
		s.y[i] = float64(e.Label)
		s.rows[i] = rowOf(b.words.Features(e.Text), s.y[i])
	}
	return s
}

// without are the rows whose fold is not f.
func (s sample) without(f int) []row {
	var out []row
	for i := range s.rows {
		if s.fold[i] != f {
			out = append(out, s.rows[i])
		}
	}
	return out
}

// tableSize is the number of linear weights without the bias: n-grams, then
// dense features.
var tableSize = 1<<worth.Bits + worth.DenseSize

// denseScale keeps the penalty of a dense weight near that of an n-gram's.
const denseScale = .3

func rowOf(f worth.Features, y float64) row {
	x := f.Grams
	for i, v := range f.Dense {
		if v != 0 {
			x = append(x, worth.Feature{At: uint32(1<<worth.Bits + i), Value: v * denseScale})
		}
	}
	return row{x, y, 1}
}

// foldCount is into how many parts the documents are dealt.
const foldCount = 3

// linear makes a model without the encoder. Each third of the documents is
// held back in turn, for the calibration; the model is then trained on all.
func (b *builder) linear(ctx context.Context, r recipe) error {
	start := time.Now()
	all, err := load(b.Sets, r.set)
	if err != nil {
		return err
	}
	group(all)
	s := b.sample(all, folds(all, foldCount))
	held := make([]parts, len(all))
	for f := range foldCount {
		if err := ctx.Err(); err != nil {
			return err
		}
		w := logistic(s.without(f), tableSize, r.l2, r.rounds)
		for i := range all {
			if s.fold[i] == f {
				held[i].linear = predictLinear(w, s.rows[i].x)
			}
		}
	}
	m, _, line := r.finish(trained{linear: logistic(s.rows, tableSize, r.l2, r.rounds)}, all, held)
	b.say(r, line, start)
	return b.write(r.name, m)
}

func (b *builder) say(r recipe, line string, start time.Time) {
	if b.Say != nil {
		b.Say(fmt.Sprintf("%s: %s (%s)", r.name, line, time.Since(start).Round(time.Second)))
	}
}

// english makes the encoder and every model that uses it. One fifth of the
// documents is held back from the encoder, to learn how far each part is to be
// trusted; what is measured there is what is shipped.
func (b *builder) english(ctx context.Context) error {
	c, err := b.course()
	if err != nil {
		return err
	}
	enc, file, err := c.tune(ctx)
	if err != nil {
		return err
	}
	for head, r := range c.recipes {
		start := time.Now()
		m, line := c.model(r, enc, head)
		b.say(r, line, start)
		if err := b.write(r.name, m); err != nil {
			return err
		}
	}
	return b.save(worth.EncoderFile, file)
}

// The fold of so many that the encoder is held back from: the one that has
// about a fifth of every set.
const heldFold, englishFolds = 3, 5

// course is the English sets, their folds dealt together.
type course struct {
	start   encode.Weights
	tokens  *encode.Encoder
	recipes []recipe
	samples []sample // of each recipe
	picks   sample   // what fact-checkers picked, by all sets of picks
}

func (b *builder) course() (*course, error) {
	c := &course{}
	var err error
	if c.start, err = published.Read(os.DirFS(b.Encoder)); err != nil {
		return nil, err
	}
	if c.tokens, err = encode.Read(c.start.Bytes()); err != nil {
		return nil, fmt.Errorf("build models: encoder: %w", err)
	}
	var sets [][]example
	for _, r := range recipes {
		if !r.head {
			continue
		}
		all, err := load(b.Sets, r.set)
		if err != nil {
			return nil, err
		}
		c.recipes, sets = append(c.recipes, r), append(sets, all)
	}
	var picks []example
	for _, name := range pickSets {
		all, err := load(b.Sets, name)
		if err != nil {
			return nil, err
		}
		picks = append(picks, all...)
	}
	sets = append(sets, picks)
	group(sets...)
	fold := folds(slices.Concat(sets...), englishFolds)
	for _, all := range sets {
		c.samples, fold = append(c.samples, b.sample(all, fold[:len(all)])), fold[len(all):]
	}
	c.picks, c.samples = c.samples[len(c.recipes)], c.samples[:len(c.recipes)]
	return c, nil
}

// lessons are the rows of all recipes but those held back. A head past those of the recipes learns, as a help to the others, which
// sentences state a fact at all.
func (c *course) lessons() []lesson {
	const helpWeight = .3
	var out []lesson
	for head, s := range c.samples {
		for i, e := range s.all {
			if s.fold[i] == heldFold {
				continue
			}
			l := lesson{c.tokens.Tokens(e.Text), []answer{{head, float32(s.y[i]), 1}}}
			if e.Verdict != nil {
				states := float32(0)
				if *e.Verdict >= 0 {
					states = 1
				}
				l.answers = append(l.answers, answer{len(c.samples), states, helpWeight})
			}
			out = append(out, l)
		}
	}
	return out
}

// tuned is an encoder as it is shipped, and its heads.
type tuned struct {
	encoder *encode.Encoder
	heads   [][]float64
}

func (c *course) tune(ctx context.Context) (tuned, []byte, error) {
	t, err := encoderRecipe.tune(ctx, c.start, len(c.samples)+1, c.lessons())
	if err != nil {
		return tuned{}, nil, err
	}
	file := t.weights(c.start).Bytes()
	e, err := encode.Read(file)
	if err != nil {
		return tuned{}, nil, fmt.Errorf("build models: encoder: %w", err)
	}
	out := tuned{encoder: e}
	for h := range c.samples {
		out.heads = append(out.heads, t.head(h))
	}
	return out, file, nil
}

// margins are what a head says of texts.
func (t tuned) margins(texts []string, head int) []float64 {
	var out []float64
	for group := range slices.Chunk(texts, batchRows) {
		for _, v := range t.encoder.Vectors(group...) {
			z := t.heads[head][encode.Width]
			for j, x := range v {
				z += t.heads[head][j] * float64(x)
			}
			out = append(out, z)
		}
	}
	return out
}

// model makes one English model. What its linear parts say of held-back
// documents comes from models that did not see them; the shipped ones saw all.
func (c *course) model(r recipe, enc tuned, head int) (*worth.Model, string) {
	s := c.samples[head]
	w := logistic(s.without(heldFold), tableSize, r.l2, r.rounds)
	t := trained{linear: logistic(s.rows, tableSize, r.l2, r.rounds), head: enc.heads[head]}
	var pw []float64
	if r.blend > 0 {
		pw = logistic(c.picks.without(heldFold), tableSize, pickPenalty, pickRounds)
		t.picks = logistic(c.picks.rows, tableSize, pickPenalty, pickRounds)
	}
	all, held := s.held(w, pw, enc, head)
	m, x, line := r.finish(t, all, held)
	if r.blend > 0 {
		line += "; picks of fact-checkers: " + c.ranked(x, w, pw, enc, head)
	}
	return m, line
}

// held are the held-back sentences of s and what the parts say of them.
func (s sample) held(linear, picks []float64, enc tuned, head int) ([]example, []parts) {
	var all []example
	var out []parts
	var texts []string
	for i, e := range s.all {
		if s.fold[i] != heldFold {
			continue
		}
		p := parts{linear: predictLinear(linear, s.rows[i].x)}
		if picks != nil {
			p.picks = predictLinear(picks, s.rows[i].x)
		}
		all, out, texts = append(all, e), append(out, p), append(texts, e.Text)
	}
	for i, z := range enc.margins(texts, head) {
		out[i].head = z
	}
	return all, out
}

// ranked is the mean average precision over held-back debates of each set of
// picks, by the linear part alone and by all.
func (c *course) ranked(x mixture, linear, picks []float64, enc tuned, head int) string {
	all, held := c.picks.held(linear, picks, enc, head)
	line := ""
	for _, set := range pickSets {
		var of []example
		var alone, both []float64
		for i, e := range all {
			if e.Set == set {
				l, h := x.sums(held[i])
				of, alone, both = append(of, e), append(alone, sigmoid(l)), append(both, sigmoid(l+h))
			}
		}
		line += fmt.Sprintf("%s map %.3f linear, %.3f with the encoder; ", set, metric(of, alone, "map"), metric(of, both, "map"))
	}
	return line
}
