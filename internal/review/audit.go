package review

import "time"

// AuditFilter chooses events. Zero fields do not restrict.
type AuditFilter struct {
	Actor     int64
	Action    Action
	Subject   Subject
	SubjectID int64
	From, To  time.Time // half-open: To is not in it
	Before    int64     // number of the last event of the page before; 0: the newest
	Limit     int       // 1 to MaxRows; 50 by default
}
