package review

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// talk is a store that holds one dossier and what is said of it.
type talk struct {
	d     Dossier
	all   []Comment
	seen  []Event
	heard []Audience
}

func (k *talk) InTx(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
func (k *talk) Dossier(context.Context, int64) (Dossier, error)                { return k.d, nil }
func (k *talk) Comments(context.Context, int64) ([]Comment, error)             { return slices.Clone(k.all), nil }

func (k *talk) EventByKey(_ context.Context, key string) (Event, error) {
	for _, e := range k.seen {
		if e.Key == key {
			return e, nil
		}
	}
	return Event{}, errs.New("talk", errs.NotFound, "No.")
}

func (k *talk) SayComment(_ context.Context, c Comment, e Event, a Audience) error {
	c.ID = int64(len(k.all) + 1)
	k.all, k.seen, k.heard = append(k.all, c), append(k.seen, e), append(k.heard, a)
	return nil
}

func (k *talk) MarkComment(_ context.Context, id int64, m CommentMark, e Event, a Audience) error {
	c := find(k.all, id)
	if m == Resolved {
		c.ResolvedBy, c.ResolvedAt = e.ActorID, e.At
	} else {
		c.RedactedBy, c.RedactedAt = e.ActorID, e.At
	}
	k.seen, k.heard = append(k.seen, e), append(k.heard, a)
	return nil
}

func talking(s State) (*talk, *Comments) {
	k := &talk{d: ideal(s)}
	k.d.Places[0].Context = claims.Span{Start: 0, End: 30, Quote: "So Crime fell 12%, she said…"}
	return k, &Comments{Store: k, Now: func() time.Time { return now }}
}

func TestWordsCopiedFromAPageAreFoundInTheirText(t *testing.T) {
	const text = "The table **does not**\nsay so [1].\n\n> “So it _is_,” he said."
	tests := []struct{ name, quote, want string }{
		{"to the letter", "**does not**", "**does not**"},
		{"without signs", "table does not say so", "table **does not**\nsay so"},
		{"over paragraphs", "so [1]. “So it is,”", "so [1].\n\n> “So it _is_,”"},
		{"a word of it", "“", "“"},
		{"other words", "does say so", ""},
		{"nothing but signs", "* _", ""},
		{"nothing", " ", " "},
	}
	for _, tt := range tests {
		i, j := placeIn(text, tt.quote)
		got := ""
		if i >= 0 {
			got = text[i:j]
		}
		if got != tt.want {
			t.Errorf("%s: %q is found as %q, want %q", tt.name, tt.quote, got, tt.want)
		}
	}
}

func FuzzWordsAreFoundOnWholeCharacters(f *testing.F) {
	f.Add("a **b** ü\nc", "b ü c")
	f.Add("日本 語", "本語")
	f.Fuzz(func(t *testing.T, text, quote string) {
		if !utf8.ValidString(text) || !utf8.ValidString(quote) {
			t.Skip("all that is stored is valid")
		}
		i, j := placeIn(text, quote)
		if i < 0 {
			return
		}
		got, _ := bared(text[i:j])
		want, _ := bared(quote)
		if !utf8.ValidString(text[i:j]) || got != want {
			t.Errorf("%q in %q is %q", quote, text, text[i:j])
		}
	})
}

func TestAThreadIsAboutWhatIsThere(t *testing.T) {
	vera := Person{5, "Vera", []Role{Viewer}, true}
	tests := []struct {
		name string
		r    Remark
		want errs.Kind // empty: it is kept
	}{
		{"the claim", Remark{Anchor: OnClaim, Text: "Who says so?", By: ana}, ""},
		{"words of the summary", Remark{Anchor: OnSummary, Quote: "did", Text: "Did what?", By: ana}, ""},
		{"words that the summary does not have", Remark{Anchor: OnSummary, Quote: "did not", Text: "x", By: ana}, errs.Invalid},
		{"words of the article", Remark{Anchor: OnPlace, Quote: "she said", Text: "Which she?", By: ana}, ""},
		{"the article without words", Remark{Anchor: OnPlace, Text: "x", By: ana}, errs.Invalid},
		{"words of another article", Remark{Anchor: OnPlace, Quote: "they said", Text: "x", By: ana}, errs.Invalid},
		{"evidence that stands", Remark{Anchor: OnEvidence, Number: 2, Text: "Old.", By: edith}, ""},
		{"evidence that was removed", Remark{Anchor: OnEvidence, Number: 3, Text: "x", By: edith}, errs.Invalid},
		{"evidence without a number", Remark{Anchor: OnEvidence, Text: "x", By: edith}, errs.Invalid},
		{"a number without evidence", Remark{Anchor: OnClaim, Number: 1, Text: "x", By: edith}, errs.Invalid},
		{"nothing", Remark{Text: "x", By: edith}, errs.Invalid},
		{"nonsense", Remark{Anchor: "weather", Text: "x", By: edith}, errs.Invalid},
		{"no words", Remark{Anchor: OnClaim, Text: " \n", By: edith}, errs.Invalid},
		{"too many words", Remark{Anchor: OnClaim, Text: strings.Repeat("x", MaxComment+1), By: edith}, errs.Invalid},
		{"a viewer", Remark{Anchor: OnClaim, Text: "x", By: vera}, errs.Forbidden},
		{"somebody who left", Remark{Anchor: OnClaim, Text: "x", By: Person{1, "Ana", []Role{Checker}, false}}, errs.Forbidden},
		{"a reply to nothing", Remark{ThreadID: 9, Text: "x", By: ana}, errs.NotFound},
		{"a reply that blocks", Remark{ThreadID: 1, Blocking: true, Text: "x", By: ana}, errs.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k, s := talking(Research)
			err := s.Say(context.Background(), tt.r)
			if (err == nil) != (tt.want == "") || err != nil && errs.KindOf(err) != tt.want {
				t.Fatalf("Say = %v, want %q", err, tt.want)
			}
			if err != nil && (len(k.all) > 0 || len(k.seen) > 0) {
				t.Error("something was kept")
			}
			if err == nil && tt.r.Quote != "" && (k.all[0].Quote != tt.r.Quote || k.all[0].End-k.all[0].Start != len(tt.r.Quote)) {
				t.Errorf("kept %+v", k.all[0])
			}
		})
	}
}

