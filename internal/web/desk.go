package web

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"factcheck/internal/errs"
	"factcheck/internal/review"
	"factcheck/ui"
)

// deskRoutes are the routes for staff, and the doors to them.
func (s *Server) deskRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return append(slices.Concat(s.attentionRoutes(), s.commentRoutes(), s.complaintRoutes(), s.meRoutes()), []route{
		{get, "/sign-in", anybody, noBody, s.signInPage},
		{post, "/sign-in", anybody, signBody, s.signIn},
		{post, "/sign-in/again", anybody, fileBody, s.signInAgain},
		{post, "/sign-out", anybody, signBody, s.signOut},
		{get, "/setup", anybody, noBody, s.setUpPage},
		{post, "/setup", anybody, signBody, s.setUp},

		{get, "/desk", staff, noBody, s.desk},
		{get, "/desk/queue", staff, noBody, s.queue},
		{post, "/desk/queue", staff, signBody, s.bulk},
		{post, "/desk/queue/undo", staff, signBody, s.undo},
		{get, "/desk/search", staff, noBody, s.search},
		{get, "/desk/articles", staff, noBody, s.articles},
		{get, "/desk/articles/new", adders, noBody, s.newArticle},
		{post, "/desk/articles", adders, fileBody, s.addArticle},
		{get, "/desk/articles/:id", staff, noBody, s.article},
		{post, "/desk/articles/:id/claims", adders, formBody, s.addClaim},
		{post, "/desk/articles/:id/words", staff, formBody, s.changeWords},
		{get, "/desk/watching", staff, noBody, s.watching},
		{post, "/desk/watching", watchers, signBody, s.addWatched},
		{post, "/desk/watching/:id/look", watchers, signBody, s.lookAtWatched},
		{post, "/desk/watching/:id/pause", watchers, signBody, s.pauseWatched(true)},
		{post, "/desk/watching/:id/resume", watchers, signBody, s.pauseWatched(false)},
		{post, "/desk/watching/:id/remove", watchers, signBody, s.removeWatched},

		{get, "/desk/reviews/:id", staff, noBody, s.review},
		{get, "/desk/reviews/:id/drafts", staff, noBody, s.drafts},
		{post, "/desk/reviews/:id/drafts", staff, formBody, s.keepDraft},
		{post, "/desk/reviews/:id/drafts/drop", staff, formBody, s.dropDraft},
		{get, "/desk/reviews/:id/read", staff, noBody, s.readReview},
		{get, "/desk/reviews/:id/preview", staff, noBody, s.preview},
		{get, "/desk/trends", staff, noBody, s.trends},
		{get, "/desk/again", staff, noBody, s.saidAgain},
		{post, "/desk/again/:id", staff, signBody, s.seeAgain},
		{get, "/desk/speakers/:id", staff, noBody, s.speaker},
		{get, "/desk/reviews/:id/timeline", staff, noBody, s.timeline},
		{get, "/desk/reviews/:id/earlier", staff, noBody, s.earlier},
		{post, "/desk/reviews/:id/earlier", staff, signBody, s.decide},
		{post, "/desk/reviews/:id/moves", staff, formBody, s.move},
		{post, "/desk/reviews/:id/claim", staff, formBody, s.editClaim},
		{post, "/desk/reviews/:id/verdict", staff, formBody, s.saveVerdict},
		{post, "/desk/reviews/:id/evidence", staff, filedBody, s.addEvidence},
		{post, "/desk/reviews/:id/evidence/:eid", staff, formBody, s.editEvidence},
		{post, "/desk/reviews/:id/evidence/:eid/remove", staff, formBody, s.removeEvidence},
		{post, "/desk/reviews/:id/evidence/:eid/file", staff, filedBody, s.attachFile},
		{get, "/desk/sources", staff, noBody, s.sources},
		{get, "/desk/sources/:id", staff, noBody, s.source},
		{post, "/desk/sources/:id/look", staff, signBody, s.lookAtSource},
		{post, "/desk/sources/:id/seen", staff, signBody, s.seeDrift},
		{get, "/desk/captures/:id/:role", staff, noBody, s.captureFile},

		{post, "/desk/reviews/:id/guests", staff, signBody, s.inviteReader},
		{post, "/desk/reviews/:id/guests/:gid/letter", staff, signBody, s.copyInvitation},
		{post, "/desk/reviews/:id/guests/:gid/revoke", staff, signBody, s.revokeReader},
		{post, "/desk/reviews/:id/replies", staff, formBody, s.askReply},
		{post, "/desk/reviews/:id/replies/:rid/letter", staff, signBody, s.copyRequest},
		{post, "/desk/reviews/:id/replies/:rid/sent", staff, signBody, s.sentReply},
		{post, "/desk/reviews/:id/replies/:rid/close", staff, formBody, s.closeReply},
		{post, "/desk/reviews/:id/replies/:rid/take", staff, signBody, s.takeReply},
		{post, "/desk/reviews/:id/replies/:rid/revoke", staff, signBody, s.revokeReply},

		{get, "/desk/policy", keepers, noBody, s.policyPage},
		{post, "/desk/policy", keepers, formBody, s.changePolicy},
		{get, "/desk/people", keepers, noBody, s.peoplePage},
		{post, "/desk/people", keepers, signBody, s.addPerson},
		{post, "/desk/people/:id/roles", keepers, signBody, s.changeRoles},
		{post, "/desk/people/:id/close", keepers, signBody, s.closeAccount},
		{post, "/desk/people/:id/reopen", keepers, signBody, s.reopenAccount},
		{post, "/desk/people/:id/forget", keepers, signBody, s.forgetPerson},
		{get, "/desk/audit", auditors, noBody, s.audit},
		{get, "/desk/audit.csv", auditors, noBody, s.auditCSV},
	}...)
}

