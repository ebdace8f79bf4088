package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"factcheck/data"
	"factcheck/internal/auth"
	"factcheck/internal/claims"
	"factcheck/internal/earlier"
	"factcheck/internal/embed"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

// benchClaims is how many claims the desk of the benchmarks has: those of a year
// of a busy newsroom, or as many thousands as FACTCHECK_BENCH_CLAIMS says.
var benchClaims = func() int {
	n, err := strconv.Atoi(os.Getenv("FACTCHECK_BENCH_CLAIMS"))
	if err != nil || n < 1_000 {
		return 10_000
	}
	return n / 1_000 * 1_000
}()

// The desk that the benchmarks measure.
const (
	perArticle   = 20 // claims of an article
	publishEvery = 100
)

// benchMail signs in on that desk, with passphrase.
const benchMail = "bench@desk.example"

// benchDesk is a large desk: a database, the review and the slug that the page
// benchmarks ask for, and somebody who edits.
type benchDesk struct {
	db     string
	work   int64
	slug   string
	editor review.Person
}

// BenchmarkDesk fills a desk on each database there is and measures it: its
// pages, its moves, and what the command line does with all of it.
func BenchmarkDesk(b *testing.B) {
	storetest.EachBench(b, func(b *testing.B, dsn string) {
		d := fillBench(b, dsn)
		b.Run("page", d.pages)
		b.Run("move", d.moves)
		b.Run("start", d.starts)
		b.Run("command", d.commands)
	})
}