func TestACommentLeavesTheReviewAsItIs(t *testing.T) {
	k, s := talking(Editing)
	if err := s.Say(context.Background(), Remark{Anchor: OnClaim, Text: "Sure?", Blocking: true, Key: "k", ReviewID: 10, By: edith}); err != nil {
		t.Fatal(err)
	}
	e := k.seen[0]
	if e.Version != k.d.Review.Version || e.From != Editing || e.To != Editing || e.Note != "" {
		t.Errorf("%+v", e)
	}
	if slices.ContainsFunc(e.Changes, func(c Change) bool { return strings.Contains(c.To, "Sure") }) {
		t.Error("the history, which nobody can redact, has the words of the comment")
	}
	if err := s.Say(context.Background(), Remark{Anchor: OnClaim, Text: "Sure?", Blocking: true, Key: "k", ReviewID: 10, By: edith}); err != nil || len(k.all) != 1 {
		t.Errorf("sent twice: %v, %d comments", err, len(k.all))
	}
	if err := s.Say(context.Background(), Remark{Anchor: OnClaim, Text: "x", Key: "k", ReviewID: 10, By: omar}); !errors.Is(err, errs.Invalid) {
		t.Errorf("the key of another: %v", err)
	}
}

func TestAThreadIsResolvedOnceByWhoBeganItOrAnEditor(t *testing.T) {
	for _, tt := range []struct {
		by   Person
		want errs.Kind
	}{{ana, ""}, {edith, ""}, {ben, errs.Forbidden}, {stella, errs.Forbidden}} {
		k, s := talking(Research)
		ctx := context.Background()
		if err := s.Say(ctx, Remark{Anchor: OnClaim, Text: "Sure?", By: ana}); err != nil {
			t.Fatal(err)
		}
		err := s.Resolve(ctx, 10, 1, "", tt.by)
		if (err == nil) != (tt.want == "") || err != nil && errs.KindOf(err) != tt.want {
			t.Errorf("%s resolves: %v, want %q", tt.by.Name, err, tt.want)
		}
		if err != nil {
			continue
		}
		if k.all[0].ResolvedBy != tt.by.ID || k.all[0].ResolvedAt.IsZero() {
			t.Errorf("%+v", k.all[0])
		}
		if err := s.Resolve(ctx, 10, 1, "", tt.by); !errors.Is(err, errs.Conflict) {
			t.Errorf("twice: %v", err)
		}
		if err := s.Say(ctx, Remark{ThreadID: 1, Text: "But", By: ben}); !errors.Is(err, errs.Conflict) {
			t.Errorf("a reply to what is resolved: %v", err)
		}
	}
}

