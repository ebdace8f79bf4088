package review

// Policy is what a desk has decided about its own work.
type Policy struct {
	ID            int64  `json:"-"`
	Quorum        int    `json:"quorum"`         // approvals needed
	VerdictQuorum int    `json:"verdict_quorum"` // approvals needed to change a published rating
	Sources       int    `json:"sources"`        // independent sources needed, unless one is enough for a written reason
	Scale         string `json:"scale"`          // key of the rating scale in force
}

// DefaultPolicy is in force until the desk decides otherwise.
var DefaultPolicy = Policy{Quorum: 1, VerdictQuorum: 2, Sources: 2, Scale: "five-point"}
