package ui

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"
)

// funcs is what templates can call.
var funcs = template.FuncMap{
	"static": func(name string) string { return Base() + "/" + name },
	"iso":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"exact":  exact,
	"date":   func(t time.Time) string { return t.UTC().Format("2 January 2006") },
	"ago":    func(now, t time.Time) string { return Moment{At: t, Now: now}.Ago() },
	"host":   host,
	"short":  func(hash string) string { return hash[:min(12, len(hash))] },
	"plural": Plural,
	"join":   strings.Join,
	"add":    func(a, b int) int { return a + b },
	"below":  strings.HasPrefix,
	"lower":  strings.ToLower,
	"dict":   dict,
}

// dict is the data of a part that needs more than one thing: names and values
// in turn.
func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is not a name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %v has no value", pairs[len(pairs)-1])
	}
	return m, nil
}

// Moment is a time as a page shows it: relative to Now, the exact one on hover.
type Moment struct{ At, Now time.Time }

// IsZero reports whether there is no time to show.
func (m Moment) IsZero() bool { return m.At.IsZero() }

// ISO is the time for machines.
func (m Moment) ISO() string { return m.At.UTC().Format(time.RFC3339) }

// Exact is the time to the minute, in UTC.
func (m Moment) Exact() string { return exact(m.At) }

// Ago is the time relative to Now: "just now", "5 min ago", "3 h ago",
// "yesterday", "4 days ago", and the date when it is longer ago or to come.
func (m Moment) Ago() string {
	d := m.Now.Sub(m.At)
	switch {
	case d < -time.Minute:
		return m.At.UTC().Format("2 Jan 2006")
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	case d < 48*time.Hour:
		return "yesterday"
	case d < 14*24*time.Hour:
		return fmt.Sprintf("%d days ago", int(d.Hours())/24)
	}
	return m.At.UTC().Format("2 Jan 2006")
}

func exact(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

// host is the site of an address without "www.", or "".
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// Plural is "1 claim", "2 claims".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
