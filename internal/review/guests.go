package review

import (
	"slices"
	"strings"
	"time"

	"factcheck/internal/errs"
)

// GuestReader is somebody outside who was asked to read one content blind. They
// are a person whose account nobody can sign in to: their name stays on what
// they answered.
type GuestReader struct {
	ID          int64
	ReviewID    int64
	PersonID    int64 // 0 before it is stored
	Name        string
	Email       string // empty: the link reaches them another way
	Round       int
	ContentHash string // what they were asked to read
	InvitedBy   int64
	InvitedAt   time.Time
	EndsAt      time.Time
	RevokedAt   time.Time // zero while the link is good
}

// GuestLife is how long an outside reader has.
const GuestLife = 7 * 24 * time.Hour

// MaxGuests is how many outside readers one round has at most.
const MaxGuests = 5

// GuestDraft is whom an editor asks.
type GuestDraft struct{ Name, Email string }

func (g GuestDraft) check() error {
	const op = "review.GuestDraft"
	return firstError(tooLong(op, "name", g.Name, MaxAsked), oneLine(op, "name", g.Name), tooLong(op, "address", g.Email, MaxAsked), oneLine(op, "address", g.Email))
}

// Person is the guest as an actor: the service that checked the link makes it.
func (g GuestReader) Person() Person {
	return Person{ID: g.PersonID, Name: g.Name, Roles: []Role{Guest}, Active: true}
}

// guest is the outside reader of that number; the zero one if there is none.
func (d *Dossier) guest(id int64) GuestReader {
	if i := slices.IndexFunc(d.Guests, func(g GuestReader) bool { return g.ID == id }); i >= 0 {
		return d.Guests[i]
	}
	return GuestReader{}
}

// Stale reports whether what a guest was asked to read is not what lies with the
// editors now.
func (d *Dossier) Stale(g GuestReader) bool {
	return d.Review.State != Editing || g.Round != d.Review.Round || g.ContentHash != d.ContentHash()
}

// ReadingBy is the second reading of that person in this round; nil if there is
// none.
func (d *Dossier) ReadingBy(person int64) *SecondReading {
	for _, r := range d.reads() {
		if r.ReaderID == person {
			return &r
		}
	}
	return nil
}

// OneEditor reports whether nobody but one person can approve anything here.
func (d *Dossier) OneEditor() bool {
	n := 0
	for _, p := range d.People {
		if p.Is(Editor) {
			n++
		}
	}
	return n == 1
}

// The guards of outside readers.
var (
	inviting = input("inviting", "who is asked to read, with a mail address or none", func(_ *Dossier, c *Command) string {
		g := c.Invite
		if g == nil || strings.TrimSpace(g.Name) == "" {
			return "Say who is asked to read it."
		}
		return unless(strings.TrimSpace(g.Email) == "" || CheckMailAddress(strings.TrimSpace(g.Email)) == nil, "That is not a mail address. Leave it empty if you send the link another way.")
	})
	fewGuests = input("few guests", "at most 5 outside readers in a round", func(d *Dossier, _ *Command) string {
		n := 0
		for _, g := range d.Guests {
			if g.Round == d.Review.Round && g.RevokedAt.IsZero() {
				n++
			}
		}
		return unless(n < MaxGuests, "Five people outside were asked already. Revoke one of their links first.")
	})
	thatGuest = input("that guest", "the link of an outside reader is there and good", func(d *Dossier, c *Command) string {
		g := d.guest(c.GuestID)
		return unless(g.ID != 0 && g.RevokedAt.IsZero(), "That link does not lead anywhere any more.")
	})
	invited = guard("invited", "a guest has a link that is good, to exactly this content", errs.Forbidden, func(d *Dossier, c *Command) string {
		if !c.Actor.Is(Guest) {
			return ""
		}
		i := slices.IndexFunc(d.Guests, func(g GuestReader) bool { return g.PersonID == c.Actor.ID })
		if i < 0 || !d.Guests[i].RevokedAt.IsZero() || !d.AsOf.Before(d.Guests[i].EndsAt) {
			return "This link is not good any more."
		}
		return unless(!d.Stale(d.Guests[i]), "What you were asked to read was changed since. Nothing is asked of you any more.")
	})
)

func inviteReader(_, d *Dossier, cmd *Command, o *Outcome) error {
	g := GuestReader{
		ReviewID: d.Review.ID, Name: strings.Join(strings.Fields(cmd.Invite.Name), " "), Email: strings.TrimSpace(cmd.Invite.Email), Round: d.Review.Round,
		ContentHash: d.ContentHash(), InvitedBy: cmd.Actor.ID, InvitedAt: o.Event.At, EndsAt: o.Event.At.Add(GuestLife),
	}
	o.Guest = &g
	o.Event.change("asked to read", "", g.Name)
	o.Event.change("link ends", "", moment(g.EndsAt))
	return nil
}

func revokeReader(_, d *Dossier, cmd *Command, o *Outcome) error {
	g := d.guest(cmd.GuestID)
	g.RevokedAt = o.Event.At
	o.Guest = &g
	o.Event.change("link of "+g.Name, "good", "revoked")
	return nil
}
