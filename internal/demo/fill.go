package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"factcheck/data"
	"factcheck/internal/auth"
	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// Desk is what Fill works with. Every field must be set.
type Desk struct {
	Accounts *auth.Service
	Reviews  *review.Service
	// Read makes an article of a sample, as ingest does of a file.
	Read func(ctx context.Context, s data.Sample) (claims.Article, error)
	// Add stores an article and opens its claims in triage, as the pipeline
	// does, with that clock; it returns the article's id.
	Add func(ctx context.Context, a claims.Article, now func() time.Time) (int64, error)
	// Rows lists reviews.
	Rows func(ctx context.Context, f review.Filter) ([]review.Row, error)
	// Dossier is everything about one review.
	Dossier func(ctx context.Context, reviewID int64) (review.Dossier, error)
	// Decide puts the first policy in force.
	Decide func(ctx context.Context, p review.Policy, by review.Person, now time.Time) error
	Now    func() time.Time
}

// Fill fills an empty database with the sample desk, in one transaction. What
// its people did lies in the days before Now; but for ids and times, two desks
// are the same. Invalid if the database is not empty; Internal if a claim that a
// story is about was not found.
func Fill(ctx context.Context, d Desk) error {
	samples, err := data.Samples()
	if err != nil {
		return errs.Wrap("demo.Fill", errs.Internal, err)
	}
	return d.Accounts.Store.InTx(ctx, func(ctx context.Context) error {
		if err := d.mustBeEmpty(ctx); err != nil {
			return err
		}
		p := newPlay(d, chapters)
		if err := p.cast(ctx); err != nil {
			return err
		}
		for _, c := range chapters {
			if err := p.chapter(ctx, c, samples); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d Desk) mustBeEmpty(ctx context.Context) error {
	empty, err := d.Accounts.NeedsSetup(ctx)
	if err != nil {
		return err
	}
	rows, err := d.Rows(ctx, review.Filter{Limit: 1})
	if err == nil && (!empty || len(rows) > 0) {
		err = errs.New("demo.Fill", errs.Invalid, "This database already holds a desk. Name a new file with --db to see the sample desk.")
	}
	return err
}

// play is a performance of the chapters.
type play struct {
	desk    Desk
	clock   *clock
	reviews *review.Service
	people  map[somebody]review.Person
	found   map[string]int64 // review of each story, by its words
}

func newPlay(d Desk, all []chapter) *play {
	n := len(all)
	for _, c := range all {
		for _, s := range c.stories {
			n += len(s.steps)
		}
	}
	c := &clock{end: d.Now(), left: n}
	return &play{desk: d, clock: c, found: map[string]int64{}, reviews: &review.Service{Store: d.Reviews.Store, Now: c.now, After: d.Reviews.After}}
}

// clock lets the desk have worked for some days, the last step just before end.
type clock struct {
	end  time.Time
	left int
}

func (c *clock) now() time.Time {
	uneven := time.Duration(c.left*17%40) * time.Minute // nobody works by the hour
	return c.end.Add(-time.Duration(c.left)*53*time.Minute - 5*time.Minute + uneven/2)
}

func (c *clock) tick() { c.left-- }

// cast adds the people. One of them may publish without a second review.
func (p *play) cast(ctx context.Context) (err error) {
	p.people, err = hire(ctx, &auth.Service{Store: p.desk.Accounts.Store, Now: p.clock.now, Params: p.desk.Accounts.Params})
	if err != nil {
		return err
	}
	policy := review.DefaultPolicy
	policy.Overriders = []int64{p.people[stella].ID}
	return p.desk.Decide(ctx, policy, p.people[adam], p.clock.now())
}

func (p *play) chapter(ctx context.Context, c chapter, samples []data.Sample) error {
	i := slices.IndexFunc(samples, func(s data.Sample) bool { return s.Key == c.sample })
	if i < 0 {
		return errs.Newf("demo.Fill", errs.Internal, "The sample desk cannot be filled: there is no sample “%s”.", c.sample)
	}
	read, err := p.desk.Read(ctx, samples[i])
	if err != nil {
		return fmt.Errorf("read sample %s: %w", c.sample, err)
	}
	p.clock.tick()
	article, err := p.desk.Add(ctx, described(read, samples[i]), p.clock.now)
	if err != nil {
		return fmt.Errorf("add sample %s: %w", c.sample, err)
	}
	rows, err := p.desk.Rows(ctx, review.Filter{Article: article, States: []review.State{review.Triage}, Order: review.Best, Limit: review.MaxRows})
	if err != nil {
		return err
	}
	found, err := choose(c, rows)
	for i, id := range found {
		p.found[c.stories[i].words] = id
	}
	for i, s := range c.stories {
		if err == nil && found[i] != 0 {
			err = p.story(ctx, found[i], c.topic, s)
		}
	}
	return err
}

// described is the article with what the sample knows and the page did not
// say.
func described(a claims.Article, s data.Sample) claims.Article {
	a.Source, a.URL = s.URL, s.URL
	a.Publisher, a.Author = cmp.Or(a.Publisher, s.Publisher), cmp.Or(a.Author, s.Author)
	if a.PublishedAt.IsZero() {
		a.PublishedAt = s.Published
	}
	return a
}

// choose gives each story of c the review that it is about, 0 if it is left
// out. Rows come best first.
func choose(c chapter, rows []review.Row) ([]int64, error) {
	found := make([]int64, len(c.stories))
	for i, s := range c.stories {
		for _, r := range rows {
			if found[i] == 0 && !slices.Contains(found, r.ReviewID) && holds(r.Text, s.words) {
				found[i] = r.ReviewID
			}
		}
	}
	for i, s := range c.stories {
		if found[i] == 0 && s.need == anyOther {
			found[i] = unused(rows, found)
		}
		if found[i] == 0 && s.need != optional {
			return nil, errs.Newf("demo.Fill", errs.Internal, "The sample desk cannot be filled: no claim with the words “%s” was found in the sample “%s”.", s.words, c.sample)
		}
	}
	return found, nil
}

// holds reports whether text has the words, however they are quoted.
func holds(text, words string) bool {
	return strings.Contains(" "+claims.Fingerprint(text)+" ", " "+claims.Fingerprint(words)+" ")
}

// unused is the best review that no story is about, 0 if there is none.
func unused(rows []review.Row, taken []int64) int64 {
	for _, r := range rows {
		if !slices.Contains(taken, r.ReviewID) {
			return r.ReviewID
		}
	}
	return 0
}

func (p *play) story(ctx context.Context, reviewID int64, topic string, s story) error {
	d, err := p.desk.Dossier(ctx, reviewID)
	if err != nil {
		return err
	}
	version := d.Review.Version
	for i, st := range s.steps {
		p.clock.tick()
		cmd := p.command(st, d, version)
		if cmd.Action == review.Accept && topic != "" {
			cmd.Claim.Topics = []string{topic}
		}
		done, err := p.reviews.Do(ctx, cmd)
		if err != nil {
			return fmt.Errorf("demo: “%s”, step %d (%s): %w", s.words, i+1, st.cmd.Action, err)
		}
		version = done.Version
	}
	return nil
}

// command is what a step asks for, now; d is the review as the story found it.
func (p *play) command(st step, d review.Dossier, version int64) review.Command {
	cmd := st.cmd
	cmd.ReviewID, cmd.Version, cmd.Actor = d.Review.ID, version, p.people[st.who]
	cmd.AssigneeID, cmd.IntoID = p.people[st.to].ID, p.found[st.into]
	if st.in != 0 {
		cmd.At = p.clock.end.Add(st.in)
	}
	if cmd.Claim != nil {
		c := *cmd.Claim
		c.DueAt = d.Claim.DueAt // as extraction found it
		cmd.Claim = &c
	}
	if cmd.Evidence != nil {
		e := *cmd.Evidence
		e.AccessedAt = p.clock.now()
		cmd.Evidence = &e
	}
	return cmd
}
