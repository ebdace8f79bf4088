package embed

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"

	"factcheck/internal/errs"
)

// HTTP is an encoder behind an address that speaks the OpenAI embeddings
// protocol: POST {"model", "input"}, answered by {"data": [{"index",
// "embedding"}]}. It is for a desk that runs a larger model of its own. The
// caller chooses the client and with it what may be reached and how long it may
// take.
type HTTP struct {
	Client  *http.Client
	Address string // of the endpoint, as http://127.0.0.1:8000/v1/embeddings
	Key     string // sent as a bearer token; "" sends none
	Model   string
	Langs   []string // languages that the model knows; none means all
	Batch   int      // texts in one request; 0 is 32
}

// Name is the model with its address: the same name elsewhere may be another
// model.
func (h *HTTP) Name() string { return h.Model + " at " + h.Address }

// Speaks looks lang up in Langs.
func (h *HTTP) Speaks(lang string) bool {
	if len(h.Langs) == 0 || lang == "" {
		return true
	}
	for _, l := range h.Langs {
		if strings.EqualFold(l, lang) {
			return true
		}
	}
	return false
}

// Bounds of an answer: parts of a vector, and bytes of the whole.
const (
	maxParts  = 16384
	maxAnswer = 64 << 20
)

// Embed asks for the texts in batches. An Upstream error means that the server
// did not answer as the protocol says; a cancelled ctx is Canceled.
func (h *HTTP) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	size := h.Batch
	if size <= 0 {
		size = 32
	}
	out := make([][]float32, 0, len(texts))
	for len(texts) > 0 {
		n := min(size, len(texts))
		vecs, err := h.ask(ctx, texts[:n])
		if err != nil {
			return nil, err
		}
		for _, v := range vecs {
			if len(out) > 0 && len(v) != len(out[0]) {
				return nil, h.fail(fmt.Errorf("a vector of %d parts after one of %d", len(v), len(out[0])))
			}
			out = append(out, v)
		}
		texts = texts[n:]
	}
	return out, nil
}

func (h *HTTP) fail(cause error) error {
	return &errs.Error{Op: "embed.HTTP", Kind: errs.Upstream, Err: cause,
		Msg: "The embeddings server did not answer as it should. Check its address, its key and the name of the model."}
}

func (h *HTTP) ask(ctx context.Context, texts []string) ([][]float32, error) {
	body, err := json.Marshal(struct {
		Model string   `json:"model"`
		Input []string `json:"input"`
	}{h.Model, texts})
	if err != nil {
		return nil, fmt.Errorf("write request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.Address, bytes.NewReader(body))
	if err != nil {
		return nil, h.fail(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if h.Key != "" {
		req.Header.Set("Authorization", "Bearer "+h.Key)
	}
	res, err := h.Client.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, h.fail(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, h.fail(fmt.Errorf("status %d", res.StatusCode))
	}
	return h.read(res.Body, len(texts))
}

// read takes one vector for each of n texts from an answer, in their order, and
// brings each to length 1.
func (h *HTTP) read(body io.Reader, n int) ([][]float32, error) {
	var answer struct {
		Data []struct {
			Index     *int
			Embedding []float32
		}
	}
	if err := json.NewDecoder(io.LimitReader(body, maxAnswer)).Decode(&answer); err != nil {
		return nil, h.fail(err)
	}
	out := make([][]float32, n)
	for i, d := range answer.Data {
		at := i
		if d.Index != nil {
			at = *d.Index
		}
		if at < 0 || at >= n || out[at] != nil || len(d.Embedding) == 0 || len(d.Embedding) > maxParts {
			return nil, h.fail(fmt.Errorf("vector %d does not fit", i))
		}
		out[at] = toLength1(d.Embedding)
	}
	for i, v := range out {
		if v == nil {
			return nil, h.fail(fmt.Errorf("no vector for text %d", i))
		}
	}
	return out, nil
}

func toLength1(v []float32) []float32 {
	sum := 0.0
	for _, f := range v {
		sum += float64(f) * float64(f)
	}
	if sum == 0 || math.IsInf(sum, 0) || math.IsNaN(sum) {
		clear(v)
		return v
	}
	scale := 1 / math.Sqrt(sum)
	for i := range v {
		v[i] = float32(float64(v[i]) * scale)
	}
	return v
}
