package auth

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// Member is an account as administrators see it.
type Member struct {
	ID        int64
	Name      string
	Email     string
	Roles     []review.Role // in the order of review.Roles where this package wrote them
	Active    bool          // false: closed
	CreatedAt time.Time
}

// SetRoles gives somebody other roles; what they were counts no more from the
// next request on. Forbidden unless by is an administrator; Invalid if nobody
// could administer the desk afterwards; NotFound.
func (s *Service) SetRoles(ctx context.Context, by review.Person, id int64, roles []review.Role) error {
	next, err := checkRoles(roles)
	if err != nil {
		return err
	}
	return s.changeMember(ctx, by, id, review.ChangeRoles, func(m *Member) error {
		m.Roles = next
		return nil
	})
}

// Close closes an account: its sessions end with their next request, its name
// stays on what was done. Forbidden unless by is an administrator; Invalid for
// one's own account and for that of the last administrator; NotFound.
func (s *Service) Close(ctx context.Context, by review.Person, id int64) error {
	return s.changeMember(ctx, by, id, review.CloseAccount, func(m *Member) error {
		if m.ID == by.ID {
			return errs.New("auth.Close", errs.Invalid, "You cannot close your own account. Ask another administrator.")
		}
		m.Active = false
		return nil
	})
}

// Reopen opens a closed account again, with the roles that it had. Forbidden
// unless by is an administrator; NotFound.
func (s *Service) Reopen(ctx context.Context, by review.Person, id int64) error {
	return s.changeMember(ctx, by, id, review.ReopenAccount, func(m *Member) error {
		if m.Forgotten() {
			return errs.New("auth.Reopen", errs.Invalid, "This name was forgotten for good. Add the person anew.")
		}
		m.Active = true
		return nil
	})
}

// Forget puts a pseudonym in place of the name and the address of a closed
// account, for good: the audit trail, which tells of people by number, stays as
// it is, and so does what was published under the name. Forbidden unless by is an
// administrator; Invalid while the account is open; NotFound.
func (s *Service) Forget(ctx context.Context, by review.Person, id int64) error {
	return s.changeMember(ctx, by, id, review.ForgetPerson, func(m *Member) error {
		if m.Active {
			return errs.New("auth.Forget", errs.Invalid, "Close the account first: a name is forgotten for good.")
		}
		m.Name, m.Email, m.Roles = pseudonym(id), fmt.Sprintf("%d@%s", id, nowhere), nil
		return nil
	})
}

// nowhere is a host that no address can be at: RFC 2606 §2.
const nowhere = "forgotten.invalid"

// pseudonym is what somebody is called whose name was forgotten.
func pseudonym(id int64) string { return fmt.Sprintf("Former colleague %d", id) }

// Forgotten reports whether the name was taken away by Forget.
func (m Member) Forgotten() bool { return strings.HasSuffix(m.Email, "@"+nowhere) }

func (s *Service) changeMember(ctx context.Context, by review.Person, id int64, a review.Action, change func(*Member) error) error {
	const op = "auth.changeMember"
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		all, err := s.Store.Members(ctx)
		if err != nil {
			return err
		}
		// As it is now, not as it was when the request came in.
		if !slices.ContainsFunc(all, func(m Member) bool { return m.ID == by.ID && m.administers() }) {
			return errs.New(op, errs.Forbidden, "Only an administrator changes accounts.")
		}
		i := slices.IndexFunc(all, func(m Member) bool { return m.ID == id })
		if i < 0 {
			return errs.New(op, errs.NotFound, "There is no such person.")
		}
		was := all[i]
		if err := change(&all[i]); err != nil {
			return err
		}
		if !slices.ContainsFunc(all, Member.administers) {
			return errs.New(op, errs.Invalid, "Somebody has to administer this desk. Make another person an administrator first.")
		}
		changes := was.differs(all[i])
		if len(changes) == 0 {
			return errs.New(op, errs.Invalid, "Nothing differs from how the account is.")
		}
		return s.Store.ChangeMember(ctx, all[i], review.Event{Action: a, ActorID: by.ID, At: s.now(), Changes: changes})
	})
}

func (m Member) administers() bool { return m.Active && slices.Contains(m.Roles, review.Admin) }

func (m Member) differs(next Member) []review.Change {
	var out []review.Change
	note := func(field, from, to string) {
		if from != to {
			out = append(out, review.Change{Field: field, From: from, To: to})
		}
	}
	note("roles", rolesText(m.Roles), rolesText(next.Roles))
	note("account", openText(m.Active), openText(next.Active))
	note("name", "", map[bool]string{true: "forgotten"}[next.Forgotten() && !m.Forgotten()])
	return out
}

// rolesText is a set of roles whatever its order.
func rolesText(roles []review.Role) string {
	var all []string
	for _, r := range roles {
		all = append(all, string(r))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func openText(active bool) string {
	if active {
		return "open"
	}
	return "closed"
}