// fillBench fills a new database.
func fillBench(b *testing.B, dsn string) benchDesk {
	b.Helper()
	st, err := store.Open(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	d := storetest.NewDesk(b, st)
	accounts := &auth.Service{Store: st, Now: time.Now}
	if _, err := accounts.Add(b.Context(), auth.NewAccount{Name: "Bench", Email: benchMail, Password: passphrase, Roles: []review.Role{review.Checker, review.Editor}}); err != nil {
		b.Fatal(err)
	}
	var reviews []int64
	for n := 0; n < benchClaims; n += 1_000 {
		err := st.InTx(b.Context(), func(ctx context.Context) error {
			for a := n; a < n+1_000; a += perArticle {
				ids, err := benchArticle(ctx, d, a)
				if err != nil {
					return err
				}
				reviews = append(reviews, ids...)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	made := benchDesk{db: dsn, work: reviews[benchClaims-1], editor: d.Edith}
	for i := 0; i < benchClaims; i += publishEvery {
		made.slug = d.Published(reviews[i]).Slug
	}
	d.Researched(made.work)
	benchVectors(b, st)
	if err := errors.Join(storetest.Settle(b.Context(), dsn), st.Close()); err != nil {
		b.Fatal(err)
	}
	return made
}

// madeUp is an encoder that has the name of the one that is shipped, and makes
// in no time what takes that one minutes: what a page costs does not hang on
// what the vectors hold, and a server that still makes them is not what is
// measured.
type madeUp struct{ embed.Encoder }

func (madeUp) Embed(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		random := rand.New(rand.NewPCG(uint64(len(t)), uint64(maphash.String(madeUpSeed, t))))
		v, sum := make([]float32, 512), 0.
		for j := range v {
			v[j] = float32(random.NormFloat64())
			sum += float64(v[j] * v[j])
		}
		for j := range v {
			v[j] /= float32(math.Sqrt(sum))
		}
		out[i] = v
	}
	return out, nil
}

var madeUpSeed = maphash.MakeSeed()

func benchVectors(b *testing.B, st *store.Store) {
	b.Helper()
	model, err := embed.NewSentence(data.Encoder)
	if err != nil {
		b.Fatal(err)
	}
	x := earlier.NewIndex(st, madeUp{model}, time.Now)
	err = x.Load(b.Context())
	for more := true; more && err == nil; {
		more, err = x.Fill(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
}

// benchArticle stores an article with its claims, the first of which is the
// n-th of the desk.
func benchArticle(ctx context.Context, d *storetest.Desk, n int) ([]int64, error) {
	var text strings.Builder
	quotes := make([]string, perArticle)
	for i := range quotes {
		quotes[i] = fmt.Sprintf("The council of district %d spent %d.%d million crowns on schools and roads in the last year", n+i, 3+(n+i)%90, i%10)
		fmt.Fprintf(&text, "It was a long evening in the town hall, and few had stayed.\n\n%s, Mayor Lena Marsh told reporters after the vote.\n\n", quotes[i])
	}
	a, _, err := d.Store.AddArticle(ctx, claims.Article{
		Source: fmt.Sprintf("https://news.example.org/bench/%d", n), URL: fmt.Sprintf("https://news.example.org/bench/%d", n),
		Title: fmt.Sprintf("District %d votes on its budget", n), Publisher: "The Example", Lang: "en", MediaType: "text/plain",
		SHA256: review.HashSnapshot([]byte(text.String())), Text: text.String(), PublishedAt: storetest.Start, AddedAt: d.Now(),
	})
	var ids []int64
	for i := 0; err == nil && i < perArticle; i++ {
		var id int64
		id, err = benchClaim(ctx, d, a, quotes[i], .3+float64((n+i)%70)/100)
		ids = append(ids, id)
	}
	return ids, err
}

func benchClaim(ctx context.Context, d *storetest.Desk, a claims.Article, quote string, score float64) (int64, error) {
	at := strings.Index(a.Text, quote)
	span, err := claims.SpanAt(a.Text, at, at+len(quote))
	if err != nil {
		return 0, err
	}
	id, _, err := d.Store.AddClaim(ctx,
		claims.Claim{Text: quote, Kind: claims.Quantity, Lang: "en", Fingerprint: claims.Fingerprint(quote), CreatedAt: d.Now()},
		claims.Claimant{Name: "Lena Marsh", Kind: claims.Person},
		claims.Appearance{
			ArticleID: a.ID, Span: span, Sentence: claims.Offsets{Start: at, End: at + len(quote)}, Score: score,
			Reasons: []string{"gives a number", "attributed to a named person"}, AddedAt: d.Now(),
		})
	if err != nil {
		return 0, err
	}
	return d.Reviews.Open(ctx, id, score, 0)
}

// benchClient is somebody signed in.
func benchClient(b *testing.B, base string) *http.Client {
	b.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: benchClients}}
	resp, err := client.PostForm(base+"/sign-in", url.Values{"email": {benchMail}, "password": {passphrase}})
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Request.URL.Path != "/desk" {
		b.Fatalf("signing in answers %s at %s", resp.Status, resp.Request.URL)
	}
	return client
}

// fetch reads one page to its end and returns its size in bytes.
func fetchPage(client *http.Client, address string) (int64, error) {
	resp, err := client.Get(address)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", address, resp.Status)
	}
	return n, err
}

// benchClients ask at once where requests a second are counted.
const benchClients = 4

// benchPages are the pages that are measured.
func benchPages(work int64, slug string) []struct{ name, path string } {
	return []struct{ name, path string }{
		{"queue", "/desk/queue"},
		{"claim", fmt.Sprintf("/desk/reviews/%d", work)},
		{"public", "/checks/" + slug},
		{"desk", "/desk"},
		{"article", "/desk/articles/1"},
		{"articles", "/desk/articles"},
		{"queued", "/desk/queue?state=queued"},
		{"kind", "/desk/queue?state=triage&kind=law"},
		{"due", "/desk/queue?flag=due"},
		{"calendar", "/desk/calendar"},
		{"workload", "/desk/workload"},
		{"balance", "/desk/balance"},
		{"trends", "/desk/trends"},
		{"speaker", "/desk/speakers/1"},
		{"search", "/desk/search?q=district"},
		{"earlier", fmt.Sprintf("/desk/reviews/%d/earlier", work)},
		{"home", "/"},
		{"corrections", "/corrections"},
		{"feed", "/feeds/checks.xml"},
		{"sitemap", "/sitemap.xml"},
	}
}

// pages asks the real server for pages over loopback, signed in. ns/op is one
// request at a time, ms/p50 their median; cpu-ms/op is the processor time of server
// and client, which says the same on a busy machine, but not what a PostgreSQL
// server did; req/s is four clients at once, on the processors that the server
// shares with them.
func (d benchDesk) pages(b *testing.B) {
	n := openNewsroom(b, d.db)
	client := benchClient(b, n.url)
	untilQuiet(b)
	for _, p := range benchPages(d.work, d.slug) {
		b.Run(p.name, func(b *testing.B) {
			var size int64
			var times []time.Duration
			used := processorTime(b)
			for b.Loop() {
				began := time.Now()
				var err error
				if size, err = fetchPage(client, n.url+p.path); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(began))
			}
			b.ReportMetric(float64((processorTime(b)-used).Microseconds())/1000/float64(len(times)), "cpu-ms/op")
			rate := throughput(b, client, n.url+p.path, max(b.N, 4*benchClients))
			b.ReportMetric(float64(middle(times).Microseconds())/1000, "ms/p50")
			b.ReportMetric(rate, "req/s")
			b.ReportMetric(float64(size)/1024, "KB/page")
		})
	}
}

// throughput is how many of that many requests are answered a second.
func throughput(b *testing.B, client *http.Client, address string, requests int) float64 {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(requests))
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	start := time.Now()
	for range benchClients {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := fetchPage(client, address); err != nil {
					failed.Store(&err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		b.Fatal(*err)
	}
	return float64(requests) / time.Since(start).Seconds()
}

// starts measures the built binary: from start to the first answer of /readyz
// (ms/start, the median), the most memory it ever held while it answered 500
// mixed requests (MB/peak), and what a first page of the queue takes.
func (d benchDesk) starts(b *testing.B) {
	bin := benchProgram(b)
	var starts, first []time.Duration
	for b.Loop() {
		began := time.Now()
		p := startProgram(b, bin, d.db)
		starts = append(starts, time.Since(began))
		client := benchClient(b, p.url)
		began = time.Now()
		if _, err := fetchPage(client, p.url+"/desk/queue"); err != nil {
			b.Fatal(err)
		}
		first = append(first, time.Since(began))
		p.stop(b)
	}
	b.ReportMetric(float64(middle(starts).Microseconds())/1000, "ms/start")
	b.ReportMetric(float64(middle(first).Microseconds())/1000, "ms/first-queue")

	p := startProgram(b, bin, d.db)
	client, pages := benchClient(b, p.url), benchPages(d.work, d.slug)
	for i := range 500 {
		if _, err := fetchPage(client, p.url+pages[i%len(pages)].path); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(p.peak(b), "MB/peak")
	p.stop(b)
}

// commands measures what the command line does with a whole desk, once: the
// time it takes and the most memory it ever holds.
func (d benchDesk) commands(b *testing.B) {
	bin := benchProgram(b)
	for _, args := range [][]string{{"verify"}, {"export", "--format", "claimreview"}, {"export", "--format", "csv"}, {"index", "rebuild", "--no-vectors"}} {
		b.Run(strings.Join(args, "_"), func(b *testing.B) {
			var most float64
			for b.Loop() {
				cmd := exec.Command(bin, append(args, "--db", d.db)...)
				cmd.Stderr = os.Stderr
				if err := cmd.Start(); err != nil {
					b.Fatal(err)
				}
				held := watchPeak(cmd.Process.Pid)
				if err := cmd.Wait(); err != nil {
					b.Fatal(err)
				}
				most = max(most, held())
			}
			b.ReportMetric(most, "MB/peak")
		})
	}
}

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// untilQuiet waits until the server in this process has read the index of earlier
// claims and does nothing but answer.
func untilQuiet(b *testing.B) {
	b.Helper()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for last, quiet := processorTime(b), 0; quiet < 2; {
		<-tick.C
		now := processorTime(b)
		if quiet++; now-last > 50*time.Millisecond {
			quiet = 0
		}
		last = now
	}
}

// watchPeak looks at a program's memory again and again; what it returns ends
// that and says the most, in MB.
func watchPeak(pid int) func() float64 {
	done, most := make(chan struct{}), make(chan float64)
	go func() {
		kb := 0.
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				most <- kb / 1024
				return
			case <-tick.C:
				if now, err := peakOf(pid); err == nil {
					kb = max(kb, now)
				}
			}
		}
	}()
	return func() float64 { close(done); return <-most }
}

// benchProgram builds the binary.
func benchProgram(b *testing.B) string {
	b.Helper()
	bin := filepath.Join(b.TempDir(), "factcheck")
	build := exec.Command("go", "build", "-tags", "sqlite_fts5 nomsgpack sqlite_omit_load_extension", "-trimpath", "-o", bin, ".")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	return bin
}

// program is a running server.
type program struct {
	cmd *exec.Cmd
	url string
}

// startProgram starts the server on a free port and returns when /readyz has
// answered.
func startProgram(b *testing.B, bin, db string) *program {
	b.Helper()
	p := &program{cmd: exec.Command(bin, "serve", "--addr", "127.0.0.1:0", "--db", db)}
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	m := opened.FindStringSubmatch(line)
	if m == nil {
		b.Fatalf("serve says %q, %v", line, err)
	}
	p.url = m[1]
	if _, err := fetchPage(http.DefaultClient, p.url+"/readyz"); err != nil {
		b.Fatal(err)
	}
	return p
}

// peak is the most memory that the program ever held, in MB.
func (p *program) peak(b *testing.B) float64 {
	b.Helper()
	kb, err := peakOf(p.cmd.Process.Pid)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}

// peakOf is the most memory that a program ever held, in KB: what Linux tells of
// it. The rusage of a child also counts what its parent held when it started it,
// which is the benchmark itself.
func peakOf(pid int) (kb float64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kb); err == nil {
			return kb, nil
		}
	}
	return 0, errors.New("this system does not tell how much memory a program used")
}

