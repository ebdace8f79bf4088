package review

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"factcheck/internal/errs"
)

// Rating is one step of a scale.
type Rating struct {
	Code       string `json:"code"`            // stable, lower case: "mostly_false"
	Label      string `json:"label"`           // what readers see: "Mostly false"
	Value      *int   `json:"value,omitempty"` // nil: has no place in the order, such as "Unverifiable"
	Definition string `json:"definition"`      // when it is given, in a sentence
	Colour     string `json:"colour"`          // a token of the style sheet: "rating-1" (false) to "rating-5" (true), "rating-none"
	Retired    bool   `json:"retired,omitempty"`
}

// RatingScale is one version of a set of ratings. A version that was used is
// immutable.
type RatingScale struct {
	ID        int64     `json:"-"`
	Key       string    `json:"key"`     // "five-point"
	Version   int       `json:"version"` // 1, 2, …
	Name      string    `json:"name"`
	Best      int       `json:"best,omitempty"`  // value of the truest rating; 0 if no rating has a value
	Worst     int       `json:"worst,omitempty"` // at least 1 where there are values
	Ratings   []Rating  `json:"ratings"`         // truest first, those without a value last
	CreatedAt time.Time `json:"-"`
}

// Rating is the step with that code.
func (s RatingScale) Rating(code string) (Rating, bool) {
	i := slices.IndexFunc(s.Ratings, func(r Rating) bool { return r.Code == code })
	if i < 0 {
		return Rating{}, false
	}
	return s.Ratings[i], true
}

// ParseScale reads a scale from JSON and checks it: codes are unique and no
// state's name, labels and definitions are there, values run from Worst to Best.
func ParseScale(data []byte) (RatingScale, error) {
	const op = "review.ParseScale"
	var s RatingScale
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return s, errs.Wrap(op, errs.Invalid, err)
	}
	if s.Key == "" || s.Name == "" || s.Version < 1 || len(s.Ratings) < 2 {
		return s, errs.Newf(op, errs.Invalid, "Scale %q needs a key, a name, a version and at least two ratings.", s.Key)
	}
	seen := map[string]bool{}
	for _, r := range s.Ratings {
		if problem := s.problem(r, seen); problem != "" {
			return s, errs.Newf(op, errs.Invalid, "Scale %q, rating %q: %s.", s.Key, r.Code, problem)
		}
		seen[r.Code] = true
	}
	return s, nil
}

func (s RatingScale) problem(r Rating, seen map[string]bool) string {
	switch {
	case r.Code == "" || r.Label == "" || r.Definition == "" || r.Colour == "":
		return "needs a code, a label, a definition and a colour"
	case seen[r.Code]:
		return "stands there twice"
	case slices.Contains(States, State(r.Code)):
		return "has the name of a state"
	case r.Value != nil && (s.Worst < 1 || s.Best <= s.Worst || *r.Value < s.Worst || *r.Value > s.Best):
		return fmt.Sprintf("has the value %d, outside %d to %d", *r.Value, s.Worst, s.Best)
	}
	return ""
}
