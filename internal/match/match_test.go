package match_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"factcheck/internal/match"
)

// library is invented checks.
var library = []match.Record{
	{ID: "bridge", Text: "The new Harbour Bridge cost 2 billion dollars.", Title: "How much did the Harbour Bridge cost?", Date: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)},
	{ID: "bees", Text: "Honey bees have disappeared from Norland.", Title: "Have the bees gone?", Speaker: "Ada Holm"},
	{ID: "crime", Text: "Burglary fell by 12 percent in Eastport last year.", Title: "Did burglary fall in Eastport?", Speaker: "Mayor Ines Vale"},
	{ID: "tax", Text: "Nobody in Eastport pays the fuel tax.", Title: "Eastport's fuel tax"},
	{ID: "tram", Text: "Die Straßenbahn in Westhafen fährt seit Montag kostenlos.", Lang: "de"},
	{ID: "wombat", Text: "Hero wombats led other animals into their burrows during the Norland fires.", Title: "Hero wombats"},
}

func index(t testing.TB, records ...match.Record) *match.Index {
	t.Helper()
	x := match.NewIndex()
	for _, r := range records {
		if !x.Add(r) {
			t.Fatalf("no room for %s", r.ID)
		}
	}
	return x
}

func first(x *match.Index, q match.Query) string {
	hits := x.Find(match.Shipped(), q, 3)
	if len(hits) == 0 {
		return ""
	}
	return hits[0].ID
}

