package auth_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"factcheck/internal/auth"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

const here = "192.0.2.7:41234"

func TestSignIn(t *testing.T) {
	d := newDesk(t)
	ana, closed := d.add(t, "ana@example.org"), d.add(t, "closed@example.org")
	d.store.close(closed.ID)
	tests := []struct {
		name, email, password string
		says                  string // empty: signed in
	}{
		{"right", "ana@example.org", password, ""},
		{"in capitals, with spaces", " ANA@Example.org", password, ""},
		{"wrong password", "ana@example.org", "seven grey hérons", "password is wrong"},
		{"password in capitals", "ana@example.org", strings.ToUpper(password), "password is wrong"},
		{"no password", "ana@example.org", "", "password is wrong"},
		{"no account", "ben@example.org", password, "password is wrong"},
		{"no address", "", password, "password is wrong"},
		{"closed account", "closed@example.org", password, "is closed"},
		{"closed account, wrong password", "closed@example.org", "something else", "password is wrong"},
		{"endless password", "ana@example.org", strings.Repeat("x", 1<<20), "password is wrong"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := d.SignIn(t.Context(), tt.email, tt.password, here)
			if tt.says == "" {
				if err != nil || p.ID != ana.ID || p.Name != ana.Name || len(p.Roles) != 1 {
					t.Errorf("SignIn = %+v, %v", p, err)
				}
				return
			}
			if !errors.Is(err, errs.SignIn) || !strings.Contains(errs.Message(err), tt.says) || p.ID != 0 {
				t.Errorf("SignIn = %+v, %v, want “%s”", p, err, tt.says)
			}
		})
	}
}