// stop ends the server, which must end well.
func (p *program) stop(b *testing.B) {
	b.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		b.Fatalf("serve ended with %v", err)
	}
}

// middle is the median of some times; there must be one.
func middle(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// moves is one move of a review, committed to disk before it is answered (SQLite:
// synchronous FULL), by one person (µs/p50) and by four at once, each on a review
// of their own (moves/s).
func (d benchDesk) moves(b *testing.B) {
	st, err := store.Open(b.Context(), d.db)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	reviews := &review.Service{Store: st, Now: time.Now}
	b.Run("one", func(b *testing.B) {
		var moves []time.Duration
		mover, used := d.mover(b, reviews, d.work-1), processorTime(b)
		for b.Loop() {
			began := time.Now()
			mover()
			moves = append(moves, time.Since(began))
		}
		b.ReportMetric(float64((processorTime(b)-used).Microseconds())/1000/float64(len(moves)), "cpu-ms/op")
		b.ReportMetric(float64(middle(moves).Nanoseconds())/1000, "µs/p50")
	})
	b.Run("four", func(b *testing.B) {
		var left atomic.Int64
		left.Store(int64(b.N))
		var wg sync.WaitGroup
		began := time.Now()
		for i := range benchClients {
			mover := d.mover(b, reviews, d.work-2-int64(i))
			wg.Go(func() {
				for left.Add(-1) >= 0 {
					mover()
				}
			})
		}
		wg.Wait()
		b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "moves/s")
	})
}

// mover dismisses a review, reopens it, dismisses it…
func (d benchDesk) mover(b *testing.B, reviews *review.Service, id int64) func() {
	b.Helper()
	found, err := reviews.Store.Dossier(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	cmd := review.Command{ReviewID: id, Version: found.Review.Version, Actor: d.editor, Note: "Because."}
	state := found.Review.State
	return func() {
		if cmd.Action, cmd.Dismissal = review.Dismiss, review.Opinion; state == review.Dismissed {
			cmd.Action, cmd.Dismissal = review.Reopen, ""
		}
		r, err := reviews.Do(b.Context(), cmd)
		if err != nil {
			b.Error(err)
			return
		}
		cmd.Version, state = r.Version, r.State
	}
}
