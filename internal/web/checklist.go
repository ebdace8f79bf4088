package web

import (
	"maps"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"factcheck/internal/claims"
	"factcheck/internal/review"
	"factcheck/ui"
)

// itemView is a line of the checklist of a review.
type itemView struct {
	Text string
	By   string // who ticked it; empty: nobody yet
	At   ui.Moment
	Post string // address that ticks it, or takes the tick back; empty: not by this person
}

// Key is a key for one rendering of its form.
func (itemView) Key() string { return newKey() }

// items adds the checklist for the kind of the claim.
func (b *pageBuilder) items(p *reviewPage) {
	for _, i := range b.d.Items() {
		v := itemView{Text: i.Text, At: b.s.moment(i.At)}
		if i.ByID != 0 {
			v.By = b.d.Name(i.ByID)
		}
		if review.MayTick(b.me) && b.d.Working() {
			v.Post = reviewPath(b.d.Review.ID, "") + "/ticks"
		}
		p.Items = append(p.Items, v)
	}
}

// tick handles POST /desk/reviews/:id/ticks: an item of the checklist is ticked,
// or its tick is taken back.
func (s *Server) tick(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err == nil {
		err = f.only("item", "done", "key")
	}
	if err == nil {
		err = s.Ticks.Set(c.Request.Context(), id, f.text("item"), f.on("done"), f.text("key"), s.person(c))
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, reviewPath(id, "")+"#checklist")
	return nil
}

// listField is the checklist of one kind of claim in the policy's form: an item
// a line.
type listField struct{ Name, Label, Value string }

const listPrefix = "checklist_"

// suggested is the name of the button that puts the suggested checklists in
// force.
const suggested = "suggested"

// readChecklists reads the fields of the policy's form that hold checklists, and
// names them.
func (s *Server) readChecklists(f form) (lists review.Checklists, known []string) {
	lists, known = review.Checklists{}, []string{suggested}
	for _, k := range claims.Kinds {
		known = append(known, listPrefix+string(k))
		for line := range strings.Lines(f.text(listPrefix + string(k))) {
			if line = strings.TrimSpace(line); line != "" {
				lists[k] = append(lists[k], line)
			}
		}
	}
	if f.on(suggested) {
		maps.Copy(lists, s.Suggested)
	}
	if len(lists) == 0 {
		lists = nil
	}
	return lists, known
}

// lists are the checklists of a policy as its form shows them.
func lists(p review.Policy) []listField {
	var out []listField
	for _, k := range claims.Kinds {
		out = append(out, listField{listPrefix + string(k), kinds[k], strings.Join(p.Checklists[k], "\n")})
	}
	return out
}

// listing is how many kinds of claim have a checklist.
func listing(p review.Policy) int {
	n := 0
	for _, items := range p.Checklists {
		n += min(len(items), 1)
	}
	return n
}
