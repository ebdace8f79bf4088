package attr

import (
	"fmt"
	"os"
	"path/filepath"

	"factcheck/internal/extract"
	"factcheck/internal/extract/chain"
)

// Build trains those models of internal/extract that are wanted, breaks and
// voices, from the sets in dir and writes them to out. The same sets give the
// same bytes. Voices alone read sentences with the embedded breaks.
func Build(dir, out string, wanted func(name string) bool, say func(string)) error {
	report := func(f string, a ...any) { say(fmt.Sprintf(f, a...)) }
	var breaks *chain.Model
	if wanted("breaks") {
		segs, err := readAll(dir, "seg_ewt", "seg_pud", "seg_gum")
		if err != nil {
			return err
		}
		breaks = trainBreaks(segs, breakOptions(report))
		if err := write(out, extract.BreaksFile, breaks.Bytes()); err != nil {
			return err
		}
	}
	if !wanted("voices") {
		return nil
	}
	docs, err := readAll(dir, "polnear", "gum_attr")
	if err != nil {
		return err
	}
	return write(out, extract.VoicesFile, trainVoices(docs, breaks, voiceRecipe(report)).Bytes())
}

func breakOptions(say func(string, ...any)) options {
	return options{epochs: 8, rate: .05, drop: .3, least: 2, bits: 15, say: say}
}

// recipe is how the attribution models are trained, and the biases that they
// are read with: chosen on held-back documents.
type recipe struct {
	tagger, linker, judge options
	hearing               float32 // cue bias while the linker's examples are made
	cue, source, content  float32
	judging               float32
}

func voiceRecipe(say func(string, ...any)) recipe {
	o := options{epochs: 6, rate: .03, drop: .6, least: 2, bits: 18, say: say}
	judge := options{epochs: 6, rate: .03, drop: .3, least: 2, bits: 16, say: say}
	return recipe{tagger: o, linker: o, judge: judge, hearing: 1.2, cue: 1.6, source: 2, content: .5, judging: 1}
}

// Held trains on all but one fold, of n, of the attribution sets in dir, and
// calls yield with what the models find in the documents of that fold.
func Held(dir string, fold, n int, say func(string), yield func(Doc, *extract.Voices) error) error {
	docs, err := readAll(dir, "polnear", "gum_attr")
	if err != nil {
		return err
	}
	var rest, held []Doc
	for _, d := range docs {
		if d.Fold(n) == fold {
			held = append(held, d)
		} else {
			rest = append(rest, d)
		}
	}
	v := trainVoices(rest, nil, voiceRecipe(func(f string, a ...any) { say(fmt.Sprintf(f, a...)) }))
	for _, d := range held {
		if err := yield(d, v); err != nil {
			return err
		}
	}
	return nil
}

// HeldBreaks is Held for the sentence model and its set, GUM.
func HeldBreaks(dir string, fold, n int, say func(string), yield func(Doc, *chain.Model) error) error {
	rest, err := readAll(dir, "seg_ewt", "seg_pud")
	if err != nil {
		return err
	}
	gum, err := readAll(dir, "seg_gum")
	if err != nil {
		return err
	}
	var held []Doc
	for _, d := range gum {
		if d.Fold(n) == fold {
			held = append(held, d)
		} else {
			rest = append(rest, d)
		}
	}
	m := trainBreaks(rest, breakOptions(func(f string, a ...any) { say(fmt.Sprintf(f, a...)) }))
	for _, d := range held {
		if err := yield(d, m); err != nil {
			return err
		}
	}
	return nil
}

// readAll reads several sets, one after the other.
func readAll(dir string, names ...string) ([]Doc, error) {
	var out []Doc
	for _, n := range names {
		docs, err := Read(dir, n)
		if err != nil {
			return nil, err
		}
		out = append(out, docs...)
	}
	return out, nil
}

func write(out, name string, b []byte) error {
	packed, err := extract.Pack(b)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, name), packed, 0o644); err != nil {
		return fmt.Errorf("build models: %w", err)
	}
	return nil
}