func TestTheSameClaimIsFirst(t *testing.T) {
	x := index(t, library...)
	tests := []struct{ name, text, want string }{
		{"other words", "Is it true that the Harbour Bridge cost us billions?", "bridge"},
		{"typing errors", "burglry in Eastprt fell twelve percnt", "crime"},
		{"hashtag with seams", "so proud of the #HeroWombats today", "wombat"},
		{"hashtag without seams", "so proud of the #herowombats today", "wombat"},
		{"another language", "Straßenbahnen sind in Westhafen jetzt kostenlos", "tram"},
		{"accents and case", "STRASSENBAHN WESTHAFEN KOSTENLOS", "tram"},
		{"a post with its footer", "No more bees in all of Norland! — Bee Watch (@beewatch) March 3, 2024", "bees"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := first(x, match.Query{Text: tt.text}); got != tt.want {
				t.Errorf("first is %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTheTextAroundAQueryCounts(t *testing.T) {
	x := index(t, library...)
	q := match.Query{Text: "It fell, and it fell a lot.", Context: []string{"Vale: Let us speak of burglary in Eastport."}, Speaker: "VALE"}
	if got := first(x, q); got != "crime" {
		t.Errorf("first is %q, want crime", got)
	}
}

func TestSelfIsNeverReturned(t *testing.T) {
	x := index(t, library...)
	for _, h := range x.Find(match.Shipped(), match.Query{Text: library[0].Text, Self: "bridge"}, 50) {
		if h.ID == "bridge" {
			t.Error("the query found itself")
		}
	}
}

func TestTheOrderOfArrivalDoesNotCount(t *testing.T) {
	backwards := slices.Clone(library)
	slices.Reverse(backwards)
	a, b := index(t, library...), index(t, backwards...)
	for _, r := range library {
		q := match.Query{Text: r.Title + " Eastport Norland Harbour"}
		ha, hb := a.Find(match.Shipped(), q, 10), b.Find(match.Shipped(), q, 10)
		if len(ha) != len(hb) {
			t.Fatalf("%d and %d hits", len(ha), len(hb))
		}
		for i := range ha {
			if ha[i].ID != hb[i].ID || math.Abs(ha[i].Score-hb[i].Score) > 1e-6 {
				t.Errorf("hit %d is %v, or %v the other way round", i, ha[i], hb[i])
			}
		}
	}
}

func TestIDsAreNoFeature(t *testing.T) {
	named := slices.Clone(library)
	for i := range named {
		named[i].ID = fmt.Sprint(len(named) - i)
	}
	a, b := index(t, library...), index(t, named...)
	q := match.Query{Text: "bridge bees crime tax tram wombat in Eastport"}
	ha, hb := a.Find(match.Shipped(), q, 10), b.Find(match.Shipped(), q, 10)
	for i := range ha {
		if ha[i].Score != hb[i].Score {
			t.Errorf("score %d is %v, or %v under other ids", i, ha[i].Score, hb[i].Score)
		}
	}
}

// TestWhatWasRemovedLeavesNoTrace adds and removes a record that would be
// first, and expects the answers of an index that never had it.
func TestWhatWasRemovedLeavesNoTrace(t *testing.T) {
	never, x := index(t, library...), index(t, library...)
	r := match.Record{ID: "copy", Text: "The Harbour Bridge cost 9 billion dollars.", Title: "Harbour Bridge"}
	v := make([]float32, 32)
	v[3] = 1
	x.Add(r)
	x.SetVectors("copy", v)
	q := match.Query{Text: "The Harbour Bridge cost 9 billion dollars.", Vector: v}
	if got := first(x, q); got != "copy" {
		t.Fatalf("first is %q before it is removed", got)
	}
	if !x.Remove("copy") || x.Remove("copy") {
		t.Error("Remove does not say what was there")
	}
	if x.Len() != never.Len() {
		t.Errorf("%d records, want %d", x.Len(), never.Len())
	}
	want := never.Find(match.Shipped(), match.Query{Text: q.Text}, 10)
	got := x.Find(match.Shipped(), match.Query{Text: q.Text}, 10)
	if len(got) != len(want) {
		t.Fatalf("%d hits, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i].ID != want[i].ID || math.Abs(got[i].Score-want[i].Score) > 1e-6 {
			t.Errorf("hit %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func TestAddingAgainReplaces(t *testing.T) {
	x := index(t, library...)
	x.Add(match.Record{ID: "bees", Text: "Wasps have come back to Norland."})
	if x.Len() != len(library) {
		t.Errorf("%d records, want %d", x.Len(), len(library))
	}
	if got := first(x, match.Query{Text: "wasps are back"}); got != "bees" {
		t.Errorf("first is %q, want the new text of bees", got)
	}
}

func TestVectorsFindWhatSharesNoWord(t *testing.T) {
	x := index(t, library...)
	near, far := make([]float32, 32), make([]float32, 32)
	near[0], far[1] = 1, 1
	x.SetVectors("bees", near)
	x.SetVectors("tax", far)
	hits := x.Find(match.Shipped(), match.Query{Text: "pollinators vanished", Vector: near}, 5)
	if !slices.ContainsFunc(hits, func(h match.Hit) bool { return h.ID == "bees" }) {
		t.Errorf("bees are not among %v", hits)
	}
	if x.SetVectors("bees", make([]float32, 16)) {
		t.Error("a vector of another length was taken")
	}
	x.Switch(&match.NextVectors{})
	if !x.SetVectors("bees", make([]float32, 16)) {
		t.Error("after a switch to none another length is refused")
	}
}

func TestReasonsMarkDifferences(t *testing.T) {
	x := index(t, library...)
	tests := []struct{ text, id, reason string }{
		{"The Harbour Bridge cost 9 billion dollars.", "bridge", "another number: 9 billion, not 2 billion"},
		{"The Harbour Bridge cost $2bn", "bridge", "the same number: 2 billion"},
		{"Everybody in Eastport pays the fuel tax.", "tax", "one of the two denies"},
		{"Burglary rose by 12 percent in Eastport", "crime", "both name Eastport"},
		{"The Harbour Bridge is dear — A (@a_b) March 5, 2024", "bridge", "4 days apart"},
	}
	for _, tt := range tests {
		var got []string
		for _, h := range x.Find(match.Shipped(), match.Query{Text: tt.text}, 5) {
			if h.ID == tt.id {
				for _, r := range h.Reasons {
					got = append(got, r.Text)
				}
			}
		}
		if !slices.Contains(got, tt.reason) {
			t.Errorf("%q: reasons %q lack %q", tt.text, got, tt.reason)
		}
	}
}

func TestScoresFallFromOneToZero(t *testing.T) {
	x := index(t, library...)
	hits := x.Find(match.Shipped(), match.Query{Text: "Harbour Bridge burglary Eastport bees Norland"}, 10)
	if len(hits) < 3 {
		t.Fatalf("%d hits, want at least 3", len(hits))
	}
	last := 1.0
	for _, h := range hits {
		if h.Score < 0 || h.Score > last {
			t.Errorf("score %v after %v", h.Score, last)
		}
		last = h.Score
	}
}

func TestNothingLikeItIsNoHitOrALowScore(t *testing.T) {
	x := index(t, library...)
	if hits := x.Find(match.Shipped(), match.Query{Text: "zyx qwv"}, 10); len(hits) > 0 && hits[0].Score > .5 {
		t.Errorf("%v for words that no record has", hits[0])
	}
	if hits := match.NewIndex().Find(match.Shipped(), match.Query{Text: "anything"}, 10); len(hits) != 0 {
		t.Errorf("an empty index gave %v", hits)
	}
}

func TestHostileTextIsRead(t *testing.T) {
	x := index(t, library...)
	for _, text := range []string{
		"", " ", "\x00\xff\xfe", "@", "#", "@@##__", "#_", strings.Repeat("#", 5000), strings.Repeat("a", 100_000),
		strings.Repeat("1", 10_000), "1.2.3.4,5,,", "— (@) ", strings.Repeat("é", 5000), "U.S.A. U.S U.", "😀😀😀", "ก็ไม่รู้", "1e999",
	} {
		x.Add(match.Record{ID: text, Text: text, Title: text, URL: text, Speaker: text})
		x.Find(match.Shipped(), match.Query{Text: text, Context: []string{text}, Speaker: text}, 5)
		match.EncodedQuery(match.Query{Text: text})
	}
}

// TestReadersSeeWholeRecordsWhileWritesGoOn is for the race detector, too.
func TestReadersSeeWholeRecordsWhileWritesGoOn(t *testing.T) {
	x := index(t, library...)
	v, asked := make([]float32, 64), make([]float32, 64)
	v[0], asked[1] = 1, 1
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for i := range 150 {
				id := fmt.Sprintf("w%d-%d", w, i%20)
				x.Add(match.Record{ID: id, Text: fmt.Sprintf("The Harbour Bridge has %d lamps.", i)})
				x.SetVectors(id, v, v)
				if i%3 == 0 {
					x.Remove(id)
				}
			}
		})
	}
	for range 2 {
		wg.Go(func() {
			for range 100 {
				hits := x.Find(match.Shipped(), match.Query{Text: "Harbour Bridge cost 2 billion dollars", Vector: asked}, 5)
				if len(hits) == 0 || hits[0].ID != "bridge" {
					t.Errorf("first is %v, want bridge", hits)
				}
			}
		})
	}
	wg.Wait()
}

func TestEnglishIsTold(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"The mayor said that crime has fallen by half.", true},
		{"Hero wombats", true},
		{"Le maire a dit que la criminalité avait baissé de moitié.", false},
		{"O prefeito disse que a criminalidade caiu pela metade.", false},
		{"महापौर ने कहा कि अपराध आधा हो गया", false},
		{"", false},
	}
	for _, tt := range tests {
		if got := match.English(tt.text); got != tt.want {
			t.Errorf("English(%q) = %v, want %v", tt.text, got, tt.want)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	x := match.NewIndex()
	names := strings.Fields("Eastport Norland Westhafen Harbour Vale Holm Bridgeton Kessel Marsh Oder")
	things := strings.Fields("bridge tax burglary bees tram hospital school vaccine river election harvest prison")
	for i := range 20_000 {
		x.Add(match.Record{ID: fmt.Sprint(i), Text: fmt.Sprintf("%s %s number %d was closed in %d because of the %s", names[i%10], things[i%12], i%977, 1950+i%70, things[i*7%12])})
	}
	q := match.Query{Text: "Was the Eastport hospital number 312 really closed in 1999 because of the election?"}
	b.Run("op", func(b *testing.B) {
		for b.Loop() {
			x.Find(match.Shipped(), q, 10)
		}
	})
}

// TestASmallIndexAbstainsToo asks an index of two for what it does not hold.
func TestASmallIndexAbstainsToo(t *testing.T) {
	x := index(t, match.Record{ID: "bridge", Text: "The harbour bridge cost 9 billion crowns"}, match.Record{ID: "bees", Text: "Honey bees have left Norland"})
	for _, text := range []string{"dividends of Umbra Optics were paid in shares", "The council paid for schools", "The sun is a star", "City roads were repaired in 2024"} {
		if hits := x.Find(match.Shipped(), match.Query{Text: text}, 1); len(hits) > 0 && hits[0].Score >= .5 {
			t.Errorf("%q is %s with %.2f", text, hits[0].ID, hits[0].Score)
		}
	}
	for text, want := range map[string]string{"the harbour bridge cost 2 billion crowns": "bridge", "Honey bees are gone from Norland": "bees"} {
		if hits := x.Find(match.Shipped(), match.Query{Text: text}, 1); len(hits) == 0 || hits[0].ID != want || hits[0].Score < .5 {
			t.Errorf("%q: %v, want %s", text, hits, want)
		}
	}
}

// TestStandingOutInASmallIndexIsNotEnough asks a desk of a few claims for one on
// the same subject, and for those that it has, in other words.
func TestStandingOutInASmallIndexIsNotEnough(t *testing.T) {
	x := index(t,
		match.Record{ID: "beds", Text: "96 percent of the patients who came to Norland Hospital in June had a bed within four hours."},
		match.Record{ID: "nurses", Text: "One in five nursing posts at Norland Hospital is empty."},
		match.Record{ID: "buses", Text: "Nine out of ten buses in Eastport run on time."},
		match.Record{ID: "debt", Text: "The debt of Eastport has doubled since Ines Vale took office in 2021."},
		match.Record{ID: "river", Text: "Farming accounts for 61 percent of the phosphate in the River Lyde."},
	)
	tests := []struct {
		text string
		want string // "": nothing of that kind
	}{
		{"Nine of ten buses are on time in Eastport", "buses"},
		{"Eastport's debt doubled under Ines Vale", "debt"},
		{"Farmers cause 61% of the phosphate in the River Lyde", "river"},
		{"Norland Hospital will build a new wing for children by 2030", ""},
		{"Patients of the hospital wait longer than ever for a new hip", ""},
		{"Eastport spends 3 million on new streets", ""},
	}
	for _, tt := range tests {
		hits := x.Find(match.Shipped(), match.Query{Text: tt.text}, 1)
		got := ""
		if len(hits) > 0 && hits[0].Score >= .5 {
			got = hits[0].ID
		}
		if got != tt.want {
			t.Errorf("%q: %q is found, want %q: %+v", tt.text, got, tt.want, hits)
		}
	}
}

func TestManyRecordsAreEnteredAsOneByOne(t *testing.T) {
	var many []match.Record
	for i := range 60 {
		for _, r := range library {
			r.ID = fmt.Sprintf("%s-%d", r.ID, i)
			r.Text += fmt.Sprintf(" Report %d of %d.", i, i%7)
			many = append(many, r)
		}
	}
	one, all := index(t, many...), match.NewIndex()
	if !all.AddAll(many) || !all.AddAll(many[:10]) || one.Len() != all.Len() {
		t.Fatalf("%d records, and %d one by one", all.Len(), one.Len())
	}
	for _, text := range []string{"bees have gone from Norland", "the bridge cost 2 billion, report 6", "Straßenbahn", "nothing at all"} {
		a, b := one.Find(match.Shipped(), match.Query{Text: text}, 20), all.Find(match.Shipped(), match.Query{Text: text}, 20)
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%q: %v, and one by one %v", text, b, a)
		}
	}
}

func TestWhatIsTheSameWordForWordComesFirst(t *testing.T) {
	x := match.NewIndex()
	for i := range 40 {
		x.Add(match.Record{ID: fmt.Sprint(i), Text: fmt.Sprintf("the mayor said that %d trees were planted in the park", i)})
	}
	for _, ranker := range []match.Ranker{match.Shipped(), {}} {
		for _, i := range []int{0, 7, 39} {
			hits := x.Find(ranker, match.Query{Text: fmt.Sprintf("The mayor said that %d trees were planted in the park.", i)}, 3)
			if len(hits) == 0 || hits[0].ID != fmt.Sprint(i) {
				t.Errorf("%d trees: %+v", i, hits)
			}
		}
	}
}

// rowsInMemory is a file that may fail.
type rowsInMemory struct {
	mu     sync.Mutex
	bytes  []byte
	room   int // bytes that it takes
	closed bool
}

func (f *rowsInMemory) WriteAt(b []byte, at int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if int(at)+len(b) > f.room {
		return 0, errors.New("full")
	}
	if missing := int(at) + len(b) - len(f.bytes); missing > 0 {
		f.bytes = append(f.bytes, make([]byte, missing)...)
	}
	return copy(f.bytes[at:], b), nil
}

func (f *rowsInMemory) ReadAt(b []byte, at int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return 0, errors.New("closed")
	}
	return bytes.NewReader(f.bytes).ReadAt(b, at)
}

func (f *rowsInMemory) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return nil
}

// many is an index of n records with two vectors each, near one of ten points.
func many(t testing.TB, n int, keep func(*match.Index)) *match.Index {
	t.Helper()
	x := match.NewIndex()
	keep(x)
	for i := range n {
		id := fmt.Sprint(i)
		x.Add(match.Record{ID: id, Text: fmt.Sprintf("Norland has %d lamps and %d trees", i, i%7)})
		if !x.SetVectors(id, pointNear(i%10, uint64(i)), pointNear(i%10, uint64(i+n))) {
			t.Fatalf("%d has no vectors", i)
		}
	}
	return x
}

// pointNear is a unit vector near the point of a number.
func pointNear(point int, seed uint64) []float32 {
	a, b := rand.New(rand.NewPCG(uint64(point), 1)), rand.New(rand.NewPCG(seed, 2))
	v, sum := make([]float32, 512), 0.0
	for k := range v {
		v[k] = float32(a.NormFloat64() + .7*b.NormFloat64())
		sum += float64(v[k] * v[k])
	}
	for k := range v {
		v[k] /= float32(math.Sqrt(sum))
	}
	return v
}

// TestWhereVectorsLieChangesNoAnswer compares records whose vectors are all
// compared with the same in a file, in one that is soon full, and in none.
func TestWhereVectorsLieChangesNoAnswer(t *testing.T) {
	const n = 300
	whole := &rowsInMemory{room: 1 << 30}
	full := &rowsInMemory{room: 250 * 512}
	all := many(t, n, func(x *match.Index) { x.KeepRows(1<<30, nil) })
	others := map[string]*match.Index{
		"file": many(t, n, func(x *match.Index) { x.KeepRows(100, func() (match.Rows, error) { return whole, nil }) }),
		"full": many(t, n, func(x *match.Index) { x.KeepRows(100, func() (match.Rows, error) { return full, nil }) }),
		"full soon": many(t, n, func(x *match.Index) {
			x.KeepRows(100, func() (match.Rows, error) { return &rowsInMemory{room: 10}, nil })
		}),
		"no file": many(t, n, func(x *match.Index) {
			x.KeepRows(100, func() (match.Rows, error) { return nil, errors.New("no room") })
		}),
		"memory": many(t, n, func(x *match.Index) { x.KeepRows(100, nil) }),
	}
	if len(whole.bytes) != 2*n*512 {
		t.Errorf("the file has %d bytes, want those of all vectors", len(whole.bytes))
	}
	if !full.closed {
		t.Error("a full file is kept open")
	}
	for name, x := range others {
		for _, y := range []*match.Index{all, x} {
			y.Remove("17")
			y.SetVectors("18")
			y.SetVectors("19", pointNear(3, 77))
		}
		for i := range 20 {
			q := match.Query{Text: "lamps of Norland", Vector: pointNear(i%10, uint64(1000+i)), Around: pointNear(i%7, uint64(2000+i)), Self: "40"}
			want, got := all.Candidates(q), x.Candidates(q)
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%s, query %d: the candidates and their features are not those of an index that compares all", name, i)
			}
		}
	}
	others["file"].Close()
	if !whole.closed {
		t.Error("Close leaves the file open")
	}
}

