package review

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

func apply(t *testing.T, d Dossier, cmd Command) Outcome {
	t.Helper()
	o, err := d.Apply(cmd, now)
	if err != nil {
		t.Fatalf("%s by %s: %v", cmd.Action, cmd.Actor.Name, err)
	}
	return o
}

func TestTheAuthorIsRefusedApprovalWithAReason(t *testing.T) {
	author := omar
	d := ideal(Editing)
	d.Verdict.AuthorID, d.Contributors = author.ID, nil
	_, err := d.Apply(command(Approve, author), now)
	if got := errs.Message(err); got != "You wrote this verdict, so someone else has to approve it." {
		t.Errorf("told %q", got)
	}
	if !errors.Is(err, errs.Forbidden) {
		t.Errorf("kind = %q, want forbidden", errs.KindOf(err))
	}
}

func TestAStaleVersionIsAConflict(t *testing.T) {
	cmd := command(Submit, ana)
	cmd.Version = 4
	if _, err := ideal(Research).Apply(cmd, now); !errors.Is(err, errs.Conflict) {
		t.Errorf("Apply = %v, want a conflict", err)
	}
}

func TestEveryEditAfterApprovalVoidsIt(t *testing.T) {
	for _, a := range actions() {
		if !a.IsEdit() {
			continue
		}
		t.Run(string(a), func(t *testing.T) {
			d := ideal(Approved)
			if d.Standing() != 1 {
				t.Fatal("the approval does not stand to begin with")
			}
			o := apply(t, d, command(a, edith))
			if o.Review.State != Editing || o.Review.Round != d.Review.Round+1 {
				t.Errorf("state %s, round %d: want editing, a new round", o.Review.State, o.Review.Round)
			}
			d.Review = o.Review
			if d.Standing() != 0 {
				t.Error("the approval still stands")
			}
			if !slices.ContainsFunc(o.Contributed, func(c Contribution) bool { return c.PersonID == edith.ID }) {
				t.Error("the editor who changed it does not count as a contributor")
			}
		})
	}
}

func TestAnApprovalIsForOneContent(t *testing.T) {
	changes := map[string]func(*Dossier){
		"claim":     func(d *Dossier) { d.Claim.Text += "." },
		"claimant":  func(d *Dossier) { d.Claimant.Name = "Someone else" },
		"chosen":    func(d *Dossier) { d.Review.Chosen = "x" },
		"rating":    func(d *Dossier) { d.Verdict.Rating = "false" },
		"summary":   func(d *Dossier) { d.Verdict.Summary += "." },
		"rationale": func(d *Dossier) { d.Verdict.Rationale += "." },
		"evidence":  func(d *Dossier) { d.Evidence = slices.Clone(d.Evidence); d.Evidence[0].Quote += "." },
		"stance":    func(d *Dossier) { d.Evidence = slices.Clone(d.Evidence); d.Evidence[0].Stance = Context },
		"removed":   func(d *Dossier) { d.Evidence = d.Evidence[:1] },
		"place":     func(d *Dossier) { d.Places = nil },
		"scale":     func(d *Dossier) { d.Scale.Version++ },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			d := ideal(Approved)
			change(&d)
			if d.Standing() != 0 {
				t.Error("the approval stands for changed content")
			}
			if _, err := d.Apply(command(Publish, edith), now); !errors.Is(err, errs.Invalid) {
				t.Errorf("publish = %v, want a refusal", err)
			}
		})
	}
}

func TestAPlaceFoundAfterSendingWaitsForTheNextEdition(t *testing.T) {
	d := ideal(Approved)
	later := d.Places[0]
	later.ID, later.AddedAt = 51, now.Add(time.Minute)
	d.Places = append(d.Places, later)
	if d.Standing() != 1 {
		t.Error("a place that a machine found voids the approval")
	}
	o := apply(t, d, command(Publish, edith))
	if n := len(o.Publication.Report.Appearances); n != 1 {
		t.Errorf("%d places are published, want the one that was approved", n)
	}
}

