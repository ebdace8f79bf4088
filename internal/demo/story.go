package demo

import (
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// chapter is one sample with what became of its claims.
type chapter struct {
	sample  string // data.Sample.Key
	topic   string // of its claims
	stories []story
}

// story is what people did about one claim.
type story struct {
	words string // that the claim holds, as in the article
	need  need
	steps []step
}

// need says what happens if extraction has not found the words.
type need uint8

const (
	required need = iota // Fill fails: the texts of the story are about this claim
	anyOther             // the best claim that no story is about takes its place
	optional             // the story is left out
)

// step is one command of somebody.
type step struct {
	who  somebody
	to   somebody      // of assign
	in   time.Duration // of schedule: after now
	into string        // of merge: the words of the story of the same claim
	cmd  review.Command
}

// The steps, in the words of the desk.

func accept(who somebody, c review.ClaimDraft) step {
	return step{who: who, cmd: review.Command{Action: review.Accept, Claim: &c}}
}

func dismiss(who somebody, why review.DismissalCode, note string) step {
	return step{who: who, cmd: review.Command{Action: review.Dismiss, Dismissal: why, Note: note}}
}

func take(who somebody) step { return step{who: who, cmd: review.Command{Action: review.Take}} }

func assign(who, to somebody, note string) step {
	return step{who: who, to: to, cmd: review.Command{Action: review.Assign, Note: note}}
}

// source is a piece of evidence. The addresses of the sample desk are made up,
// so nothing can be captured there.
func source(who somebody, e review.Evidence) step {
	e.NoCopy = "This is a sample desk, and the address is made up."
	return step{who: who, cmd: review.Command{Action: review.AddEvidence, Evidence: &e}}
}

func verdict(who somebody, v review.VerdictDraft) step {
	v.NoConflict = true
	return step{who: who, cmd: review.Command{Action: review.SaveVerdict, Verdict: &v}}
}

func submit(who somebody, note string) step {
	return step{who: who, cmd: review.Command{Action: review.Submit, Note: note}}
}

func sendBack(who somebody, note string) step {
	return step{who: who, cmd: review.Command{Action: review.Return, Note: note}}
}

func approve(who somebody) step { return step{who: who, cmd: review.Command{Action: review.Approve}} }

func publish(who somebody) step { return step{who: who, cmd: review.Command{Action: review.Publish}} }

func correct(who somebody, kind review.CorrectionKind, note string) step {
	return step{who: who, cmd: review.Command{Action: review.Correct, Correction: kind, Note: note}}
}

func read(who somebody, rating, note string) step {
	return step{who: who, cmd: review.Command{Action: review.SecondRead, Rating: rating, Note: note}}
}

func schedule(who somebody, in time.Duration, note string) step {
	return step{who: who, in: in, cmd: review.Command{Action: review.Schedule, Note: note}}
}

func hold(who somebody, why review.HoldReason, note string) step {
	return step{who: who, cmd: review.Command{Action: review.PutOnHold, Hold: why, Note: note}}
}

func merge(who somebody, into, note string) step {
	return step{who: who, into: into, cmd: review.Command{Action: review.Merge, Note: note}}
}

func retract(who somebody, why review.RetractionCode, note string) step {
	return step{who: who, cmd: review.Command{Action: review.Retract, Retraction: why, Note: note}}
}

func breakGlass(who somebody, note string) step {
	return step{who: who, cmd: review.Command{Action: review.BreakGlass, Note: note}}
}

// said is a claim in English.
func said(day string, by string, kind claims.ClaimantKind, what claims.Kind, text, short, chosen string) review.ClaimDraft {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic("demo: " + err.Error()) // a typing error in the tables; every test finds it
	}
	return review.ClaimDraft{Text: text, ShortForm: short, Kind: what, Lang: "en", Claimant: by, ClaimantKind: kind, SaidAt: at, Chosen: chosen}
}
