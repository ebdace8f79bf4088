package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"factcheck/internal/auth"
	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/ui"
)

// policyPage is the data of pages/policy.html.
type policyPage struct {
	Done    string
	Errors  []string // what was wrong with the form
	Read    int64    // the decision that the form changes; 0: the default
	Knobs   []knob
	Numbers []boxField
	Ticks   []boxField
	Scale   string
	Lists   []listField
	Listed  bool // a checklist is in force
	Scales  []choice
	Holders []boxField // standards editors who may be allowed to break the glass
	History []decisionView
}

// knob is a line of the policy in force.
type knob struct{ Name, Value string }

// boxField is a field of the policy's form with its label.
type boxField struct {
	Name, Label, Value string
	On                 bool
	Max                int // of a number
}

// decisionView is a line of the policy's history.
type decisionView struct {
	Who     string
	At      ui.Moment
	Changes []changeView
}

// numbers and ticks are the knobs in the order of the page.
var (
	numbers = []struct {
		name, label string
		of          func(*review.Policy) *int
		max         int
	}{
		{"quorum", "Approvals needed", func(p *review.Policy) *int { return &p.Quorum }, 9},
		{"verdict_quorum", "Approvals to change a published rating", func(p *review.Policy) *int { return &p.VerdictQuorum }, 9},
		{"high_risk_quorum", "Approvals at high risk", func(p *review.Policy) *int { return &p.HighRiskQuorum }, 9},
		{"sources", "Independent sources", func(p *review.Policy) *int { return &p.Sources }, 9},
		{"reply_hours", "Hours to reply to a question", func(p *review.Policy) *int { return &p.ReplyHours }, 720},
		{"urgent_reply_hours", "Hours to reply when it is urgent", func(p *review.Policy) *int { return &p.UrgentReplyHours }, 720},
		{"complaint_hours", "Hours until a complaint is due", func(p *review.Policy) *int { return &p.ComplaintHours }, 720},
		{"urgent_hours", "Hours until an urgent verdict is due", func(p *review.Policy) *int { return &p.UrgentHours }, 8760},
		{"high_hours", "… one of high priority", func(p *review.Policy) *int { return &p.HighHours }, 8760},
		{"normal_hours", "… one of normal priority", func(p *review.Policy) *int { return &p.NormalHours }, 8760},
		{"low_hours", "… one of low priority", func(p *review.Policy) *int { return &p.LowHours }, 8760},
	}
	ticks = []struct {
		name, label string
		of          func(*review.Policy) *bool
	}{
		{"second_read", "Every verdict is read blind by a second person before it is approved", func(p *review.Policy) *bool { return &p.SecondRead }},
		{"separate_publisher", "Whoever approved may not publish", func(p *review.Policy) *bool { return &p.SeparatePublisher }},
		{"quiet_review", "Readers are not told while a published check is looked at again", func(p *review.Policy) *bool { return &p.QuietReview }},
	}
)

// policyPage handles GET /desk/policy.
func (s *Server) policyPage(c *gin.Context) error {
	in, err := s.Store.Policy(c.Request.Context())
	if err != nil {
		return err
	}
	p, err := s.showPolicy(c, in, in)
	if err != nil {
		return err
	}
	p.Done = s.flashed(c)
	return s.page(c, http.StatusOK, "policy", p)
}

// changePolicy handles POST /desk/policy.
func (s *Server) changePolicy(c *gin.Context) error {
	ctx := c.Request.Context()
	next, read, err := s.readPolicy(c)
	if err == nil {
		err = s.Store.ChangePolicy(ctx, read, next, s.person(c), s.now())
	}
	if err == nil {
		s.flash(c, "Done: you changed the policy.")
		c.Redirect(http.StatusSeeOther, "/desk/policy")
		return nil
	}
	in, readErr := s.Store.Policy(ctx)
	if readErr != nil {
		return readErr
	}
	p, pageErr := s.showPolicy(c, in, next)
	if pageErr != nil {
		return pageErr
	}
	st := s.note(c, err)
	p.Errors = sentencesOf(err, st.text)
	return s.page(c, st.code, "policy", p)
}

// readPolicy reads the form: what could be read is returned with the error.
func (s *Server) readPolicy(c *gin.Context) (next review.Policy, read int64, err error) {
	f, err := readForm(c)
	lists, known := s.readChecklists(f)
	next.Checklists, known = lists, append(known, "read", "scale")
	for _, n := range numbers {
		known = append(known, n.name)
		value, err := strconv.Atoi(f.text(n.name))
		if err != nil && f.text(n.name) != "" {
			value = -1 // what is no number is none that the policy allows
		}
		*n.of(&next) = value
	}
	for _, t := range ticks {
		known = append(known, t.name)
		*t.of(&next) = f.on(t.name)
	}
	next.Scale = f.text("scale")
	for name := range f.values {
		if id, idErr := strconv.ParseInt(cutHolder(name), 10, 64); idErr == nil && id > 0 {
			known = append(known, name)
			next.Overriders = append(next.Overriders, id)
		}
	}
	slices.Sort(next.Overriders)
	if err == nil {
		err = f.only(known...)
	}
	if n, readErr := strconv.ParseInt(f.text("read"), 10, 64); err == nil {
		read = n
		if readErr != nil || n < 0 {
			err = errs.New("web.readPolicy", errs.Invalid, "This form is damaged. Reload the page and send it again.")
		}
	}
	return next, read, err
}

