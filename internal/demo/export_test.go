package demo

import "factcheck/internal/review"

// Holds is holds.
var Holds = holds

// Story is what a test needs of one.
type Story struct {
	Words    string
	Claims   []review.ClaimDraft
	Verdicts []review.VerdictDraft
	Sources  []review.Evidence
}

// Stories are all stories of the sample desk.
func Stories() []Story {
	var all []Story
	for _, c := range chapters {
		for _, s := range c.stories {
			t := Story{Words: s.words}
			for _, st := range s.steps {
				if st.cmd.Claim != nil {
					t.Claims = append(t.Claims, *st.cmd.Claim)
				}
				if st.cmd.Verdict != nil {
					t.Verdicts = append(t.Verdicts, *st.cmd.Verdict)
				}
				if st.cmd.Evidence != nil {
					t.Sources = append(t.Sources, *st.cmd.Evidence)
				}
			}
			all = append(all, t)
		}
	}
	return all
}

// Choose is choose for one story with those words, which is required or takes
// any other claim.
func Choose(words string, need bool, rows []review.Row) (int64, error) {
	s := story{words: words, need: anyOther}
	if need {
		s.need = required
	}
	found, err := choose(chapter{"test", "", []story{s}}, rows)
	if err != nil {
		return 0, err
	}
	return found[0], nil
}
