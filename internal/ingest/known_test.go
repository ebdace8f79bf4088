package ingest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/ingest"
)

func TestWhatAPersonKnowsWins(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	in := ingest.Input{
		Data:    []byte(`<html><head><meta property="og:site_name" content="The Page"></head><body><article><p>The mayor said that crime fell by twelve percent last year, and she promised that it will fall again.</p></article></body></html>`),
		FoundAt: " https://News.example.org/story?utm_source=x ", Publisher: "The  Herald", Published: day,
	}
	a, err := (&ingest.Reader{}).Read(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	if a.Source != "https://news.example.org/story" || a.URL != "https://News.example.org/story?utm_source=x" || a.Publisher != "The Herald" || !a.PublishedAt.Equal(day) {
		t.Errorf("article = %+v", a)
	}
	in.FoundAt = "javascript:alert(1)"
	if _, err := (&ingest.Reader{}).Read(context.Background(), in); !errors.Is(err, errs.Invalid) {
		t.Errorf("a bad address: %v, want invalid", err)
	}
}
