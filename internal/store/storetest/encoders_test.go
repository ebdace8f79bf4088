package storetest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"factcheck/internal/earlier"
	"factcheck/internal/embed"
	"factcheck/internal/match"
	"factcheck/internal/store/storetest"
)

// server speaks the OpenAI embeddings protocol: the vectors of counting, turned
// by 32 places, so that they are of no use beside those of counting.
type server struct {
	*httptest.Server
	down  atomic.Bool  // it answers 503
	hangs atomic.Bool  // it does not answer at all
	left  atomic.Int64 // texts until it fails; below zero: no end
	texts atomic.Int64
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	s.left.Store(-1)
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct{ Input []string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || s.down.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if s.hangs.Load() {
		<-r.Context().Done()
		return
	}
	if left := s.left.Load(); left >= 0 && s.texts.Load() >= left {
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	vecs, _ := counting{}.Embed(r.Context(), in.Input)
	s.texts.Add(int64(len(in.Input)))
	type item struct {
		Index     int       `json:"index"`
		Embedding []float32 `json:"embedding"`
	}
	var out struct {
		Data []item `json:"data"`
	}
	for i, v := range vecs {
		out.Data = append(out.Data, item{i, append(make([]float32, 32), v...)})
	}
	_ = json.NewEncoder(w).Encode(out) // the client sees a broken answer
}

func (s *server) encoder() *embed.HTTP {
	return &embed.HTTP{Client: s.Client(), Address: s.URL, Model: "big"}
}

// trees fills a desk with n claims, and gives all of them vectors of counting.
func trees(t *testing.T, d *storetest.Desk, n int) *earlier.Service {
	t.Helper()
	for i := range n {
		d.Claim(fmt.Sprintf("the mayor said that %d trees were planted in the park", i))
	}
	s := seen(t, d)
	catchUp(t, s.Index)
	return s
}

// switching is an index that wants the server's vectors and may use those of
// counting until then.
func switching(t *testing.T, d *storetest.Desk, s *server) *earlier.Index {
	t.Helper()
	var mu sync.Mutex
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return d.Now()
	}
	x := earlier.NewIndex(d.Store, s.encoder(), now)
	x.StandIn(func(name string) embed.Encoder {
		if name == "letters-1" {
			return counting{name}
		}
		return nil
	})
	if err := x.Load(ctx); err != nil {
		t.Fatal(err)
	}
	return x
}

// first is the first hit for a text.
func first(t *testing.T, x *earlier.Index, text string) earlier.Hit {
	t.Helper()
	hits, err := x.Find(ctx, match.Query{Text: text}, nil, 1)
	if err != nil || len(hits) != 1 {
		t.Fatalf("%d hits, %v", len(hits), err)
	}
	return hits[0]
}

const planted = "the mayor said that 7 trees were planted in the park"

func TestTheOldVectorsServeUntilTheNewOnesAreMade(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, dsn string) {
		old := trees(t, d, 70).Index
		want := first(t, old, planted)
		s := newServer(t)
		s.left.Store(40)
		x := switching(t, d, s)
		if st := x.Status(); st.Encoder != "letters-1" || st.Next != s.encoder().Name() || st.Waiting != 0 {
			t.Fatalf("before: %+v", st)
		}
		if _, err := x.Move(ctx); err == nil {
			t.Error("the server failed and nobody was told")
		}
		if got := first(t, x, planted); got.Ref != want.Ref || math.Abs(got.Score-want.Score) > 1e-3 {
			t.Errorf("half-way the first is %v with %v, with all of the old vectors %v with %v", got.Ref, got.Score, want.Ref, want.Score)
		}
		made := s.texts.Load()

		// The program ends and starts again; the server is back.
		s.left.Store(-1)
		x = switching(t, d, s)
		if st := x.Status(); st.Encoder != "letters-1" {
			t.Errorf("after a restart half-way: %+v", st)
		}
		d.Claim("wombats carried 40 koalas out of the fire") // comes in meanwhile
		for more := true; more; {
			var err error
			if more, err = x.Move(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if st := x.Status(); st.Encoder != s.encoder().Name() || st.Next != "" || st.Waiting != 0 || st.Loaded != 71 {
			t.Errorf("after: %+v", st)
		}
		if all := s.texts.Load(); made < 32 || all != 71 {
			t.Errorf("%d texts were encoded before the restart and %d in all, each once", made, all)
		}
		if got := first(t, x, planted); got.Ref != want.Ref {
			t.Errorf("with the new vectors the first is %v, want %v", got.Ref, want.Ref)
		}
		if got := first(t, x, "wombats carried 40 koalas"); !strings.HasPrefix(got.Ref.String(), "claim-71") {
			t.Errorf("what came in meanwhile is not found: %v", got.Ref)
		}
		counts := strs(t, storetest.Raw(t, dsn), "SELECT model || ' ' || COUNT(*) FROM embeddings GROUP BY model ORDER BY 1")
		if diff := cmp.Diff([]string{"big at " + s.URL + " 71", "letters-1 70"}, counts); diff != "" {
			t.Error(diff)
		}
		// Everything was made: the next start has nothing to wait for.
		if st := switching(t, d, s).Status(); st.Encoder != s.encoder().Name() || st.Waiting != 0 {
			t.Errorf("started anew: %+v", st)
		}
	})
}

func TestQueriesAreComparedWithVectorsOfTheirOwnModel(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		trees(t, d, 40)
		s := newServer(t)
		x := switching(t, d, s)
		done, stop := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			for {
				select {
				case <-stop:
					return
				default:
				}
				hits, err := x.Find(context.Background(), match.Query{Text: planted}, nil, 40)
				if err != nil || len(hits) == 0 {
					t.Errorf("%d hits, %v", len(hits), err)
					return
				}
			}
		}()
		for more := true; more; {
			var err error
			if more, err = x.Move(ctx); err != nil {
				t.Fatal(err)
			}
		}
		close(stop)
		<-done
	})
}

