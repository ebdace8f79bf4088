package auth_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"factcheck/internal/auth"
	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

func TestWhatIsEnteredIsChecked(t *testing.T) {
	good := auth.NewAccount{Name: "Ana Ruiz", Email: "ana@example.org", Password: password, Roles: []review.Role{review.Checker}}
	tests := []struct {
		name   string
		change func(*auth.NewAccount)
		says   string // part of the sentence; empty: it is fine
	}{
		{"fine", func(n *auth.NewAccount) {}, ""},
		{"shortest password", func(n *auth.NewAccount) { n.Password = "áéíóúáéíóúáé" }, ""},
		{"longest password", func(n *auth.NewAccount) { n.Password = strings.Repeat("x", auth.MaxPassword) }, ""},
		{"password with the name in it", func(n *auth.NewAccount) { n.Password = "ana ruiz rides a bicycle" }, ""},
		{"longest name", func(n *auth.NewAccount) { n.Name = strings.Repeat("é", claims.MaxName) }, ""},
		{"name with a joiner", func(n *auth.NewAccount) { n.Name = "می\u200cنا" }, ""},
		{"no name", func(n *auth.NewAccount) { n.Name = " " }, "Enter the name"},
		{"long name", func(n *auth.NewAccount) { n.Name = strings.Repeat("é", claims.MaxName+1) }, "too long"},
		{"name of two lines", func(n *auth.NewAccount) { n.Name = "Ana\nRuiz" }, "cannot be seen"},
		{"name that runs backwards", func(n *auth.NewAccount) { n.Name = "Ana\u202eRuiz" }, "cannot be seen"},
		{"name that is not text", func(n *auth.NewAccount) { n.Name = "Ana\xff" }, "cannot be seen"},
		{"no address", func(n *auth.NewAccount) { n.Email = "" }, "Enter the mail address"},
		{"no @", func(n *auth.NewAccount) { n.Email = "ana.example.org" }, "form ana@example.org"},
		{"address with a name", func(n *auth.NewAccount) { n.Email = "Ana <ana@example.org>" }, "form ana@example.org"},
		{"two addresses", func(n *auth.NewAccount) { n.Email = "ana@example.org, ben@example.org" }, "form ana@example.org"},
		{"address with a line end", func(n *auth.NewAccount) { n.Email = "ana@example.org\r\nBcc: x@example.org" }, "form ana@example.org"},
		{"long address", func(n *auth.NewAccount) { n.Email = strings.Repeat("a", 250) + "@example.org" }, "too long"},
		{"no role", func(n *auth.NewAccount) { n.Roles = nil }, "at least one role"},
		{"unknown role", func(n *auth.NewAccount) { n.Roles = []review.Role{"owner"} }, "no role “owner”"},
		{"short password", func(n *auth.NewAccount) { n.Password = "elevenchars" }, "at least 12"},
		{"few characters of many bytes", func(n *auth.NewAccount) { n.Password = "密码密码密码" }, "at least 12"},
		{"long password", func(n *auth.NewAccount) { n.Password = strings.Repeat("x", auth.MaxPassword+1) }, "too long"},
		{"password is the address", func(n *auth.NewAccount) { n.Password = "Ana@Example.org" }, "name or the address"},
		{"password is the name", func(n *auth.NewAccount) { n.Name, n.Password = "Anastasia Ruiz", "AnastasiaRuiz!" }, "name or the address"},
		{"password is half the address", func(n *auth.NewAccount) { n.Email, n.Password = "anastasiaruiz@example.org", "anastasia.ruiz" }, "name or the address"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, n := newDesk(t), good
			tt.change(&n)
			_, err := d.Add(t.Context(), n)
			if tt.says == "" {
				if err != nil {
					t.Errorf("Add = %v", err)
				}
				return
			}
			if !errors.Is(err, errs.Invalid) || !strings.Contains(errs.Message(err), tt.says) {
				t.Errorf("Add = %v, want Invalid with “%s”", err, tt.says)
			}
			if has, _ := d.store.HasAccounts(t.Context()); has {
				t.Error("the account was added all the same")
			}
		})
	}
}

func TestAddKeepsTheNormalForm(t *testing.T) {
	d := newDesk(t)
	p, err := d.Add(t.Context(), auth.NewAccount{
		Name: "  Jose\u0301   Ruiz ", Email: " Jose@Example.ORG ", Password: password,
		Roles: []review.Role{review.Admin, review.Checker, review.Admin},
	})
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "José Ruiz" || !p.Active || !slices.Equal(p.Roles, []review.Role{review.Checker, review.Admin}) {
		t.Errorf("Add = %+v", p)
	}
	a, err := d.store.AccountByEmail(t.Context(), "jose@example.org")
	if err != nil || a.ID != p.ID || !a.CreatedAt.Equal(d.now()) {
		t.Errorf("AccountByEmail = %+v, %v", a, err)
	}
	if dump := d.store.dump(); strings.Contains(dump, password) || !strings.Contains(dump, "$argon2id$") {
		t.Errorf("the database holds %s", dump)
	}
}

func TestOneAccountPerAddress(t *testing.T) {
	d := newDesk(t)
	d.add(t, "ana@example.org")
	_, err := d.Add(t.Context(), auth.NewAccount{Name: "Ben Okafor", Email: "ANA@example.org", Password: password, Roles: []review.Role{review.Viewer}})
	if !errors.Is(err, errs.Conflict) || !strings.Contains(errs.Message(err), "has an account already") {
		t.Errorf("second Add = %v, want Conflict", err)
	}
}

func TestPersonOfAClosedAccountHasNoSession(t *testing.T) {
	d := newDesk(t)
	p := d.add(t, "ana@example.org")
	if got, err := d.Person(t.Context(), p.ID); err != nil || got.Name != p.Name {
		t.Errorf("Person = %+v, %v", got, err)
	}
	d.store.close(p.ID)
	for _, id := range []int64{p.ID, 99} {
		if got, err := d.Person(t.Context(), id); !errors.Is(err, errs.SignIn) || got.ID != 0 || errs.Message(err) == "" {
			t.Errorf("Person(%d) = %+v, %v, want SignIn", id, got, err)
		}
	}
}

func FuzzEmailIsInItsNormalForm(f *testing.F) {
	for _, s := range []string{"Ana@Example.org", " a@b ", "\"a b\"@c", "a@[127.0.0.1]", "ana@exa\u212ample.org", "İ@x", "a@b\u200d", "<a@b>", "a@b (c)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		email, err := auth.CheckEmail(s)
		if err != nil {
			if !errors.Is(err, errs.Invalid) || errs.Message(err) == "" {
				t.Fatalf("CheckEmail(%q) = %v", s, err)
			}
			return
		}
		again, err := auth.CheckEmail(email)
		if err != nil || again != email || strings.ContainsAny(email, " \r\n\t<>") || len(email) > auth.MaxEmail {
			t.Fatalf("CheckEmail(%q) = %q, and of that %q, %v", s, email, again, err)
		}
	})
}
