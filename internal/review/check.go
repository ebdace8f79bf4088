package review

import (
	"fmt"
	"slices"
)

// CheckMoves is an error unless the table is sound: every state in it is
// known, can be reached from triage, and can be left unless it is terminal;
// every row has an action, somebody who may do it and an effect, and no two
// rows give one role two ways for the same action from the same state. The
// server checks at start.
func CheckMoves(moves []Move, states, terminal []State) error {
	reached, left := map[State]bool{Triage: true}, map[State]bool{}
	taken := map[string]bool{}
	for i, m := range moves {
		if m.Action == "" || len(m.From) == 0 || len(m.By) == 0 || m.Effect == nil {
			return fmt.Errorf("move %d (%s) is incomplete", i, m.Action)
		}
		for _, s := range m.From {
			if !slices.Contains(states, s) || !slices.Contains(states, m.target(s)) {
				return fmt.Errorf("move %s knows a state that is not there: %s to %s", m.Action, s, m.To)
			}
			for _, r := range m.By {
				key := fmt.Sprint(m.Action, s, r)
				if taken[key] {
					return fmt.Errorf("two rows say what %s does to %s for %s", m.Action, s, r)
				}
				taken[key] = true
			}
			left[s] = left[s] || m.To == earlier
			if m.target(s) != s {
				reached[m.target(s)], left[s] = true, true
			}
		}
	}
	for _, s := range states {
		if !reached[s] {
			return fmt.Errorf("nothing leads to %s", s)
		}
	}
	for _, s := range states {
		if !left[s] && !slices.Contains(terminal, s) {
			return fmt.Errorf("nothing leads out of %s", s)
		}
	}
	return nil
}

// CheckWorkflow is CheckMoves for the workflow of this program. No state of it is
// terminal.
func CheckWorkflow() error { return CheckMoves(Moves, States, nil) }
