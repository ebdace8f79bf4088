package review

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Describe writes the workflow as Markdown: docs/workflow.md is its output.
func Describe(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`# Workflow

This page is written by ` + "`factcheck workflow`" + ` from the table that the program decides by
(` + "`internal/review/moves.go`" + `). Change the table, then run ` + "`make docs`" + `.

## States

` + "```mermaid" + `
stateDiagram-v2
    [*] --> triage: found
`)
	for _, m := range Moves {
		for _, s := range m.From {
			if t := m.target(s); t != s && !m.Action.IsEdit() {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", s, t, m.Action)
			}
		}
	}
	b.WriteString("```\n\n| State | Means |\n|---|---|\n")
	for _, s := range States {
		fmt.Fprintf(&b, "| %s | %s |\n", s, StateLabel(s))
	}
	b.WriteString("\n## Moves\n\n")
	describeMoves(&b, func(a Action) bool { return !a.IsEdit() })
	b.WriteString("\n## Edits\n\nAn edit of what was sent to the editors begins a new round: every approval given before is void.\n\n")
	describeMoves(&b, Action.IsEdit)
	b.WriteString("\n## Guards\n\nA move that is refused lists every guard that does not hold, each with a sentence that says what to do.\n\n| Guard | Holds if |\n|---|---|\n")
	var seen []string
	for _, m := range Moves {
		for _, g := range m.Guards {
			if !slices.Contains(seen, g.Name) {
				seen = append(seen, g.Name)
				fmt.Fprintf(&b, "| %s | %s |\n", g.Name, g.Means)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func describeMoves(b *strings.Builder, which func(Action) bool) {
	b.WriteString("| Action | From | To | Who | Guards |\n|---|---|---|---|---|\n")
	for _, m := range Moves {
		if !which(m.Action) {
			continue
		}
		var guards []string
		for _, g := range m.Guards {
			guards = append(guards, g.Name)
		}
		to := string(m.To) // "where it was before" reads well too
		if m.To == stays {
			to = "stays"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", m.Action, join(m.From), to, join(m.By), strings.Join(guards, ", "))
	}
}

func join[T ~string](all []T) string {
	var s []string
	for _, v := range all {
		s = append(s, string(v))
	}
	return strings.Join(s, ", ")
}
