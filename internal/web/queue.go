package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// queuePage is the data of pages/queue.html.
type queuePage struct {
	Path      string // of its first page
	Query     string // of that address
	Label     string
	Empty     string
	Tabs      []tab
	Flags     []tab
	Views     []viewLink
	Filters   []filterView
	Topic     string   // the list is narrowed down to; empty: all
	Hidden    []choice // what the form of the filters keeps of the address
	Filtered  bool
	Rows      []reviewRow
	More      string // address of the next page; empty on the last
	Later     bool   // this is not the first page
	Adds      bool   // whether this person may add an article
	Done      string
	Undo      string // what the button says that takes back what was done together; empty: nothing can be
	Pick      bool   // rows can be marked
	Key       string // of the form for what is marked
	Bulk      []choice
	Reasons   []review.Dismissal
	Pressings []choice
	Errors    []string          // what was wrong with what was sent
	Typed     map[string]string // what it held, so that nothing is lost
}

// viewLink is a list that the person keeps.
type viewLink struct {
	ID      int64
	Href    string
	Name    string
	Current bool
}

// filterView is a menu that narrows the list down.
type filterView struct {
	Name, Label, Chosen string
	All                 string // what the list is if nothing is chosen
	Choices             []choice
}

// orders are how the list of triage can be sorted beside what it is worth.
var orders = []choice{{string(review.Best), "by check-worthiness alone"}, {string(review.Newest), "the last changed first"}}

// queue handles GET /desk/queue: the reviews in one state, or with one flag.
func (s *Server) queue(c *gin.Context) error {
	f, err := queueOf(c.Request.URL.RawQuery)
	if err != nil {
		return err
	}
	return s.showQueue(c, f, form{}, nil)
}

// showQueue is the page; what is typed into its forms comes back with the error
// that they met.
func (s *Server) showQueue(c *gin.Context, f review.Filter, typed form, problem error) error {
	var err error
	if f.After, err = parseCursor(c.Query("after")); err != nil {
		return err
	}
	ctx := c.Request.Context()
	counts, err := s.Store.Counts(ctx)
	if err != nil {
		return err
	}
	views, err := s.Attention.Store.Views(ctx, s.person(c).ID)
	if err != nil {
		return err
	}
	f.Limit, f.AsOf = perPage, s.now()
	rows, err := s.Store.Rows(ctx, f)
	if err != nil {
		return err
	}
	p := s.queuePage(c, f, rows)
	p.Tabs = tabs(counts, f)
	for _, v := range views {
		href := "/desk/queue?" + v.Query
		p.Views = append(p.Views, viewLink{v.ID, href, v.Name, href == p.Path})
	}
	if problem == nil {
		return s.page(c, http.StatusOK, "queue", p)
	}
	st := s.note(c, problem)
	p.Errors, p.Typed = sentencesOf(problem, st.text), map[string]string{}
	for name := range typed.values {
		p.Typed[name] = typed.text(name)
	}
	for i := range p.Rows {
		p.Rows[i].Picked = typed.on(pickPrefix + p.Rows[i].Pick)
	}
	return s.page(c, st.code, "queue", p)
}

func (s *Server) queuePage(c *gin.Context, f review.Filter, rows []review.Row) queuePage {
	label, empty := queueWords(f)
	p := queuePage{
		Path: queuePath(f), Label: label, Empty: empty, Later: !f.After.IsZero(), Done: s.flashed(c), Adds: review.MayAdd(s.person(c)), Undo: s.undoable(c).label(), Flags: flagTabs(f.Flag),
		Filters: filterViews(f), Filtered: len(f.Kinds)+len(f.Priorities)+len(f.Topic) > 0, Topic: f.Topic, Key: newKey(), Reasons: review.Dismissals, Pressings: pressings(),
	}
	p.Query = strings.TrimPrefix(p.Path, "/desk/queue?")
	if f.Flag != "" {
		p.Hidden = []choice{{"flag", string(f.Flag)}}
	} else {
		p.Hidden = []choice{{"state", string(f.States[0])}}
	}
	p.Bulk = bulkFor(s.person(c), f)
	p.Pick = len(p.Bulk) > 0
	from := string(f.Flag)
	if from == "" {
		from = string(f.States[0])
	}
	for _, r := range rows {
		row := s.row(r, "", from)
		row.ShowState = f.Flag != ""
		if p.Pick {
			row.Pick = fmt.Sprintf("%d_%d", r.ReviewID, r.Version)
		}
		p.Rows = append(p.Rows, row)
	}
	if len(rows) == perPage {
		p.More = p.Path + "&after=" + cursorText(review.CursorAfter(rows[perPage-1], f.Order))
	}
	return p
}

