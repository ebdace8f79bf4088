package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"factcheck/internal/auth"
	"factcheck/internal/record"
	"factcheck/internal/review"
	"factcheck/internal/store"
	"factcheck/internal/store/storetest"
)

// killCycles is how often TestAKilledServerLosesNothing kills the server; as
// often as FACTCHECK_TEST_KILLS says, on a machine that has the time.
func killCycles() int {
	if n, err := strconv.Atoi(os.Getenv("FACTCHECK_TEST_KILLS")); err == nil && n > 0 {
		return n
	}
	return 5
}

// A cycle ends when so many moves were acknowledged, and a few more in each.
const movesPerKill = 200

// killed is a desk whose server is killed again and again.
type killed struct {
	t      *testing.T
	dsn    string
	movers []*mover
}

// mover is somebody who dismisses a review and reopens it, over HTTP.
type mover struct {
	id      int64
	version int64 // after the last move that was acknowledged
	state   review.State
	acked   int
	pending url.Values // a form that was sent and never answered
}

// TestAKilledServerLosesNothing kills a server (SIGKILL) in the middle of a
// thousand moves and of articles that come in, and starts it again. Every move
// that was acknowledged is there; every form that never got an answer is sent
// again and counts once; the record verifies each time.
func TestAKilledServerLosesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, dsn string) {
		k := newKilled(t, dsn)
		for cycle := range killCycles() {
			k.cycle(movesPerKill + 7*cycle)
			k.check()
		}
		acked := 0
		for _, m := range k.movers {
			acked += m.acked
		}
		t.Logf("%d moves were acknowledged by servers that were killed %d times", acked, killCycles())
	})
}

func newKilled(t *testing.T, dsn string) *killed {
	t.Helper()
	st := storetest.Open(t, dsn)
	d := storetest.NewDesk(t, st)
	_, err := (&auth.Service{Store: st, Now: time.Now, Params: quick}).Add(t.Context(), auth.NewAccount{Name: "Bench", Email: benchMail, Password: passphrase, Roles: []review.Role{review.Checker, review.Editor}})
	if err != nil {
		t.Fatal(err)
	}
	k := &killed{t: t, dsn: dsn}
	for i := range 4 {
		id := d.Claim(fmt.Sprintf("crime fell by %d percent", i+2))
		k.movers = append(k.movers, &mover{id: id, version: 1, state: review.Triage})
	}
	return k
}

// cycle starts a server, has everybody move until so many moves were
// acknowledged, and kills it.
func (k *killed) cycle(moves int) {
	k.t.Helper()
	p := k.start()
	var acked atomic.Int64
	enough := make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	for _, m := range k.movers {
		client := k.client(p.url)
		wg.Go(func() {
			for m.move(k.t, client, p.url) {
				if acked.Add(1) == int64(moves) {
					once.Do(func() { close(enough) })
				}
			}
		})
	}
	client := k.client(p.url)
	wg.Go(func() { k.paste(client, p.url) })
	select {
	case <-enough:
	case <-time.After(2 * time.Minute):
		k.t.Errorf("%d of %d moves after two minutes", acked.Load(), moves)
	}
	if err := p.cmd.Process.Kill(); err != nil {
		k.t.Fatal(err)
	}
	wg.Wait()
	if err := p.cmd.Wait(); err == nil {
		k.t.Fatal("the server ended by itself")
	}
}

// start starts the real program.
func (k *killed) start() *program {
	k.t.Helper()
	p := &program{cmd: exec.Command("factcheck", "serve", "--addr", "127.0.0.1:0", "--db", k.dsn, "--evidence", filepath.Join(k.t.TempDir(), "evidence"))}
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		k.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	m := opened.FindStringSubmatch(line)
	if m == nil {
		k.t.Fatalf("serve says %q, %v", line, err)
	}
	p.url = m[1]
	return p
}

func (k *killed) client(base string) *http.Client {
	k.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		k.t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(base+"/sign-in", url.Values{"email": {benchMail}, "password": {passphrase}})
	if err != nil {
		k.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusSeeOther {
		k.t.Fatalf("signing in answers %s, %v", resp.Status, err)
	}
	return client
}

// move sends a form: the one that was never answered, with its key, or the next.
// False if there was no answer.
func (m *mover) move(t *testing.T, client *http.Client, base string) bool {
	if m.pending == nil {
		m.pending = url.Values{"version": {fmt.Sprint(m.version)}, "key": {fmt.Sprintf("key-of-%d-after-%d", m.id, m.version)}, "note": {"Because."}}
		if m.state == review.Triage {
			m.pending.Set("action", string(review.Dismiss))
			m.pending.Set("dismissal", string(review.Opinion))
		} else {
			m.pending.Set("action", string(review.Reopen))
		}
	}
	resp, err := client.PostForm(fmt.Sprintf("%s/desk/reviews/%d/moves", base, m.id), m.pending)
	if err != nil {
		return false
	}
	body, err := io.ReadAll(resp.Body)
	if closed := resp.Body.Close(); err != nil || closed != nil {
		return false
	}
	if resp.StatusCode != http.StatusSeeOther {
		t.Errorf("%v answers %s\n%.2000s", m.pending, resp.Status, body)
		return false
	}
	m.version, m.acked, m.pending = m.version+1, m.acked+1, nil
	if m.state = review.Dismissed; m.version%2 == 1 {
		m.state = review.Triage
	}
	return true
}

// paste adds articles until the server is gone.
func (k *killed) paste(client *http.Client, base string) {
	for n := 0; ; n++ {
		var body strings.Builder
		form := multipart.NewWriter(&body)
		field, err := form.CreateFormField("text")
		if err == nil {
			_, err = fmt.Fprintf(field, "Mayor Lena Marsh said on Tuesday that district %d had spent %d million crowns on schools.\n\nShe added that unemployment had fallen by %d percent.", n, n, n%90)
		}
		if err = errors.Join(err, form.Close()); err != nil {
			k.t.Error(err)
			return
		}
		resp, err := client.Post(base+"/desk/articles", form.FormDataContentType(), strings.NewReader(body.String()))
		if err != nil {
			return
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusSeeOther {
			k.t.Errorf("an article answers %s, %v", resp.Status, err)
			return
		}
	}
}

// check looks at what the killed server left.
func (k *killed) check() {
	k.t.Helper()
	st, err := store.Open(context.Background(), k.dsn)
	if err != nil {
		k.t.Fatal(err)
	}
	defer st.Close()
	r, err := record.Verify(context.Background(), st)
	if err != nil || len(r.Findings) > 0 {
		k.t.Fatalf("the record: %v, %v", r.Findings, err)
	}
	for _, m := range k.movers {
		d, err := st.Dossier(context.Background(), m.id)
		if err != nil {
			k.t.Fatal(err)
		}
		most := m.version
		if m.pending != nil {
			most++ // it may have been done before the answer was cut off
		}
		if v := d.Review.Version; v < m.version || v > most {
			k.t.Fatalf("review %d stands at version %d, and %d was acknowledged", m.id, v, m.version)
		}
	}
}
