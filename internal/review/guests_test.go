package review

import (
	"errors"
	"testing"
	"time"

	"factcheck/internal/errs"
)

// invitation is a dossier with the editors, and the guest who was asked to read
// what it is.
func invitation() (Dossier, Person) {
	d := ideal(Editing)
	g := GuestReader{ID: 96, PersonID: 9, Name: "Grete Holm", Round: 1, ContentHash: d.ContentHash(), InvitedBy: 3, EndsAt: now.Add(time.Hour)}
	d.Guests = []GuestReader{g}
	return d, g.Person()
}

func TestAGuestGivesASecondReadingAndNothingElse(t *testing.T) {
	d, grete := invitation()
	cmd := command(SecondRead, grete)
	cmd.Rating = "false"
	o := apply(t, d, cmd)
	if o.Reading == nil || o.Reading.Agrees || o.Reading.ReaderID != 9 || o.Event.ActorID != 9 {
		t.Errorf("%+v", o.Reading)
	}
	for _, a := range actions() {
		if a == SecondRead || a == AnswerReply {
			continue
		}
		if _, err := d.Apply(command(a, grete), now); err == nil {
			t.Errorf("a guest may %s", a)
		}
	}
}

func TestAGuestReadsExactlyWhatTheyWereAskedToRead(t *testing.T) {
	for name, spoil := range map[string]func(*Dossier){
		"the summary changed": func(d *Dossier) { d.Verdict.Summary += " Or not." },
		"another round":       func(d *Dossier) { d.Review.Round = 2 },
		"revoked":             func(d *Dossier) { d.Guests[0].RevokedAt = now },
		"over":                func(d *Dossier) { d.Guests[0].EndsAt = now },
		"somebody else":       func(d *Dossier) { d.Guests[0].PersonID = 8 },
	} {
		d, grete := invitation()
		spoil(&d)
		if _, err := d.Apply(command(SecondRead, grete), now); !errors.Is(err, errs.Forbidden) {
			t.Errorf("%s = %v", name, err)
		}
	}
}

func TestNoAccountHoldsTheRoleOfAGuest(t *testing.T) {
	for _, r := range Roles {
		if r == Guest {
			t.Error("an account can be a guest")
		}
	}
}

func TestAnInvitationIsBoundToTheContent(t *testing.T) {
	d := ideal(Editing)
	o := apply(t, d, command(InviteReader, edith))
	if o.Guest.ContentHash != d.ContentHash() || o.Guest.Round != d.Review.Round || !o.Guest.EndsAt.Equal(now.Add(GuestLife)) {
		t.Errorf("%+v", o.Guest)
	}
}