// TestASwitchTakesItsFileAlong prepares vectors of another encoder in a file of
// their own.
func TestASwitchTakesItsFileAlong(t *testing.T) {
	var files []*rowsInMemory
	x := many(t, 150, func(x *match.Index) {
		x.KeepRows(100, func() (match.Rows, error) {
			files = append(files, &rowsInMemory{room: 1 << 30})
			return files[len(files)-1], nil
		})
	})
	var next match.NextVectors
	for i := range 150 {
		x.Prepare(&next, fmt.Sprint(i), pointNear(9-i%10, uint64(i)))
	}
	x.Remove("3")
	x.Switch(&next)
	if len(files) != 2 || !files[0].closed || files[1].closed {
		t.Fatalf("%d files; the first is to be closed, and no other", len(files))
	}
	for _, c := range x.Candidates(match.Query{Text: "pollinators", Vector: pointNear(2, 5)}) {
		if n, _ := strconv.Atoi(c.ID); c.ID == "3" || n%10 != 7 && c.Features[slices.Index(match.FeatureNames(), "cosine")] > .5 {
			t.Errorf("%s is like what its vectors were before, or is gone", c.ID)
		}
	}
	if !x.SetVectors("4", pointNear(1, 1)) {
		t.Error("no vectors can be set after a switch")
	}
}

