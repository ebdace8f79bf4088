package earlier_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"factcheck/data"
	"factcheck/internal/embed"
	"factcheck/internal/match"
)

// The benchmarks measure as many records as the library of a large desk holds.
// FACTCHECK_BENCH_CLAIMS may name a gzipped file of JSON lines with id, text,
// title, url and date; else records are made up, with the word frequencies of
// a natural text. FACTCHECK_BENCH_RECORDS is how many.
const benchRecords = 144_289

// benchLibrary gives n records.
func benchLibrary(b *testing.B, n int, each func(match.Record)) {
	b.Helper()
	name := os.Getenv("FACTCHECK_BENCH_CLAIMS")
	if name == "" {
		r := rand.New(rand.NewPCG(1, 2))
		for i := range n {
			each(match.Record{ID: "check-" + strconv.Itoa(i+1), Text: madeUp(r, 16), Title: madeUp(r, 10), URL: "https://checks.example/" + strconv.Itoa(i)})
		}
		return
	}
	done := 0
	for done < n { // a file that is too short is read again, with a word that tells the copies apart
		f, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			b.Fatal(err)
		}
		lines := bufio.NewScanner(z)
		lines.Buffer(nil, 1<<20)
		copied := done
		for lines.Scan() && done < n {
			var row struct{ Text, Title, URL, Date string }
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				b.Fatal(err)
			}
			if copied > 0 {
				row.Text += fmt.Sprintf(" kopi%d", copied)
			}
			done++
			each(match.Record{ID: "check-" + strconv.Itoa(done), Text: row.Text, Title: row.Title, URL: row.URL})
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// madeUp is a sentence of words whose frequencies fall as in a natural text.
func madeUp(r *rand.Rand, words int) string {
	s := ""
	for range words {
		rank := int(math.Exp(r.Float64()*math.Log(200_000))) - 1
		s += word(rank) + " "
	}
	return s
}

func word(rank int) string {
	const syllables = "bacadefigohujikalemanopiqurasetivowuxyza"
	w := ""
	for rank += 7; rank > 0; rank /= 20 {
		at := rank % 20 * 2
		w += syllables[at : at+2]
	}
	return w
}

// BenchmarkMatch asks for claims that are there, in other words, and for some
// that are not; with vectors, of which those of the records are made up. The
// time is that of encoding, too, and of entering a record that of processors.
func BenchmarkMatch(b *testing.B) {
	n := benchRecords
	if s := os.Getenv("FACTCHECK_BENCH_RECORDS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	x := match.NewIndex()
	defer x.Close()
	x.KeepRows(50_000, func() (match.Rows, error) { return os.Create(b.TempDir() + "/vectors") }) // as earlier does
	x.Expect(n)
	var known []string
	start := processor(b)
	var some []match.Record
	done := 0
	enter := func() {
		if !x.AddAll(some) {
			b.Fatal("no room")
		}
		some = some[:0]
	}
	benchLibrary(b, n, func(r match.Record) {
		if some = append(some, r); len(some) == 256 {
			enter()
		}
		if done++; len(known) < 300 && done%(n/300+1) == 0 {
			known = append(known, r.Text)
		}
	})
	enter()
	added := processor(b) - start
	runtime.GC()
	runtime.ReadMemStats(&after)
	lexical := float64(after.HeapAlloc-before.HeapAlloc) / 1e6
	b.Run("words", func(b *testing.B) { ask(b, x, nil, known, lexical, float64(added.Microseconds())/float64(n)) })
	model, err := embed.NewSentence(data.Encoder)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for i := range n {
		x.SetVectors("check-"+strconv.Itoa(i+1), unit(r, 512))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	all := float64(after.HeapAlloc-before.HeapAlloc) / 1e6
	b.Run("vectors", func(b *testing.B) { ask(b, x, model, known, all, 0) })
	r = rand.New(rand.NewPCG(5, 6))
	var unknown []string
	for range 300 {
		unknown = append(unknown, "the "+madeUp(r, 14))
	}
	b.Run("abstaining", func(b *testing.B) { ask(b, x, model, unknown, all, 0) })
}

func unit(r *rand.Rand, dim int) []float32 {
	v, sum := make([]float32, dim), 0.0
	for i := range v {
		v[i] = float32(r.NormFloat64())
		sum += float64(v[i] * v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

// processor is the time that this process has had of all processors: what a busy
// machine does not change.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident is the memory that this process holds, 0 where the system does not
// tell.
func resident(b *testing.B) float64 {
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes / 1e3
}

func ask(b *testing.B, x *match.Index, model embed.Encoder, texts []string, megabytes, perRecord float64) {
	var times, busy []float64
	i := 0
	for b.Loop() {
		q := match.Query{Text: texts[i%len(texts)]}
		i++
		start, used := time.Now(), processor(b)
		if model != nil {
			vecs, err := model.Embed(context.Background(), []string{match.EncodedQuery(q)})
			if err != nil {
				b.Fatal(err)
			}
			q.Vector = vecs[0]
		}
		x.Find(match.Shipped(), q, 10)
		times = append(times, float64(time.Since(start).Microseconds())/1000)
		busy = append(busy, float64((processor(b)-used).Microseconds())/1000)
	}
	slices.Sort(times)
	slices.Sort(busy)
	b.ReportMetric(busy[len(busy)/2], "cpu-ms-p50")
	b.ReportMetric(busy[len(busy)*95/100], "cpu-ms-p95")
	b.ReportMetric(times[len(times)/2], "ms-p50")
	b.ReportMetric(times[len(times)*95/100], "ms-p95")
	b.ReportMetric(megabytes, "MB-heap")
	b.ReportMetric(resident(b), "MB-resident")
	if perRecord > 0 {
		b.ReportMetric(perRecord, "µs/record")
	}
}