// reviewRow is a review in a list.
type reviewRow struct {
	ID         int64
	Href       string
	Text       string
	Short      string // for a headline, where the list is of what the machine proposes
	Said       string // how often and how widely; empty: once, by somebody who brought it
	Claimant   string // empty: nobody is named
	State      review.State
	StateLabel string
	ShowState  bool // the list holds reviews of several states
	Why        string
	Score      int // of the detector, in hundredths; 0: not what the list is about
	Changed    ui.Moment
	New        bool     // changed since the last visit
	Pick       string   // name of the box that marks it; empty: it cannot be marked
	Picked     bool     // it is ticked
	Notes      []string // a hold, a time, an embargo, what waits for somebody
}

func (s *Server) row(r review.Row, why, from string) reviewRow {
	score, short := 0, ""
	switch {
	case why != "":
	case review.OrderOf(r.State) == review.Worth:
		if !strings.EqualFold(r.ShortForm, r.Text) {
			short = r.ShortForm
		}
		why, score = strings.Join(r.Reasons[:min(2, len(r.Reasons))], " · "), int(math.Round(r.Score*100))
	case r.Assignee != "":
		why = r.Assignee + " works on it"
	default:
		why = r.Article
	}
	claimant := r.Claimant
	if claimant == "" && r.Unattributed {
		claimant = "nobody in particular"
	}
	return reviewRow{
		ID: r.ReviewID, Href: fmt.Sprintf("/desk/reviews/%d?from=%s", r.ReviewID, from), Text: r.Text, Short: short, Said: strings.Join(r.Reach.Words(), " · "), Claimant: claimant,
		State: r.State, StateLabel: review.StateLabel(r.State), Why: why, Score: score,
		Changed: s.moment(r.ChangedAt), Notes: r.Notes(s.Now()),
	}
}

