package embed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"factcheck/internal/errs"
)

// lengths is a server whose vector of a text is its length and 1, in reverse
// order of the texts.
func lengths(t *testing.T, requests *int) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*requests++
		var in struct {
			Model string
			Input []string
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Model != "m" || r.Header.Get("Authorization") != "Bearer secret" || r.Method != http.MethodPost {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var items []string
		for i := len(in.Input) - 1; i >= 0; i-- {
			items = append(items, fmt.Sprintf(`{"object":"embedding","index":%d,"embedding":[%d,0]}`, i, len(in.Input[i])))
		}
		fmt.Fprintf(w, `{"object":"list","data":[%s],"usage":{"total_tokens":1}}`, strings.Join(items, ","))
	}))
	t.Cleanup(s.Close)
	return s
}

func TestAServerIsAskedInBatches(t *testing.T) {
	requests := 0
	s := lengths(t, &requests)
	var e Encoder = &HTTP{Client: s.Client(), Address: s.URL, Key: "secret", Model: "m", Batch: 2}
	got, err := e.Embed(context.Background(), []string{"a", "bb", "ccc"})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || requests != 2 || got[1][0] != 1 || got[1][1] != 0 {
		t.Errorf("%v in %d requests", got, requests)
	}
}

func TestAnAnswerAgainstTheProtocolIsUpstream(t *testing.T) {
	for name, answer := range map[string]string{
		"no JSON": "<html>", "too few": `{"data":[{"index":0,"embedding":[1]}]}`, "twice": `{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}`,
		"out of range": `{"data":[{"index":0,"embedding":[1]},{"index":7,"embedding":[1]}]}`, "empty vector": `{"data":[{"embedding":[1]},{"embedding":[]}]}`,
		"two lengths": `{"data":[{"embedding":[1]},{"embedding":[1,2]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, answer) }))
			defer s.Close()
			_, err := (&HTTP{Client: s.Client(), Address: s.URL}).Embed(context.Background(), []string{"a", "b"})
			if !errors.Is(err, errs.Upstream) {
				t.Errorf("got %v, want Upstream", err)
			}
		})
	}
	requests := 0
	s := lengths(t, &requests)
	if _, err := (&HTTP{Client: s.Client(), Address: s.URL, Key: "wrong", Model: "m"}).Embed(context.Background(), []string{"a"}); !errors.Is(err, errs.Upstream) {
		t.Errorf("a refusal is %v, want Upstream", err)
	}
}

func TestAServerSpeaksWhatItIsSaidToSpeak(t *testing.T) {
	if h := (&HTTP{}); !h.Speaks("ta") {
		t.Error("a model without a list speaks every language")
	}
	if h := (&HTTP{Langs: []string{"en", "de"}}); h.Speaks("ta") || !h.Speaks("DE") {
		t.Error("the list of languages is not heeded")
	}
	if m := shipped(t); m.Speaks("de") || !m.Speaks("en") || !m.Speaks("") {
		t.Error("the built-in encoder speaks English alone")
	}
}