const holderPrefix = "overrider_"

// cutHolder is the number in the name of a holder's box, or "".
func cutHolder(name string) string {
	if len(name) > len(holderPrefix) && name[:len(holderPrefix)] == holderPrefix {
		return name[len(holderPrefix):]
	}
	return ""
}

// showPolicy is the page with the policy in force, and in its form what is
// typed.
func (s *Server) showPolicy(c *gin.Context, in, typed review.Policy) (policyPage, error) {
	ctx := c.Request.Context()
	members, err := s.Store.Members(ctx)
	if err != nil {
		return policyPage{}, err
	}
	scales, err := s.Store.Scales(ctx)
	if err != nil {
		return policyPage{}, err
	}
	decisions, err := s.Store.Decisions(ctx, 0, perPage)
	if err != nil {
		return policyPage{}, err
	}
	people := persons(members)
	p := policyPage{Read: in.ID, Scale: typed.Scale, Lists: lists(typed), Listed: listing(in) > 0, History: s.decisions(decisions, people)}
	for _, scale := range scales {
		if !slices.ContainsFunc(p.Scales, func(ch choice) bool { return ch.Code == scale.Key }) {
			p.Scales = append(p.Scales, choice{scale.Key, scale.Name})
		}
	}
	p.inForce(in, people)
	p.form(typed, people)
	return p, nil
}

// inForce tells every knob of the policy: against its opposite each differs.
func (p *policyPage) inForce(in review.Policy, people []review.Person) {
	opposite := review.Policy{SecondRead: !in.SecondRead, SeparatePublisher: !in.SeparatePublisher, QuietReview: !in.QuietReview, ReplyHours: -1, UrgentReplyHours: -1, ComplaintHours: -1, UrgentHours: -1, HighHours: -1, NormalHours: -1, LowHours: -1}
	for _, ch := range opposite.Differs(in, people) {
		i := slices.IndexFunc(p.Scales, func(s choice) bool { return s.Code == ch.To })
		switch {
		case strings.HasPrefix(ch.Field, "checklist, "): // their own fields hold them
		case ch.To == in.Scale && i >= 0:
			p.Knobs = append(p.Knobs, knob{ch.Field, p.Scales[i].Label})
		default:
			p.Knobs = append(p.Knobs, knob{ch.Field, ch.To})
		}
	}
	p.Knobs = append(p.Knobs, knob{"kinds of claim with a checklist", strconv.Itoa(listing(in))})
	if len(in.Overriders) == 0 {
		p.Knobs = append(p.Knobs, knob{"may publish without a second review", "nobody"})
	}
}

// form fills in the fields that change the policy.
func (p *policyPage) form(typed review.Policy, people []review.Person) {
	typed.ReplyHours, typed.UrgentReplyHours, typed.ComplaintHours = typed.ReplyHoursOf(false), typed.ReplyHoursOf(true), typed.ComplaintHoursOf()
	for _, n := range numbers {
		p.Numbers = append(p.Numbers, boxField{Name: n.name, Label: n.label, Value: strconv.Itoa(*n.of(&typed)), Max: n.max})
	}
	for _, t := range ticks {
		p.Ticks = append(p.Ticks, boxField{Name: t.name, Label: t.label, On: *t.of(&typed)})
	}
	for _, q := range people {
		if q.Is(review.Standards) {
			p.Holders = append(p.Holders, boxField{Name: holderPrefix + strconv.FormatInt(q.ID, 10), Label: q.Name, On: slices.Contains(typed.Overriders, q.ID)})
		}
	}
}

// decisions tell what each decision changed, newest first.
func (s *Server) decisions(all []review.Decision, people []review.Person) []decisionView {
	var out []decisionView
	for i, d := range all {
		was := review.DefaultPolicy
		if i+1 < len(all) {
			was = all[i+1].Policy
		}
		v := decisionView{Who: nameIn(people, d.By), At: s.moment(d.At)}
		for _, ch := range was.Differs(d.Policy, people) {
			v.Changes = append(v.Changes, changeOf(ch))
		}
		out = append(out, v)
	}
	return out
}

// persons are accounts as people.
func persons(members []auth.Member) []review.Person {
	var out []review.Person
	for _, m := range members {
		out = append(out, review.Person{ID: m.ID, Name: m.Name, Roles: m.Roles, Active: m.Active})
	}
	return out
}

// nameIn is the name of one of people; 0 is the program.
func nameIn(people []review.Person, id int64) string {
	if i := slices.IndexFunc(people, func(p review.Person) bool { return p.ID == id }); i >= 0 {
		return people[i].Name
	}
	if id == 0 {
		return "The program"
	}
	return "a former colleague"
}