// deskPage is the data of pages/desk.html.
type deskPage struct {
	Name  string // of the person
	Lists []deskList
	Again []againRow // said again after we rated it, unseen: the newest
	New   int        // how many rows changed since the last visit
	First bool       // nothing was ever added: what to do first
	Adds  bool       // whether this person may add an article
	Done  string

	MoreAgain bool
}

type deskList struct {
	Name, Empty string
	Rows        []reviewRow
	More        string // where the rest is; empty if all is here
}

// maxAgain is how many alerts the desk shows.
const maxAgain = 3

// trayRows is how many rows one list of the desk shows.
const trayRows = 8

// desk handles GET /desk.
func (s *Server) desk(c *gin.Context) error {
	ctx := c.Request.Context()
	counts, err := s.Store.Counts(ctx)
	if err != nil {
		return err
	}
	p := deskPage{Name: s.person(c).Name, First: len(counts) == 0, Adds: review.MayAdd(s.person(c)), Done: s.flashed(c)}
	if p.Again, err = s.alerts(c, 0, maxAgain+1); err != nil {
		return err
	}
	if p.MoreAgain = len(p.Again) > maxAgain; p.MoreAgain {
		p.Again = p.Again[:maxAgain]
	}
	since := s.lastVisit(c)
	for _, tray := range review.Trays(s.person(c)) {
		if len(tray.Filters) == 0 {
			continue
		}
		list := deskList{Name: tray.Name, Empty: tray.Empty}
		for _, f := range tray.Filters {
			if err := s.fill(c, &list, f); err != nil {
				return err
			}
		}
		for i := range list.Rows {
			if list.Rows[i].Changed.At.After(since) {
				list.Rows[i].New = true
				p.New++
			}
		}
		p.Lists = append(p.Lists, list)
	}
	return s.page(c, http.StatusOK, "desk", p)
}

// fill adds what a filter chooses to a list of the desk.
func (s *Server) fill(c *gin.Context, list *deskList, f review.Because) error {
	f.Limit, f.AsOf = trayRows+1, s.Now()
	rows, err := s.Store.Rows(c.Request.Context(), f.Filter)
	if err != nil {
		return err
	}
	if len(rows) > trayRows {
		rows, list.More = rows[:trayRows], queuePath(f.Filter)
	}
	for _, r := range rows {
		row := s.row(r, f.Why, "desk")
		row.ShowState = true
		list.Rows = append(list.Rows, row)
	}
	return nil
}

// visitGap is how long somebody has to be away for the next look to be another
// visit.
const visitGap = 30 * time.Minute

// lastVisit is when the person looked at the desk last, before this visit. In
// the first visit of a session that is now: nothing is called new.
func (s *Server) lastVisit(c *gin.Context) time.Time {
	ctx := c.Request.Context()
	now, last, since := s.Now(), s.Sessions.GetInt64(ctx, keyVisit), s.Sessions.GetInt64(ctx, keySince)
	if away := now.Unix() - last; last == 0 || away > int64(visitGap.Seconds()) {
		since = last
		if last == 0 {
			since = now.Unix()
		}
		s.keep(c, keySince, since)
		s.keep(c, keyVisit, now.Unix())
	} else if away > int64(touchEvery.Seconds()) {
		s.keep(c, keyVisit, now.Unix())
	}
	return time.Unix(since, 0)
}

// tab is a list of the queue.
type tab struct {
	Class   string // of its colour
	Href    string
	Label   string
	N       int
	Current bool
}

func tabs(counts map[review.State]int, f review.Filter) []tab {
	var out []tab
	for _, st := range review.States {
		out = append(out, tab{"s-" + string(st), "/desk/queue?state=" + string(st), review.StateLabel(st), counts[st], slices.Contains(f.States, st)})
	}
	return out
}

// flagList is a list of the queue that cuts across states.
type flagList struct {
	flag         review.Flag
	label, empty string
	order        review.Order
}

