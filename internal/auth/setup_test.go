package auth_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"factcheck/internal/auth"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

var first = auth.NewAccount{Name: "Adam Novak", Email: "adam@example.org", Password: "an unusual first password"}

func newToken(t *testing.T, d *desk) string {
	t.Helper()
	token, err := d.NewSetupToken(t.Context())
	if err != nil || len(token) < 26 { // 128 bits in base32
		t.Fatalf("NewSetupToken = %q, %v", token, err)
	}
	return token
}

func TestSetUpMakesTheFirstAccount(t *testing.T) {
	d := newDesk(t)
	if needs, err := d.NeedsSetup(t.Context()); err != nil || !needs {
		t.Errorf("NeedsSetup of an empty desk = %v, %v", needs, err)
	}
	token := newToken(t, d)
	if dump := d.store.dump(); strings.Contains(dump, token) {
		t.Errorf("the database holds the token: %s", dump)
	}
	p, err := d.SetUp(t.Context(), token, first)
	if err != nil || !slices.Equal(p.Roles, []review.Role{review.Checker, review.Editor, review.Admin}) {
		t.Fatalf("SetUp = %+v, %v", p, err)
	}
	if got, err := d.SignIn(t.Context(), first.Email, first.Password, here); err != nil || got.ID != p.ID {
		t.Errorf("SignIn = %+v, %v", got, err)
	}
	if needs, err := d.NeedsSetup(t.Context()); err != nil || needs {
		t.Errorf("NeedsSetup of a desk with an account = %v, %v", needs, err)
	}
}

func TestSetUpIsRefusedOnceThereAreAccounts(t *testing.T) {
	d := newDesk(t)
	one, two := newToken(t, d), newToken(t, d)
	if one == two {
		t.Fatal("two tokens are the same")
	}
	if _, err := d.SetUp(t.Context(), one, first); err != nil {
		t.Fatal(err)
	}
	second := first
	second.Email = "eve@example.org"
	for _, token := range []string{one, two} {
		if _, err := d.SetUp(t.Context(), token, second); !errors.Is(err, errs.Conflict) || errs.Message(err) == "" {
			t.Errorf("second SetUp = %v, want Conflict", err)
		}
	}
	if _, err := d.NewSetupToken(t.Context()); !errors.Is(err, errs.Conflict) {
		t.Errorf("NewSetupToken = %v, want Conflict", err)
	}
}

func TestSetUpTokenIsGoodOnceAndForHalfAnHour(t *testing.T) {
	d := newDesk(t)
	token := newToken(t, d)
	for _, bad := range []string{"", "wrong", strings.ToLower(token)} {
		if _, err := d.SetUp(t.Context(), bad, first); !errors.Is(err, errs.Forbidden) || !strings.Contains(errs.Message(err), "not valid any more") {
			t.Errorf("SetUp(%q) = %v, want Forbidden", bad, err)
		}
	}
	d.pass(auth.SetupTokenLife)
	if _, err := d.SetUp(t.Context(), token, first); !errors.Is(err, errs.Forbidden) {
		t.Errorf("SetUp with an expired token = %v, want Forbidden", err)
	}
	if has, _ := d.store.HasAccounts(t.Context()); has {
		t.Error("an account was made")
	}
}

func TestMistypedSetUpKeepsTheToken(t *testing.T) {
	d := newDesk(t)
	token := newToken(t, d)
	short := first
	short.Password = "short"
	if _, err := d.SetUp(t.Context(), token, short); !errors.Is(err, errs.Invalid) {
		t.Errorf("SetUp with a short password = %v, want Invalid", err)
	}
	if _, err := d.SetUp(t.Context(), token, first); err != nil {
		t.Errorf("SetUp after a typing error = %v", err)
	}
}
