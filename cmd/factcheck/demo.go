package main

import (
	"context"
	"time"

	"factcheck/data"
	"factcheck/internal/auth"
	"factcheck/internal/claims"
	"factcheck/internal/demo"
	"factcheck/internal/ingest"
	"factcheck/internal/pipeline"
	"factcheck/internal/review"
	"factcheck/internal/store"
)

// demoDesk is what the sample desk is filled through: the real pipeline and the
// real workflow, with the clock that the story is told by.
func demoDesk(st *store.Store, accounts *auth.Service, e *env) demo.Desk {
	return demo.Desk{
		Accounts: accounts,
		Reviews:  reviewsOf(st, e),
		Read: func(ctx context.Context, s data.Sample) (claims.Article, error) {
			return (&ingest.Reader{}).Read(ctx, ingest.Input{Data: s.Body, Name: s.Name, ContentType: s.ContentType})
		},
		Add: func(ctx context.Context, a claims.Article, now func() time.Time) (int64, error) {
			p := &pipeline.Pipeline{Find: pipeline.Find, Store: st, Reviews: &review.Service{Store: st, Now: now}, Now: now, Engine: engine()}
			r, err := p.Add(ctx, a, 0)
			return r.Article.ID, err
		},
		Rows: st.Rows, Dossier: st.Dossier, Now: e.now,
		Decide: func(ctx context.Context, p review.Policy, by review.Person, now time.Time) error {
			return st.ChangePolicy(ctx, review.DefaultPolicy.ID, p, by, now)
		},
	}
}