func TestPublishWritesTheReportThatWasApproved(t *testing.T) {
	d := ideal(Approved)
	o := apply(t, d, command(Publish, edith))
	p := o.Publication
	if p.ContentHash != d.Approvals[0].ContentHash || p.Hash != HashSnapshot(p.Snapshot) {
		t.Error("hashes do not agree")
	}
	var r Report
	if err := json.Unmarshal(p.Snapshot, &r); err != nil {
		t.Fatal(err)
	}
	if r.WrittenBy != "Ana" || len(r.ApprovedBy) != 1 || r.ApprovedBy[0].Name != "Edith" || r.Rating.Code != "true" || r.Claimant.Name != "Lena Marsh" {
		t.Errorf("report = %+v", r)
	}
	if p.Slug != "crime-fell-12-in-northport-10" {
		t.Errorf("slug = %q", p.Slug)
	}
	if o.Review.Edition != 2 || o.Review.AssigneeID != 0 {
		t.Errorf("review = %+v, want edition 2 and nobody on it", o.Review)
	}
}

func TestACorrectionSaysWhatChangedAndKeepsTheFirst(t *testing.T) {
	d := correcting(Approved)
	o := apply(t, d, command(Publish, edith))
	r := o.Publication.Report
	if r.Correction == nil || r.Correction.Note != "We misread the table." {
		t.Fatalf("correction = %+v", r.Correction)
	}
	if len(r.Correction.Changes) != 1 || r.Correction.Changes[0] != (Change{"summary", "It did.", "It did not."}) {
		t.Errorf("changes = %+v", r.Correction.Changes)
	}
	if o.Publication.Slug != d.Live.Slug || o.Publication.Edition != 2 || o.Correction.Kind != Fix {
		t.Errorf("publication = %+v, correction = %+v", o.Publication, o.Correction)
	}
}

func TestEveryFieldOfAReportThatDiffersIsTold(t *testing.T) {
	at := now.Add(24 * time.Hour)
	changes := map[string]func(*Report){
		"rating":                     func(r *Report) { r.Rating.Label = "False" },
		"claim":                      func(r *Report) { r.Claim.Text += "." },
		"short form":                 func(r *Report) { r.Claim.ShortForm += "." },
		"kind of claim":              func(r *Report) { r.Claim.Kind = claims.Law },
		"language":                   func(r *Report) { r.Claim.Lang = "nl" },
		"claimant":                   func(r *Report) { r.Claimant = nil },
		"said":                       func(r *Report) { r.Claim.SaidAt = &at },
		"summary":                    func(r *Report) { r.Summary += "." },
		"rationale":                  func(r *Report) { r.Rationale += "." },
		"reason for a single source": func(r *Report) { r.OneSource = "x" },
		"other side looked for":      func(r *Report) { r.NoneFound = !r.NoneFound },
		"why it was chosen":          func(r *Report) { r.Chosen += "." },
		"evidence":                   func(r *Report) { r.Evidence[0].Quote += "." },
		"appearance":                 func(r *Report) { r.Appearances[0].Start++ },
	}
	for field, change := range changes {
		d := ideal(Editing)
		was, is := d.report(edith, now), d.report(edith, now)
		change(&is)
		diff := ReportDiff(was, is)
		if len(diff) != 1 || diff[0].Field != field || diff[0].From == diff[0].To {
			t.Errorf("%s: told %+v", field, diff)
		}
	}
}

func TestChangingAPublishedRatingNeedsTwoEditors(t *testing.T) {
	d := correcting(Research)
	d.Verdict.Rating = "false"
	o := apply(t, d, command(Submit, ana))
	if o.Review.CorrectionKind != VerdictChange {
		t.Errorf("kind = %q: readers must be told that the verdict changed", o.Review.CorrectionKind)
	}
	d.Review = o.Review
	cmd := command(Approve, edith)
	cmd.Version = d.Review.Version
	o = apply(t, d, cmd)
	if o.Review.State != Editing {
		t.Fatalf("after one approval the state is %s, want editing", o.Review.State)
	}
	d.Review = o.Review
	d.Approvals = append(d.Approvals, *o.Approval)
	cmd = command(Approve, omar)
	cmd.Version = d.Review.Version
	if o = apply(t, d, cmd); o.Review.State != Approved {
		t.Errorf("after two approvals the state is %s, want approved", o.Review.State)
	}
}

