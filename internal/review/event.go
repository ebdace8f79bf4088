package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Subject is what an event happened to.
type Subject string

// The subjects of events.
const (
	OnReview  Subject = "review"
	OnArticle Subject = "article"
	OnPerson  Subject = "person"
	OnSource  Subject = "source" // that is watched
)

// Change is one field before and after.
type Change struct {
	Field string `json:"field"` // as people call it: "summary"
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

// Event is one line of the audit trail. Events are appended in the transaction
// of what they tell, and each holds the hash of the one before.
type Event struct {
	Seq       int64 // 1, 2, … without gaps
	Subject   Subject
	SubjectID int64
	Version   int64 // of the review, after the event; 0 for other subjects
	Action    Action
	From, To  State  // equal for an edit; empty for other subjects
	ActorID   int64  // 0: the program itself
	Note      string // the reason given
	Changes   []Change
	Key       string // of the form that was sent, so that sending it twice counts once; may be empty
	At        time.Time
	PolicyID  int64  // which policy decided; 0: the default one
	Prev      string // hash of the event before, hex; empty for the first
	Hash      string // of all of the above, hex: see Sum
}

// Stray is a review that does not stand where its last event left it: somebody
// changed its row, or its history, behind the program's back.
type Stray struct {
	ReviewID    int64 // 0: there is none
	State       State
	Version     int64
	ToldState   State // by the event; empty if the review has none
	ToldVersion int64
}

// Sum is the SHA-256 over every field but Hash, in a fixed order, as JSON.
func (e Event) Sum() string {
	if e.Changes == nil {
		e.Changes = []Change{} // nil and empty are the same event
	}
	return sum([]any{"factcheck event 1", e.Seq, e.Subject, e.SubjectID, e.Version, e.Action, e.From, e.To,
		e.ActorID, e.Note, e.Changes, e.Key, e.At.UTC().UnixMicro(), e.PolicyID, e.Prev})
}

// sum is the SHA-256 of v as JSON, lower-case hex. v holds only strings,
// numbers, booleans, slices and structs of those, which always marshal.
func sum(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic("review: unhashable value: " + err.Error())
	}
	return hexSum(data)
}

// hexSum is the SHA-256 of data, lower-case hex.
func hexSum(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}