// TestVectorsInAFileAreReadWhileOthersAreWritten is for the race detector.
func TestVectorsInAFileAreReadWhileOthersAreWritten(t *testing.T) {
	x := many(t, 60, func(x *match.Index) {
		x.KeepRows(130, func() (match.Rows, error) { return &rowsInMemory{room: 200 * 512}, nil }) // full before the end
	})
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for i := range 120 {
				id := fmt.Sprintf("w%d-%d", w, i%50)
				x.Add(match.Record{ID: id, Text: fmt.Sprintf("Westhafen has %d boats", i)})
				x.SetVectors(id, pointNear(w, uint64(i)), pointNear(w, uint64(i)))
				if i%5 == 0 {
					x.Remove(id)
				}
			}
		})
		wg.Go(func() {
			for i := range 60 {
				x.Find(match.Shipped(), match.Query{Text: "boats", Vector: pointNear(i%10, 9)}, 5)
			}
		})
	}
	wg.Wait()
	if got := x.Find(match.Shipped(), match.Query{Text: "pollinators", Vector: pointNear(0, 119)}, 5); len(got) == 0 {
		t.Error("nothing is found by its vector")
	}
}

func TestNamesAreFoundWhileRecordsComeAndGo(t *testing.T) {
	x, want := match.NewIndex(), map[string]bool{}
	x.Expect(50)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 3000 {
		id := fmt.Sprint(r.IntN(200))
		if r.IntN(2) == 0 {
			x.Add(match.Record{ID: id, Text: fmt.Sprintf("Norland has %d lamps", i)})
			want[id] = true
		} else if x.Remove(id) != want[id] {
			t.Fatalf("Remove(%s) does not say what was there", id)
		} else {
			delete(want, id)
		}
	}
	if x.Len() != len(want) {
		t.Errorf("%d records, want %d", x.Len(), len(want))
	}
}