func TestAVerdictChangeThatDoesNotChangeItIsACorrection(t *testing.T) {
	d := correcting(Research)
	d.Review.CorrectionKind = VerdictChange
	if o := apply(t, d, command(Submit, ana)); o.Review.CorrectionKind != Fix {
		t.Errorf("kind = %q, want correction", o.Review.CorrectionKind)
	}
}

func TestAbandonPutsEverythingBack(t *testing.T) {
	d := correcting(Editing)
	d.Claim.Text, d.Claimant.Name, d.Review.Chosen = "Something else", "Someone else", "Another reason"
	o := apply(t, d, command(Abandon, edith))
	if o.Review.State != Published || o.Review.VerdictID != d.Live.VerdictID || o.Review.CorrectionKind != "" || o.Review.Edition != 2 {
		t.Errorf("review = %+v", o.Review)
	}
	if o.Claim.Text != "Crime fell 12%" || o.Claimant.Name != "Lena Marsh" || o.Review.Chosen != "Widely shared" {
		t.Errorf("claim = %+v by %+v, chosen %q", o.Claim, o.Claimant, o.Review.Chosen)
	}
	if o.RestoreFrom == nil || o.RestoreFrom.Edition != 2 || o.Publication != nil {
		t.Errorf("outcome = %+v", o)
	}
}

func TestAReturnVoidsApprovalsEvenIfNothingChanges(t *testing.T) {
	d := ideal(Approved)
	o := apply(t, d, command(Return, omar))
	d.Review = o.Review
	cmd := command(Submit, ana)
	cmd.Version = d.Review.Version
	d.Review = apply(t, d, cmd).Review
	if d.Standing() != 0 {
		t.Error("an approval of before the return still stands")
	}
}

func TestBadInputIsRefusedWithASentence(t *testing.T) {
	tests := []struct {
		name   string
		action Action
		spoil  func(*Command)
		want   string
	}{
		{"unknown action", "explode", func(*Command) {}, "no action"},
		{"unknown rating", SaveVerdict, func(c *Command) { c.Verdict.Rating = "mostly_ok" }, "not a rating"},
		{"retired rating", SaveVerdict, func(c *Command) { c.Verdict.Rating = "old" }, "not a rating"},
		{"summary too long", SaveVerdict, func(c *Command) { c.Verdict.Summary = strings.Repeat("x", MaxSummary+1) }, "at most 1000"},
		{"not text", SaveVerdict, func(c *Command) { c.Verdict.Rationale = "a\xff" }, "not text"},
		{"empty verdict form", SaveVerdict, func(c *Command) { c.Verdict = nil }, "empty"},
		{"script address", AddEvidence, func(c *Command) { c.Evidence.URL = "javascript:alert(1)" }, "not a web address"},
		{"no source", AddEvidence, func(c *Command) { c.Evidence.URL = "" }, "address of the source"},
		{"no stance", AddEvidence, func(c *Command) { c.Evidence.Stance = "meh" }, "supports the claim"},
		{"claimant and none", EditClaim, func(c *Command) { c.Claim.Unattributed = true }, "not both"},
		{"unknown kind", EditClaim, func(c *Command) { c.Claim.Kind = "rant" }, "kind of claim"},
		{"claim in another form", Submit, func(c *Command) { c.Claim = draftFor(EditClaim) }, "Save the claim first"},
		{"damaged form", Submit, func(c *Command) { c.Key = strings.Repeat("k", 65) }, "damaged"},
		{"no span", EditSpan, func(c *Command) { c.Span = nil }, "Select the words"},
		{"the same span", EditSpan, func(c *Command) { c.Span.Span = claims.Span{Start: 3, End: 17, Quote: "Crime fell 12%"} }, "marked already"},
		{"span too long", EditSpan, func(c *Command) { c.Span.Span.Quote = strings.Repeat("x", 501) }, "501"},
		{"note too long", Submit, func(c *Command) { c.Note = strings.Repeat("x", MaxNote+1) }, "note"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := command(tt.action, ana)
			tt.spoil(&cmd)
			_, err := ideal(Research).Apply(cmd, now)
			if !errors.Is(err, errs.Invalid) || !strings.Contains(errs.Message(err), tt.want) {
				t.Errorf("Apply = %v, want invalid and %q", err, tt.want)
			}
		})
	}
}

