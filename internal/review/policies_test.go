package review

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"factcheck/internal/claims"
)

// decisions are policies that differ from the default in one knob each. The
// golden file of each lists what it makes of state × action × role, where that
// is not what moves.golden has.
var decisions = []struct {
	name string
	knob string // field of Policy
	set  func(*Policy)
}{
	{"two approvals", "Quorum", func(p *Policy) { p.Quorum = 2 }},
	{"one approval to change a rating", "VerdictQuorum", func(p *Policy) { p.VerdictQuorum = 1 }},
	{"one approval at high risk", "HighRiskQuorum", func(p *Policy) { p.HighRiskQuorum = 1 }},
	{"three sources", "Sources", func(p *Policy) { p.Sources = 3 }},
	{"another scale", "Scale", func(p *Policy) { p.Scale = "three-point" }},
	{"a blind second read", "SecondRead", func(p *Policy) { p.SecondRead = true }},
	{"whoever approved may not publish", "SeparatePublisher", func(p *Policy) { p.SeparatePublisher = true }},
	{"somebody may break the glass", "Overriders", func(p *Policy) { p.Overriders = []int64{9} }},
	{"a checklist for numbers", "Checklists", func(p *Policy) { p.Checklists = Checklists{claims.Quantity: {"Counted anew"}} }},
	{"two hours to reply", "ReplyHours", func(p *Policy) { p.ReplyHours, p.UrgentReplyHours = 2, 1 }},
	{"one hour to reply when urgent", "UrgentReplyHours", func(p *Policy) { p.UrgentReplyHours = 1 }},
	{"a day for complaints", "ComplaintHours", func(p *Policy) { p.ComplaintHours = 24 }},
	{"an hour for the urgent", "UrgentHours", func(p *Policy) { p.UrgentHours = 1 }},
	{"an hour for the high", "HighHours", func(p *Policy) { p.HighHours = 1 }},
	{"an hour for the normal", "NormalHours", func(p *Policy) { p.NormalHours = 1 }},
	{"an hour for the low", "LowHours", func(p *Policy) { p.LowHours = 1 }},
}

// TestGoldenMatrixByPolicy is TestGoldenMatrix for every knob of the policy, on
// a claim as it is, as one of high risk, and as a correction of its rating.
func TestGoldenMatrixByPolicy(t *testing.T) {
	var b strings.Builder
	for _, k := range []struct {
		name string
		make func(*Dossier)
	}{
		{"as it is", func(*Dossier) {}},
		{"at high risk", func(d *Dossier) { d.Review.Risk = HighRisk }},
		{"a change of the rating", func(d *Dossier) { changeRating(d) }},
	} {
		for _, p := range decisions {
			fmt.Fprintf(&b, "# %s, %s\n%s", p.name, k.name, differs(k.make, p.set))
		}
	}
	golden(t, "testdata/policies.golden", b.String())
}

// changeRating makes of a claim that is worked on one whose published rating
// is about to change.
func changeRating(d *Dossier) {
	if !d.Working() {
		return
	}
	before := *d
	before.Verdict.Rating = "false"
	published(&before)
	d.Live, d.Review.Edition = before.Live, 2
	d.Review.CorrectionKind, d.Review.CorrectionNote, d.Review.CorrectionBy = VerdictChange, "We misread the table.", 3
	for i := range d.Contributors {
		d.Contributors[i].Edition = 2
	}
	for i := range d.Approvals {
		d.Approvals[i].Edition, d.Approvals[i].ContentHash = 2, d.ContentHash()
	}
}

// differs are the lines of the matrix that a policy changes.
func differs(prepare func(*Dossier), set func(*Policy)) string {
	var b strings.Builder
	for _, s := range States {
		for _, a := range actions() {
			for _, who := range []Person{{9, "other", nil, true}, {1, "author", nil, true}, {3, "approver", nil, true}} {
				for _, r := range Roles {
					who.Roles = []Role{r}
					d := about(s, a)
					prepare(&d)
					before := answerOf(d, a, who)
					set(&d.Policy)
					if d.Policy.Scale != DefaultPolicy.Scale { // as it is read with the policy
						d.InForce = RatingScale{ID: 8, Key: d.Policy.Scale, Name: "Three points", Ratings: fivePoint.Ratings}
					}
					if after := answerOf(d, a, who); after != before {
						fmt.Fprintf(&b, "%-10s %-14s %-8s %-9s %s -> %s\n", s, a, who.Name, r, before, after)
					}
				}
			}
		}
	}
	return b.String()
}

// TestEveryKnobHasAMatrix fails if a knob is added to the policy and not here.
func TestEveryKnobHasAMatrix(t *testing.T) {
	knobs := map[string]bool{}
	for _, d := range decisions {
		p := DefaultPolicy
		d.set(&p)
		if reflect.DeepEqual(p, DefaultPolicy) {
			t.Errorf("%q decides nothing", d.name)
		}
		knobs[d.knob] = true
	}
	for i := range reflect.TypeFor[Policy]().NumField() {
		if f := reflect.TypeFor[Policy]().Field(i); f.Name != "ID" && !knobs[f.Name] {
			t.Errorf("no matrix for the knob %s", f.Name)
		}
	}
}