// queueWords are what a list of the queue is called, and what it says when it is
// empty.
func queueWords(f review.Filter) (label, empty string) {
	if i := slices.IndexFunc(flagLists, func(l flagList) bool { return l.flag == f.Flag }); i >= 0 {
		label, empty = flagLists[i].label, flagLists[i].empty
	} else {
		label, empty = review.StateLabel(f.States[0]), emptyQueues[f.States[0]]
	}
	if len(f.Kinds)+len(f.Priorities)+len(f.Topic) > 0 {
		empty = "Nothing here is like that. Show all of the list, or choose another."
	}
	return label, empty
}

// queueOf is which list of the queue the query of an address names. NotFound if
// there is none.
func queueOf(query string) (review.Filter, error) {
	none := errs.New("web.queue", errs.NotFound, "There is no such list. Choose one of the queue's tabs.")
	values, err := url.ParseQuery(query)
	if err != nil {
		return review.Filter{}, none
	}
	var f review.Filter
	if flag := review.Flag(values.Get("flag")); flag != "" {
		i := slices.IndexFunc(flagLists, func(l flagList) bool { return l.flag == flag })
		if i < 0 {
			return f, none
		}
		f.Flag, f.Order = flag, flagLists[i].order
	} else {
		state := review.States[0]
		if text := values.Get("state"); text != "" {
			state = review.State(text)
		}
		if !slices.Contains(review.States, state) {
			return f, none
		}
		f.States, f.Order = []review.State{state}, review.OrderOf(state)
	}
	if o := review.Order(values.Get("order")); o != "" && o != f.Order {
		if f.Order != review.Worth || !slices.ContainsFunc(orders, func(c choice) bool { return c.Code == string(o) }) {
			return f, none
		}
		f.Order = o
	}
	if code := values.Get("priority"); code != "" {
		p, ok := review.ParsePriority(code)
		if !ok {
			return f, none
		}
		f.Priorities = []review.Priority{p}
	}
	if kind := claims.Kind(values.Get("kind")); kind != "" {
		if !slices.Contains(claims.Kinds, kind) {
			return f, none
		}
		f.Kinds = []claims.Kind{kind}
	}
	topics := review.ParseTopics(values.Get("topic"))
	if len(topics) > 1 || len(values.Get("topic")) > maxTopicBytes {
		return f, none
	}
	for _, t := range topics {
		f.Topic = t
	}
	return f, nil
}

// queuePath is the address of the list of the queue that f chooses.
func queuePath(f review.Filter) string {
	path := "/desk/queue?"
	if f.Flag != "" {
		path += "flag=" + string(f.Flag)
	} else {
		path += "state=" + string(f.States[0])
	}
	if len(f.States) > 0 && f.Order != "" && f.Order != review.OrderOf(f.States[0]) {
		path += "&order=" + string(f.Order)
	}
	for _, p := range f.Priorities {
		path += "&priority=" + p.String()
	}
	for _, k := range f.Kinds {
		path += "&kind=" + string(k)
	}
	if f.Topic != "" {
		path += "&topic=" + url.QueryEscape(f.Topic)
	}
	return path
}

// maxTopicBytes bounds a topic in an address, before it is read.
const maxTopicBytes = 4 * review.MaxTopic

// topicView is a topic as a page links it.
type topicView struct{ Name, Href string }

// topicPath is the list of the claims of a topic that stand in a state.
func topicPath(st review.State, topic string) string {
	return queuePath(review.Filter{States: []review.State{st}, Topic: topic})
}

func filterViews(f review.Filter) []filterView {
	priority, kind := filterView{Name: "priority", Label: "Priority", All: "all", Choices: pressings()}, filterView{Name: "kind", Label: "Kind of claim", All: "all", Choices: kindChoices()}
	for _, p := range f.Priorities {
		priority.Chosen = p.String()
	}
	for _, k := range f.Kinds {
		kind.Chosen = string(k)
	}
	out := []filterView{priority, kind}
	if len(f.States) > 0 && review.OrderOf(f.States[0]) == review.Worth {
		order := filterView{Name: "order", Label: "Order", All: "by worth, recurrence and reach", Choices: orders}
		if f.Order != review.Worth {
			order.Chosen = string(f.Order)
		}
		out = append(out, order)
	}
	return out
}

// pressings is the menu of priorities.
func pressings() []choice {
	var out []choice
	for _, m := range review.Priorities {
		out = append(out, choice{m.Code, m.Label})
	}
	return out
}

// bulkAction is something that can be done to many reviews at once.
type bulkAction struct {
	action review.Action
	label  string
}

// bulkActions are done to each review by itself, by the rules of its page.
var bulkActions = []bulkAction{
	{review.Dismiss, "Dismiss them"}, {review.SetPriority, "Set their priority"}, {review.Take, "Take them"},
}

// bulkFor is what a person may do to many reviews of a list at once.
func bulkFor(p review.Person, f review.Filter) []choice {
	var out []choice
	for _, b := range bulkActions {
		possible := slices.ContainsFunc(review.Moves, func(m review.Move) bool {
			return m.Action == b.action && p.Is(m.By...) && len(f.States) > 0 && slices.Contains(m.From, f.States[0])
		})
		if possible {
			out = append(out, choice{string(b.action), b.label})
		}
	}
	return out
}