func TestARedactionHidesTheWordsAndNotTheFact(t *testing.T) {
	k, s := talking(Research)
	ctx := context.Background()
	for _, r := range []Remark{{Anchor: OnClaim, Quote: "Crime", Text: "A secret", By: ana}, {ThreadID: 1, Text: "Oh", By: ben}} {
		if err := s.Say(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Redact(ctx, 10, 1, "", ben); !errors.Is(err, errs.Forbidden) {
		t.Errorf("somebody else's words: %v", err)
	}
	if err := s.Redact(ctx, 10, 1, "", stella); err != nil {
		t.Fatal(err)
	}
	if err := s.Redact(ctx, 10, 1, "", ana); !errors.Is(err, errs.Conflict) {
		t.Errorf("twice: %v", err)
	}
	threads, _ := k.d.Threads(k.all, ana)
	if c := threads[0]; c.Text != "" || c.Quote != "" || c.ByID != ana.ID || c.RedactedBy != stella.ID || len(c.Replies) != 1 || c.Replies[0].Text != "Oh" {
		t.Errorf("%+v", c)
	}
}

func TestWhoMayReadBlindSeesNoCommentOnTheVerdict(t *testing.T) {
	k, s := talking(Editing)
	ctx := context.Background()
	for _, r := range []Remark{
		{Anchor: OnRating, Text: "Rather half true", By: ana}, {ThreadID: 1, Text: "No", By: ana}, {Anchor: OnSummary, Text: "Too short", By: ana},
		{Anchor: OnRationale, Text: "Why", By: ana}, {Anchor: OnClaim, Text: "This is true, I said", By: ana},
	} {
		if err := s.Say(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	if threads, hidden := k.d.Threads(k.all, ben); len(threads) != 4 || hidden != 0 {
		t.Fatalf("without the policy: %d threads, %d hidden", len(threads), hidden)
	}
	k.d.Policy.SecondRead = true
	threads, hidden := k.d.Threads(k.all, ben)
	if len(threads) != 1 || hidden != 3 || threads[0].Text != "This is ▒▒▒▒, I said" {
		t.Errorf("%+v, %d hidden", threads, hidden)
	}
	for name, err := range map[string]error{
		"begin": s.Say(ctx, Remark{Anchor: OnRating, Text: "x", By: ben}), "reply": s.Say(ctx, Remark{ThreadID: 1, Text: "x", By: ben}),
		"resolve": s.Resolve(ctx, 10, 1, "", edith), "redact": s.Redact(ctx, 10, 2, "", edith),
	} {
		if !errors.Is(err, errs.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if threads, hidden = k.d.Threads(k.all, ana); len(threads) != 4 || hidden != 0 {
		t.Errorf("the author sees %d, %d hidden", len(threads), hidden)
	}
}

func TestWordsThatAreGoneAreSaidToBe(t *testing.T) {
	k, s := talking(Research)
	for _, r := range []Remark{{Anchor: OnSummary, Quote: "It did", Text: "x", By: ana}, {Anchor: OnEvidence, Number: 2, Text: "x", By: ana}, {Anchor: OnPlace, Quote: "she said", Text: "x", By: ana}} {
		if err := s.Say(context.Background(), r); err != nil {
			t.Fatal(err)
		}
	}
	gone := func() (n int) {
		threads, _ := k.d.Threads(k.all, ana)
		for _, th := range threads {
			if th.Gone {
				n++
			}
		}
		return n
	}
	if n := gone(); n != 0 {
		t.Errorf("%d are gone at once", n)
	}
	k.d.Verdict.Summary, k.d.Evidence, k.d.Places = "It fell.", k.d.Evidence[:1], nil
	if n := gone(); n != 3 {
		t.Errorf("%d are gone, want all", n)
	}
}

func TestThoseWhomACommentConcernsAreTold(t *testing.T) {
	k, s := talking(Research)
	k.d.People[5] = Person{5, "Vera Lind", []Role{Viewer}, true}
	k.d.People[8] = Person{8, "Vera", nil, false}
	ctx := context.Background()
	for _, r := range []Remark{
		{Anchor: OnClaim, Text: "@Vera, and mail to x@edith.example: @omar? @Benny", By: edith}, {ThreadID: 1, Text: "Yes.", By: ben}, {ThreadID: 1, Text: "Good.", By: stella},
	} {
		if err := s.Say(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range [][]int64{{1, 4, 5}, {1, 3}, {1, 2, 3}} {
		got := slices.Clone(k.heard[i].People)
		slices.Sort(got)
		if !slices.Equal(slices.Compact(got), want) || !k.heard[i].Watchers || k.heard[i].Editors {
			t.Errorf("comment %d is told %+v, want %v", i+1, k.heard[i], want)
		}
	}
}
