package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// together is what somebody did to many reviews at once, as their session holds
// it: what they can take back with one button.
type together struct {
	action review.Action
	done   []picked
	list   string // query of the list that they were marked in
}

// undoing is how an action on many is taken back.
type undoing struct {
	by        review.Action
	one, many string // what is taken back: "dismissal"
	note      string
}

// undoings has a row for each of bulkActions.
var undoings = map[review.Action]undoing{
	review.Dismiss:     {by: review.Reopen, one: "dismissal", many: "dismissals", note: "Dismissed by mistake, and taken back."},
	review.Take:        {by: review.Release, one: "claim that you took", many: "claims that you took", note: "Taken by mistake, and handed back."},
	review.SetPriority: {by: review.SetPriority, one: "change of priority", many: "changes of priority", note: "Set by mistake, and taken back."},
}

// label is what the button says; empty if there is nothing to take back.
func (t together) label() string {
	u, ok := undoings[t.action]
	switch n := len(t.done); {
	case !ok || n == 0:
		return ""
	case n == 1:
		return "Take back 1 " + u.one
	default:
		return fmt.Sprintf("Take back %d %s", n, u.many)
	}
}

// text is t as a session holds it: "priority|state=triage|12_5_-1,13_2_0".
func (t together) text() string {
	var parts []string
	for _, p := range t.done {
		parts = append(parts, fmt.Sprintf("%d_%d_%d", p.id, p.version, p.was))
	}
	return strings.Join([]string{string(t.action), t.list, strings.Join(parts, ",")}, "|")
}

// undoable is what the person can take back; what cannot be read is nothing.
func (s *Server) undoable(c *gin.Context) together {
	parts := strings.SplitN(s.Sessions.GetString(c.Request.Context(), keyUndo), "|", 3)
	if len(parts) < 3 {
		return together{}
	}
	t := together{action: review.Action(parts[0]), list: parts[1]}
	for _, part := range strings.Split(parts[2], ",") {
		mark, was, _ := cutLast(part, "_")
		p, err1 := parsePick(mark)
		n, err2 := strconv.Atoi(was)
		if err1 == nil && err2 == nil {
			p.was = review.Priority(n)
			t.done = append(t.done, p)
		}
	}
	return t
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// priorityOf is how soon a review matters that cmd gives another priority.
func (s *Server) priorityOf(ctx context.Context, cmd review.Command) (review.Priority, error) {
	if cmd.Action != review.SetPriority {
		return 0, nil
	}
	d, err := s.Store.Dossier(ctx, cmd.ReviewID)
	return d.Review.Priority, err
}

// undo handles POST /desk/queue/undo: what was done together is taken back, each
// by the rules of its page. What somebody else has changed since stays.
func (s *Server) undo(c *gin.Context) error {
	t := s.undoable(c)
	u := undoings[t.action]
	var done, left int
	for _, p := range t.done {
		cmd := review.Command{Action: u.by, Actor: s.person(c), Note: u.note, Priority: p.was}
		all, n, err := s.doEach(c.Request.Context(), cmd, "", []picked{p})
		if err != nil && !errors.Is(err, errs.Invalid) {
			return err
		}
		if err != nil { // it is as it was already
			n = 1
		}
		done, left = done+len(all), left+n
	}
	s.keep(c, keyUndo, "")
	s.flash(c, bulkDone(u.by, done, left))
	c.Redirect(http.StatusSeeOther, "/desk/queue?"+t.list)
	return nil
}
