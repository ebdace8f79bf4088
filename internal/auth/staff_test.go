package auth_test

import (
	"errors"
	"testing"

	"factcheck/internal/auth"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

func (d *desk) admin(t *testing.T, email string) review.Person {
	t.Helper()
	p, err := d.Add(t.Context(), auth.NewAccount{Name: "Adam Novak", Email: email, Password: password, Roles: []review.Role{review.Admin}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOnlyAnAdministratorChangesAccounts(t *testing.T) {
	d := newDesk(t)
	ana, adam := d.add(t, "ana@example.org"), d.admin(t, "adam@example.org")
	for _, by := range []review.Person{ana, {}, {ID: 77, Roles: []review.Role{review.Admin}, Active: true}} {
		for name, do := range map[string]error{
			"roles": d.SetRoles(t.Context(), by, ana.ID, []review.Role{review.Admin}), "close": d.Close(t.Context(), by, adam.ID), "reopen": d.Reopen(t.Context(), by, adam.ID),
		} {
			if !errors.Is(do, errs.Forbidden) {
				t.Errorf("%s by %+v = %v", name, by, do)
			}
		}
	}
	if err := d.SetRoles(t.Context(), adam, ana.ID, []review.Role{review.Editor, review.Checker}); err != nil {
		t.Fatal(err)
	}
	e := d.store.events[0]
	if e.Action != review.ChangeRoles || e.ActorID != adam.ID || len(e.Changes) != 1 || e.Changes[0] != (review.Change{Field: "roles", From: "checker", To: "checker editor"}) {
		t.Errorf("%+v", e)
	}
}

func TestAChangeOfAccountsIsRefusedWithASentence(t *testing.T) {
	d := newDesk(t)
	ana, adam := d.add(t, "ana@example.org"), d.admin(t, "adam@example.org")
	tests := map[string]struct {
		err  error
		want error
	}{
		"no role":                {d.SetRoles(t.Context(), adam, ana.ID, nil), errs.Invalid},
		"no such role":           {d.SetRoles(t.Context(), adam, ana.ID, []review.Role{"boss"}), errs.Invalid},
		"the roles that are":     {d.SetRoles(t.Context(), adam, ana.ID, ana.Roles), errs.Invalid},
		"nobody of that number":  {d.Close(t.Context(), adam, 99), errs.NotFound},
		"one's own account":      {d.Close(t.Context(), adam, adam.ID), errs.Invalid},
		"the last administrator": {d.SetRoles(t.Context(), adam, adam.ID, []review.Role{review.Editor}), errs.Invalid},
		"open already":           {d.Reopen(t.Context(), adam, ana.ID), errs.Invalid},
	}
	for name, tt := range tests {
		if !errors.Is(tt.err, tt.want) || errs.Message(tt.err) == "" {
			t.Errorf("%s = %v, want %v with a sentence", name, tt.err, tt.want)
		}
	}
	if len(d.store.events) != 0 {
		t.Errorf("on record: %+v", d.store.events)
	}
}

func TestAClosedAdministratorAdministersNothing(t *testing.T) {
	d := newDesk(t)
	adam, eve := d.admin(t, "adam@example.org"), d.admin(t, "eve@example.org")
	if err := d.Close(t.Context(), adam, eve.ID); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(t.Context(), eve, adam.ID); !errors.Is(err, errs.Forbidden) { // as she was when her request came in
		t.Errorf("a closed administrator = %v", err)
	}
	if _, err := d.Person(t.Context(), eve.ID); !errors.Is(err, errs.SignIn) {
		t.Errorf("her session = %v", err)
	}
}