func TestAcceptTakesTheAttributionWithIt(t *testing.T) {
	d := ideal(Triage)
	d.Claimant, d.Review.Chosen = claims.Claimant{}, ""
	cmd := command(Accept, ana)
	cmd.Claim = draftFor(EditClaim)
	o := apply(t, d, cmd)
	if o.Review.State != Queued || o.Claimant.Name != "Lena Marsh" || o.Review.Chosen != "Widely shared" {
		t.Errorf("outcome = %+v", o)
	}
}

func TestSlug(t *testing.T) {
	tests := []struct{ text, want string }{
		{"End the war in a day", "end-the-war-in-a-day-7"},
		{"Él dijo: ¡“más” impuestos!", "el-dijo-mas-impuestos-7"},
		{"一天内结束战争", "7"},
		{strings.Repeat("word ", 50), "word-word-word-word-word-word-word-word-7"},
		{strings.Repeat("x", 300), "7"},
		{"Don’t <script>", "dont-script-7"},
	}
	for _, tt := range tests {
		if got := Slug(tt.text, 7); got != tt.want {
			t.Errorf("Slug(%.40q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestEventSumCoversEveryField(t *testing.T) {
	e := Event{Seq: 1, Subject: OnReview, SubjectID: 2, Version: 3, Action: Take, From: Queued, To: Research, ActorID: 4,
		Note: "n", Changes: []Change{{"a", "b", "c"}}, Key: "k", At: now, Prev: "p"}
	sum := e.Sum()
	changes := []func(*Event){
		func(e *Event) { e.Seq++ }, func(e *Event) { e.Subject = OnPerson }, func(e *Event) { e.SubjectID++ }, func(e *Event) { e.Version++ },
		func(e *Event) { e.Action = Assign }, func(e *Event) { e.From = Triage }, func(e *Event) { e.To = Queued }, func(e *Event) { e.ActorID++ },
		func(e *Event) { e.Note = "" }, func(e *Event) { e.Changes = nil }, func(e *Event) { e.Key = "" },
		func(e *Event) { e.At = e.At.Add(time.Microsecond) }, func(e *Event) { e.Prev = "" },
	}
	for i, change := range changes {
		changed := e
		change(&changed)
		if changed.Sum() == sum {
			t.Errorf("change %d is not seen", i)
		}
	}
	if e.Sum() != sum || len(sum) != 64 {
		t.Error("the sum is not stable")
	}
}

func TestEvidenceGroup(t *testing.T) {
	tests := []struct {
		e    Evidence
		want string
	}{
		{Evidence{URL: "https://www.bbc.co.uk/news/1"}, "bbc.co.uk"},
		{Evidence{URL: "https://a.example.org/1", Publisher: " The Herald "}, "the herald"},
		{Evidence{URL: "http://192.0.2.1/x"}, "192.0.2.1"},
		{Evidence{Title: "Interview with the mayor"}, "interview with the mayor"},
	}
	for _, tt := range tests {
		if got := tt.e.Group(); got != tt.want {
			t.Errorf("Group(%+v) = %q, want %q", tt.e, got, tt.want)
		}
	}
}