// bulkFields are the fields of the form for what is marked, beside the marks.
var bulkFields = []string{"key", "query", "action", "dismissal", "note", "priority"}

const (
	pickPrefix = "pick_"
	keyUndo    = "undo"
)

// picked is a review that was marked, as its version was when the list was drawn.
type picked struct {
	id, version int64
	was         review.Priority // of one that was given another, the one before
}

// bulk handles POST /desk/queue: one action on every review that is marked.
func (s *Server) bulk(c *gin.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	list, err := queueOf(f.text("query"))
	if err != nil {
		return err
	}
	marked, err := marks(f)
	if err != nil {
		return s.showQueue(c, list, f, err)
	}
	cmd, err := bulkCommand(f)
	if err != nil {
		return s.showQueue(c, list, f, err)
	}
	cmd.Actor = s.person(c)
	done, left, err := s.doEach(c.Request.Context(), cmd, f.text("key"), marked)
	if errors.Is(err, errs.Invalid) {
		return s.showQueue(c, list, f, err)
	}
	if err != nil {
		return err
	}
	s.keep(c, keyUndo, together{cmd.Action, done, strings.TrimPrefix(queuePath(list), "/desk/queue?")}.text())
	s.flash(c, bulkDone(cmd.Action, len(done), left))
	c.Redirect(http.StatusSeeOther, queuePath(list))
	return nil
}

// marks are the reviews that are marked, at most a page of them.
func marks(f form) ([]picked, error) {
	var out []picked
	for name := range f.values {
		text, ok := strings.CutPrefix(name, pickPrefix)
		if !ok {
			if !slices.Contains(bulkFields, name) {
				return nil, f.only(bulkFields...)
			}
			continue
		}
		p, err := parsePick(text)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, errs.New("web.marks", errs.Invalid, "Mark at least one claim first: tick the boxes before the claims.")
	}
	if len(out) > perPage {
		return nil, errs.Newf("web.marks", errs.Invalid, "At most %d claims are done at once. Mark fewer.", perPage)
	}
	slices.SortFunc(out, func(a, b picked) int { return int(a.id - b.id) })
	return out, nil
}

func parsePick(text string) (picked, error) {
	id, version, _ := strings.Cut(text, "_")
	var p picked
	var err1, err2 error
	p.id, err1 = strconv.ParseInt(id, 10, 64)
	p.version, err2 = strconv.ParseInt(version, 10, 64)
	if err1 != nil || err2 != nil || p.id < 1 || p.version < 1 {
		return p, errs.New("web.parsePick", errs.Invalid, "This form is damaged. Reload the page and send it again.")
	}
	return p, nil
}

func bulkCommand(f form) (review.Command, error) {
	cmd := review.Command{Action: review.Action(f.text("action")), Note: f.text("note"), Dismissal: review.DismissalCode(f.text("dismissal"))}
	if !slices.ContainsFunc(bulkActions, func(b bulkAction) bool { return b.action == cmd.Action }) {
		return cmd, errs.New("web.bulk", errs.Invalid, "Choose what to do with the claims that you marked.")
	}
	if cmd.Action == review.SetPriority {
		p, ok := review.ParsePriority(f.text("priority"))
		if !ok {
			return cmd, errs.New("web.bulk", errs.Invalid, "Choose how soon they matter.")
		}
		cmd.Priority = p
	}
	return cmd, nil
}

// doEach does cmd to each review by itself. What is refused for what the form
// says is refused for all, and nothing is done; what somebody else changed
// meanwhile is left as it is, and counted.
func (s *Server) doEach(ctx context.Context, cmd review.Command, key string, all []picked) (done []picked, left int, err error) {
	for i, p := range all {
		cmd.ReviewID, cmd.Version = p.id, p.version
		cmd.Key = ""
		if key != "" {
			cmd.Key = fmt.Sprintf("%.40s-%d", key, p.id)
		}
		was, err := s.priorityOf(ctx, cmd)
		var after review.Review
		if err == nil {
			after, err = s.Reviews.Do(ctx, cmd)
		}
		switch {
		case err == nil:
			done = append(done, picked{p.id, after.Version, was})
		case errors.Is(err, errs.Conflict), errors.Is(err, errs.NotFound), errors.Is(err, errs.Forbidden):
			left++
		case i == 0:
			return nil, 0, err
		default:
			left++
		}
	}
	return done, left, nil
}

func bulkDone(a review.Action, n, left int) string {
	text := fmt.Sprintf("Done: you %s, %d times.", review.Event{Action: a}.Done(), n)
	switch {
	case n == 0:
		text = "Nothing was done."
	case n == 1:
		text = fmt.Sprintf("Done: you %s, once.", review.Event{Action: a}.Done())
	}
	if left > 0 {
		text += fmt.Sprintf(" %d could not be: somebody changed them meanwhile, or they are not yours to change.", left)
	}
	return text
}