// TestAnEncoderThatFailsCostsTheVectorNotTheAnswer has a server that refuses, and
// one that says nothing.
func TestAnEncoderThatFailsCostsTheVectorNotTheAnswer(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		want := first(t, trees(t, d, 40).Index, planted).Ref
		s := newServer(t)
		x := switching(t, d, s)
		for more := true; more; {
			var err error
			if more, err = x.Move(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if p := x.Status().Problem; p != "" {
			t.Fatalf("a problem before there was one: %q", p)
		}
		for name, fails := range map[string]*atomic.Bool{"down": &s.down, "hangs": &s.hangs} {
			fails.Store(true)
			if got := first(t, x, planted).Ref; got != want {
				t.Errorf("%s: the first is %v, want %v", name, got, want)
			}
			if p := x.Status().Problem; !strings.Contains(p, "words and letters alone") {
				t.Errorf("%s: %q", name, p)
			}
			asked := time.Now()
			first(t, x, planted) // nobody waits for it again at once
			if took := time.Since(asked); took > time.Second {
				t.Errorf("%s: the next query took %v", name, took)
			}
			fails.Store(false)
			d.Pass(time.Minute)
			first(t, x, planted)
			if p := x.Status().Problem; p != "" {
				t.Errorf("%s: it answers again, and still %q", name, p)
			}
		}
	})
}

// TestTheIndexRunsThroughASwitch lets everything go on at once, as serve does.
func TestTheIndexRunsThroughASwitch(t *testing.T) {
	each(t, func(t *testing.T, d *storetest.Desk, _ string) {
		trees(t, d, 40)
		s := newServer(t)
		x := switching(t, d, s)
		running, cancel := context.WithCancel(ctx)
		ended := make(chan struct{})
		go func() { x.Run(running); close(ended) }()
		deadline := time.After(time.Minute)
		for tick := time.NewTicker(20 * time.Millisecond); x.Status().Next != ""; {
			select {
			case <-deadline:
				t.Fatalf("not switched: %+v", x.Status())
			case <-tick.C:
			}
		}
		cancel()
		<-ended
		if st := x.Status(); st.Encoder != s.encoder().Name() || st.Loaded != 40 {
			t.Errorf("%+v", st)
		}
	})
}