func TestPasswordIsTheSameFromEveryKeyboard(t *testing.T) {
	d := newDesk(t)
	n := auth.NewAccount{Name: "Ana Ruiz", Email: "ana@example.org", Password: "caf\u00e9 by the river", Roles: []review.Role{review.Checker}}
	if _, err := d.Add(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SignIn(t.Context(), n.Email, "cafe\u0301 by the river", here); err != nil {
		t.Errorf("SignIn with the other form of é = %v", err)
	}
}

// Work is counted, not timed: a clock on a busy machine proves nothing.
func TestUnknownAccountCostsTheSameWork(t *testing.T) {
	d := newDesk(t)
	d.add(t, "ana@example.org")
	closed := d.add(t, "closed@example.org")
	d.store.close(closed.ID)
	var costs []argon2id.Params
	d.SetCompare(func(password, hash string, real func(string, string) (bool, error)) (bool, error) {
		p, _, _, err := argon2id.DecodeHash(hash)
		if err != nil {
			t.Errorf("hash %q: %v", hash, err)
			return false, err
		}
		costs = append(costs, *p)
		return real(password, hash)
	})
	for _, email := range []string{"ana@example.org", "nobody@example.org", "closed@example.org", "not an address"} {
		costs = nil
		if _, err := d.SignIn(t.Context(), email, "a wrong password", here); errs.Message(err) != "The mail address or the password is wrong." {
			t.Errorf("SignIn(%s) = %v", email, err)
		}
		if len(costs) != 1 || costs[0] != *d.Params {
			t.Errorf("SignIn(%s) hashed with %+v, want once with %+v", email, costs, *d.Params)
		}
	}
}

func TestDefaultParamsAreStrong(t *testing.T) {
	p := auth.DefaultParams
	if p.Memory < 19*1024 || p.Iterations < 2 || p.SaltLength < 16 || p.KeyLength < 32 {
		t.Errorf("DefaultParams = %+v, less than OWASP asks for", p)
	}
	d := newDesk(t)
	d.Params = nil
	d.add(t, "ana@example.org")
	if dump := d.store.dump(); !strings.Contains(dump, fmt.Sprintf("m=%d,t=%d,p=%d", p.Memory, p.Iterations, p.Parallelism)) {
		t.Errorf("without Params the hash is not made with DefaultParams: %s", dump)
	}
}

// fails makes n wrong tries and returns the last error.
func fails(t *testing.T, d *desk, n int, email, from string) error {
	t.Helper()
	var err error
	for range n {
		_, err = d.SignIn(t.Context(), email, "a wrong password", from)
	}
	return err
}

func TestTenWrongTriesPerAccount(t *testing.T) {
	for _, email := range []string{"ana@example.org", "nobody@example.org"} {
		t.Run(email, func(t *testing.T) {
			d := newDesk(t)
			d.add(t, "ana@example.org")
			compared := 0
			d.SetCompare(func(p, h string, real func(string, string) (bool, error)) (bool, error) {
				compared++
				return real(p, h)
			})
			d.pass(time.Minute)
			if err := fails(t, d, auth.TriesPerAccount, email, here); !errors.Is(err, errs.SignIn) {
				t.Fatalf("try %d = %v, want SignIn", auth.TriesPerAccount, err)
			}
			d.pass(3*time.Minute + time.Second)
			for i := range 50 { // refused tries do not lengthen the wait, wherever they come from
				_, err := d.SignIn(t.Context(), email, password, fmt.Sprintf("198.51.100.%d:1", i))
				var wait *auth.Wait
				if !errors.As(err, &wait) || !errors.Is(err, errs.TooMany) {
					t.Fatalf("try after the limit = %v, want a Wait of kind TooMany", err)
				}
				if wait.For != 12*time.Minute-time.Second || errs.Message(err) != "Too many wrong passwords. Try again in 12 minutes." {
					t.Fatalf("wait is %v: %s", wait.For, errs.Message(err))
				}
			}
			if compared != auth.TriesPerAccount {
				t.Errorf("%d passwords were looked at, want %d", compared, auth.TriesPerAccount)
			}
			d.pass(12 * time.Minute)
			if _, err := d.SignIn(t.Context(), email, password, here); errors.Is(err, errs.TooMany) {
				t.Errorf("after the wait: %v", err)
			}
		})
	}
}

func TestRightPasswordForgetsWrongTries(t *testing.T) {
	d := newDesk(t)
	d.add(t, "ana@example.org")
	for range 5 {
		fails(t, d, auth.TriesPerAccount-1, "ana@example.org", here)
		if _, err := d.SignIn(t.Context(), "ana@example.org", password, here); err != nil {
			t.Fatalf("right password after %d wrong ones = %v", auth.TriesPerAccount-1, err)
		}
	}
}

func TestManyTriesAtOnceDoNotPassTheLimit(t *testing.T) {
	const tries = auth.MaxWaiting // so that all can wait
	d := newDesk(t)
	d.add(t, "ana@example.org")
	var first, all sync.WaitGroup
	first.Add(tries)
	d.store.adding = func(subject string) {
		if strings.HasPrefix(subject, "account:") {
			first.Done()
			first.Wait() // none is noted before all were let in
		}
	}
	var compared atomic.Int32
	d.SetCompare(func(string, string, func(string, string) (bool, error)) (bool, error) {
		compared.Add(1)
		return false, nil
	})
	for i := range tries {
		all.Go(func() {
			d.SignIn(t.Context(), "ana@example.org", "a wrong password", fmt.Sprintf("198.51.100.%d:1", i))
		})
	}
	all.Wait()
	if n := compared.Load(); n > auth.TriesPerAccount {
		t.Errorf("%d passwords were looked at, want at most %d", n, auth.TriesPerAccount)
	}
}

func TestOneAddressCannotTryEveryAccount(t *testing.T) {
	d := newDesk(t)
	d.add(t, "ana@example.org")
	for i := range auth.TriesPerAddress {
		if err := fails(t, d, 1, fmt.Sprintf("person%d@example.org", i), fmt.Sprintf("192.0.2.7:%d", 1024+i)); !errors.Is(err, errs.SignIn) {
			t.Fatalf("try %d = %v, want SignIn", i+1, err)
		}
	}
	if _, err := d.SignIn(t.Context(), "ana@example.org", password, here); !errors.Is(err, errs.TooMany) {
		t.Errorf("try after the limit = %v, want TooMany", err)
	}
	if _, err := d.SignIn(t.Context(), "ana@example.org", password, "192.0.2.8:1"); err != nil {
		t.Errorf("from another address = %v", err)
	}
	d.pass(auth.Window + time.Second)
	if _, err := d.SignIn(t.Context(), "ana@example.org", password, here); err != nil {
		t.Errorf("after the wait = %v", err)
	}
}

func TestSigningInDoesNotCountAgainstTheAddress(t *testing.T) {
	d := newDesk(t)
	d.add(t, "ana@example.org")
	for i := range auth.TriesPerAddress + 1 {
		if _, err := d.SignIn(t.Context(), "ana@example.org", password, here); err != nil {
			t.Fatalf("sign-in %d = %v", i+1, err)
		}
	}
}

func TestWhatWasTypedIsNotKeptReadable(t *testing.T) {
	d := newDesk(t)
	const secret = "my-password-in-the-wrong-field"
	fails(t, d, 1, secret, here)
	if dump := d.store.dump(); strings.Contains(dump, secret) || strings.Contains(dump, "192.0.2.7") || !strings.Contains(dump, "account:") {
		t.Errorf("the database holds %s", dump)
	}
}

func TestNetwork(t *testing.T) {
	tests := []struct{ from, want string }{
		{"192.0.2.7:80", "192.0.2.7"},
		{"192.0.2.7", "192.0.2.7"},
		{"[::ffff:192.0.2.7]:80", "192.0.2.7"},
		{"[2001:db8:1:2:3:4:5:6]:80", "2001:db8:1:2::/64"},
		{"2001:db8:1:2::9", "2001:db8:1:2::/64"},
		{"fe80::1%eth0", "fe80::/64"},
		{"@", "@"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := auth.Network(tt.from); got != tt.want {
			t.Errorf("network(%q) = %q, want %q", tt.from, got, tt.want)
		}
	}
}

func TestStormOfSignInsIsBounded(t *testing.T) {
	d := newDesk(t)
	free := make(chan struct{})
	release := sync.OnceFunc(func() { close(free) })
	defer release()
	var now, most atomic.Int32
	d.SetCompare(func(string, string, func(string, string) (bool, error)) (bool, error) {
		most.Store(max(most.Load(), now.Add(1)))
		<-free
		now.Add(-1)
		return false, nil
	})
	const storm = 3 * auth.MaxWaiting
	results := make(chan error, storm)
	for i := range storm {
		go func() {
			_, err := d.SignIn(t.Context(), fmt.Sprintf("person%d@example.org", i), "a wrong password", fmt.Sprintf("198.51.100.%d:1", i))
			results <- err
		}()
	}
	slots := max(1, runtime.GOMAXPROCS(0)/2)
	for range storm - slots - auth.MaxWaiting { // the others wait
		if err := <-results; !errors.Is(err, errs.TooMany) || errs.Message(err) == "" {
			t.Fatalf("beyond the queue = %v, want TooMany", err)
		}
	}
	release()
	for range slots + auth.MaxWaiting {
		if err := <-results; !errors.Is(err, errs.SignIn) {
			t.Errorf("from the queue = %v, want SignIn", err)
		}
	}
	if n := int(most.Load()); n > slots {
		t.Errorf("%d passwords were hashed at once, want at most %d", n, slots)
	}
	if d.Waiting() != 0 {
		t.Errorf("%d still wait", d.Waiting())
	}
}

func TestWhoLeavesTheQueueFreesIt(t *testing.T) {
	d := newDesk(t)
	free := make(chan struct{})
	begun := make(chan struct{}, 64)
	d.SetCompare(func(string, string, func(string, string) (bool, error)) (bool, error) {
		begun <- struct{}{}
		<-free
		return false, nil
	})
	slots := max(1, runtime.GOMAXPROCS(0)/2)
	var all sync.WaitGroup
	for i := range slots {
		all.Go(func() { d.SignIn(t.Context(), fmt.Sprintf("person%d@example.org", i), "x", here) })
	}
	for range slots {
		<-begun
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := d.SignIn(gone, "ana@example.org", "x", here); errs.KindOf(err) != errs.Canceled {
		t.Errorf("SignIn = %v, want Canceled", err)
	}
	if d.Waiting() != 0 {
		t.Errorf("%d still wait", d.Waiting())
	}
	close(free)
	all.Wait()
}