// flagLists has a row for each flag.
var flagLists = []flagList{
	{review.Overdue, "overdue", "Nothing is overdue.", review.Soonest},
	{review.ComingDue, "by when they are due", "Nothing has a time by which it is due: nobody works on a claim.", review.Soonest},
	{review.Held, "on hold", "Nothing is on hold.", review.Newest},
	{review.ToSign, "retractions to sign", "No retraction waits for its second signature.", review.Newest},
	{review.LookBackDue, "to look back at", "Nothing was published without a second review that nobody has looked back at.", review.Newest},
	{review.OpenEnds, "open ends of what is published", "No retraction waits for a signature, and nothing has to be looked back at.", review.Newest},
}

func flagTabs(current review.Flag) []tab {
	var out []tab
	for _, l := range flagLists {
		if l.flag != review.OpenEnds || l.flag == current { // it is the two before it
			out = append(out, tab{"", "/desk/queue?flag=" + string(l.flag), l.label, 0, l.flag == current})
		}
	}
	return out
}

// emptyQueues says what to do when nothing stands in a state.
var emptyQueues = map[review.State]string{
	review.Triage:    "Nothing waits to be triaged. Add an article and its claims appear here.",
	review.Queued:    "No accepted claim waits for a fact-checker. Accept one that is to be triaged.",
	review.Research:  "Nobody is researching a claim. Take one that waits for a fact-checker.",
	review.Editing:   "Nothing is with the editors. A claim comes here when its verdict is sent to them.",
	review.Approved:  "Nothing is approved and unpublished.",
	review.Published: "Nothing is published yet. The first approved verdict will be.",
	review.Dismissed: "Nothing was dismissed.",
	review.Scheduled: "Nothing is scheduled. What is approved can be given a time to be published.",
	review.Retracted: "Nothing was retracted.",
	review.Merged:    "Nothing was merged. Two reviews of the same claim can be.",
}

// cursorText is c as an address holds it.
func cursorText(c review.Cursor) string {
	return fmt.Sprintf("%d_%s_%d", c.Key, strconv.FormatFloat(c.Score, 'g', -1, 64), c.ID)
}

// parseCursor reads what cursorText wrote; the empty string is the first page.
func parseCursor(text string) (review.Cursor, error) {
	if text == "" {
		return review.Cursor{}, nil
	}
	parts := strings.Split(text, "_")
	if len(parts) == 3 {
		key, err1 := strconv.ParseInt(parts[0], 10, 64)
		score, err2 := strconv.ParseFloat(parts[1], 64)
		id, err3 := strconv.ParseInt(parts[2], 10, 64)
		if err1 == nil && err2 == nil && err3 == nil && id > 0 && !math.IsNaN(score) && !math.IsInf(score, 0) {
			return review.Cursor{Key: key, Score: score, ID: id}, nil
		}
	}
	return review.Cursor{}, errs.New("web.parseCursor", errs.NotFound, "This list has no such page. Start at its first one.")
}

// link is where the person came from.
type link struct{ Href, Label string }

// backTo is the list that from names: a state or a flag of the queue, "article-12" or
// the desk.
func backTo(from string) link {
	if slices.Contains(review.States, review.State(from)) {
		return link{"/desk/queue?state=" + from, "Queue: " + review.StateLabel(review.State(from))}
	}
	if i := slices.IndexFunc(flagLists, func(l flagList) bool { return string(l.flag) == from }); i >= 0 {
		return link{"/desk/queue?flag=" + from, "Queue: " + flagLists[i].label}
	}
	if id, ok := strings.CutPrefix(from, "article-"); ok {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil && n > 0 {
			return link{fmt.Sprintf("/desk/articles/%d", n), "Article"}
		}
	}
	return link{"/desk", "Desk"}
}

// fromText is from if backTo knows it, else "": nothing else is put into a
// page's addresses.
func fromText(from string) string {
	if b := backTo(from); b.Href == "/desk" {
		return ""
	}
	return from
}
