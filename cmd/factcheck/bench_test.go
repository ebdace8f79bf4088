package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
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

	"factcheck/internal/auth"
	"factcheck/internal/claims"
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
	perArticle     = 20 // claims of an article
	benchPublished = 100
)

// benchMail signs in on that desk, with passphrase.
const benchMail = "bench@desk.example"

// benchDesk fills a new database and returns its path, and the review in
// triage and the slug that the page benchmarks ask for.
func benchDesk(b *testing.B) (db string, work int64, slug string) {
	b.Helper()
	db = filepath.Join(b.TempDir(), "bench.db")
	st, err := store.Open(b.Context(), db)
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
	for i := range benchPublished {
		slug = d.Published(reviews[i*perArticle]).Slug
	}
	work = reviews[benchClaims-1]
	d.Researched(work)
	if err := st.Close(); err != nil {
		b.Fatal(err)
	}
	return db, work, slug
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
	}
}

// BenchmarkPage asks the real server for pages over loopback, signed in, on a
// desk of 10,000 claims. ns/op is one request at a time; req/s is four clients
// at once, on the processors that the server shares with them.
func BenchmarkPage(b *testing.B) {
	db, work, slug := benchDesk(b)
	n := openNewsroom(b, db)
	client := benchClient(b, n.url)
	for _, p := range benchPages(work, slug) {
		b.Run(p.name, func(b *testing.B) {
			var size int64
			for b.Loop() {
				var err error
				if size, err = fetchPage(client, n.url+p.path); err != nil {
					b.Fatal(err)
				}
			}
			rate := throughput(b, client, n.url+p.path, max(b.N, 4*benchClients))
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

// BenchmarkStart measures the built binary on a desk of 10,000 claims: from
// start to the first answer of /readyz (ms/start, the median), and the most
// memory it ever held while it answered 500 mixed requests (MB/peak).
func BenchmarkStart(b *testing.B) {
	db, work, slug := benchDesk(b)
	bin := filepath.Join(b.TempDir(), "factcheck")
	build := exec.Command("go", "build", "-tags", "sqlite_fts5 nomsgpack sqlite_omit_load_extension", "-trimpath", "-o", bin, ".")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	var starts []time.Duration
	for b.Loop() {
		began := time.Now()
		p := startProgram(b, bin, db)
		starts = append(starts, time.Since(began))
		p.stop(b)
	}
	b.ReportMetric(float64(middle(starts).Microseconds())/1000, "ms/start")

	p := startProgram(b, bin, db)
	client, pages := benchClient(b, p.url), benchPages(work, slug)
	for i := range 500 {
		if _, err := fetchPage(client, p.url+pages[i%len(pages)].path); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(p.peak(b), "MB/peak")
	p.stop(b)
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

// peak is the most memory that the program ever held, in MB: what Linux tells
// of it. The rusage of a child also counts what its parent held when it started
// it, which is the benchmark itself.
func (p *program) peak(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	b.Fatal("this system does not tell how much memory a program used")
	return 0
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

// BenchmarkMove is one move of a review, committed to disk before it is
// answered (SQLite, synchronous FULL), on a desk of 10,000 claims.
func BenchmarkMove(b *testing.B) {
	db, work, _ := benchDesk(b)
	st, err := store.Open(b.Context(), db)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	d, err := st.Dossier(b.Context(), work)
	if err != nil {
		b.Fatal(err)
	}
	actor, err := st.Person(b.Context(), d.Review.AssigneeID)
	if err != nil {
		b.Fatal(err)
	}
	reviews := &review.Service{Store: st, Now: time.Now}
	cmd := review.Command{ReviewID: work, Version: d.Review.Version, Actor: actor}
	var moves []time.Duration
	for b.Loop() {
		cmd.Action = [2]review.Action{review.Release, review.Take}[len(moves)%2]
		began := time.Now()
		r, err := reviews.Do(b.Context(), cmd)
		if err != nil {
			b.Fatal(err)
		}
		moves = append(moves, time.Since(began))
		cmd.Version = r.Version
	}
	b.ReportMetric(float64(middle(moves).Nanoseconds())/1000, "µs/p50")
}
