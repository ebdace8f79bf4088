package review

import "slices"

// Role is what a person may do. A person may hold several.
type Role string

// The roles.
const (
	Viewer    Role = "viewer"    // reads the desk
	Checker   Role = "checker"   // fact-checker: researches, proposes verdicts
	Editor    Role = "editor"    // triages, assigns, returns, approves, publishes, corrects
	Standards Role = "standards" // standards editor
	Admin     Role = "admin"     // people and settings; no editorial power by this role alone
)

// Roles lists every role, least power over a verdict first.
var Roles = []Role{Viewer, Checker, Editor, Standards, Admin}

// Person is somebody on the desk. The zero Person is nobody.
type Person struct {
	ID     int64
	Name   string
	Roles  []Role
	Active bool // false: the account is closed; the name stays on what was done
}

// Is reports whether p is active and holds one of the roles.
func (p Person) Is(roles ...Role) bool {
	return p.Active && slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(p.Roles, r) })
}
