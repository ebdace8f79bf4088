package library

import (
	"math"
	"strconv"
	"strings"
)

// object is a decoded JSON object.
type object = map[string]any

// maxDepth is how deep a value is looked into. Nobody nests deeper on purpose.
const maxDepth = 60

// list is a value as a list: itself if it is none, nothing if it is null.
func list(v any) []any {
	switch x := v.(type) {
	case nil:
		return nil
	case []any:
		return x
	}
	return []any{v}
}

// get is the property of an object under one of several names. What a few
// publishers wrap into "properties" is found there, too.
func get(o object, names ...string) any {
	for _, n := range names {
		if v, ok := o[n]; ok && v != nil && v != "" {
			return v
		}
	}
	if inner, ok := o["properties"].(object); ok {
		for _, n := range names {
			if v, ok := inner[n]; ok && v != nil && v != "" {
				return v
			}
		}
	}
	return nil
}

// text is the first text in a value: a string or a number as it is, an object
// by its @value or by one of the properties named.
func text(v any, of ...string) string { return textAt(v, 0, of) }

func textAt(v any, depth int, of []string) string {
	if depth > maxDepth {
		return ""
	}
	switch x := v.(type) {
	case string:
		return strings.TrimSpace(x)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case bool:
		return map[bool]string{true: "True", false: "False"}[x]
	case []any:
		for _, e := range x {
			if s := textAt(e, depth+1, of); s != "" {
				return s
			}
		}
	case object:
		for _, key := range append([]string{"@value"}, of...) {
			if s := textAt(get(x, key), depth+1, of); s != "" {
				return s
			}
		}
	}
	return ""
}

// number reads a number, also from a text and with a decimal comma; nil if it
// is none.
func number(v any) *float64 {
	s := strings.TrimSpace(text(v))
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || math.Abs(f) > 1e9 {
		return nil
	}
	return &f
}

// isA reports whether an object is of a type of schema.org, whatever its
// spelling: a list, a full IRI, with or without the sign @.
func isA(o object, name string) bool {
	for _, key := range []string{"@type", "type"} {
		for _, v := range list(o[key]) {
			s, _ := v.(string)
			if i := strings.LastIndexAny(s, "/#:"); i >= 0 {
				s = s[i+1:]
			}
			if strings.EqualFold(strings.TrimSpace(s), name) {
				return true
			}
		}
	}
	return false
}

// isTyped reports whether an object says what it is.
func isTyped(o object) bool { return text(o["@type"]) != "" || text(o["type"]) != "" }