func TestARecordIsReadBackWhole(t *testing.T) {
	x := match.NewIndex()
	long := strings.Repeat("Straßenbahn Nr. 7 ", 900)
	for i := range 90 { // more than a piece of the memory that they lie in
		x.Add(match.Record{ID: fmt.Sprintf("%d-%s", i, strings.Repeat("x", i*300)), Text: long, Title: fmt.Sprintf("Tram %d", i), Speaker: "Ada Holm"})
	}
	x.Add(match.Record{ID: strings.Repeat("y", 3<<20), Text: "Bees cost $2bn in 2024", Title: "Of bees", Speaker: "Ines Vale"})
	x.Add(match.Record{ID: "last", Text: "Wombats", Speaker: "Bo Marsh"})
	hits := x.Find(match.Shipped(), match.Query{Text: "bees cost 2 billion", Speaker: "Vale"}, 3)
	if len(hits) == 0 || len(hits[0].ID) != 3<<20 || !slices.Contains(hits[0].Reasons, match.Reason{For: true, Text: "the same number: 2 billion"}) ||
		!slices.Contains(hits[0].Reasons, match.Reason{For: true, Text: "the same speaker"}) {
		t.Error("a long name, a number or a speaker is lost")
	}
	if got := first(x, match.Query{Text: "wombats"}); got != "last" {
		t.Errorf("first is %.10q, want last", got)
	}
	if got := first(x, match.Query{Text: "Tram 71"}); !strings.HasPrefix(got, "71-") {
		t.Errorf("first is %.10q, want 71", got)
	}
}
