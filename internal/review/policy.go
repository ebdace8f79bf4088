package review

import "factcheck/internal/errs"

// Policy is what a desk has decided about its own work.
type Policy struct {
	ID                int64   `json:"-"`                      // which decision this is; 0: DefaultPolicy
	Quorum            int     `json:"quorum"`                 // approvals needed
	VerdictQuorum     int     `json:"verdict_quorum"`         // approvals needed to change a published rating
	HighRiskQuorum    int     `json:"high_risk_quorum"`       // approvals needed for what an editor marked as high risk
	Sources           int     `json:"sources"`                // independent sources needed, unless one is enough for a written reason
	Scale             string  `json:"scale"`                  // key of the rating scale in force
	SecondRead        bool    `json:"second_read"`            // a blind second read is needed before approval
	SeparatePublisher bool    `json:"separate_publisher"`     // whoever approved may not publish
	QuietReview       bool    `json:"quiet_review,omitempty"` // readers are not told while a published check is looked at again
	ReplyHours        int     `json:"reply_hours"`            // that somebody has to reply to our question
	UrgentReplyHours  int     `json:"urgent_reply_hours"`     // the same where a person says why it is urgent
	ComplaintHours    int     `json:"complaint_hours"`        // until a complaint by a reader is due to be decided
	Overriders        []int64 `json:"overriders"`             // standards editors who may break the glass

	// Hours from taking a claim until its verdict is due: see WorkHours.
	UrgentHours int `json:"urgent_hours"`
	HighHours   int `json:"high_hours"`
	NormalHours int `json:"normal_hours"`
	LowHours    int `json:"low_hours"`

	Checklists Checklists `json:"checklists,omitempty"` // what is done before a claim of each kind is published
}

// DefaultPolicy is in force until the desk decides otherwise.
var DefaultPolicy = Policy{Quorum: 1, VerdictQuorum: 2, HighRiskQuorum: 2, Sources: 2, Scale: "five-point", ReplyHours: 24, UrgentReplyHours: 2, ComplaintHours: 48,
	UrgentHours: 4, HighHours: 24, NormalHours: 72, LowHours: 240}

// Check is Invalid unless the policy can be lived by.
func (p Policy) Check() error {
	const op = "review.Policy"
	for _, n := range []int{p.Quorum, p.VerdictQuorum, p.HighRiskQuorum, p.Sources} {
		if n < 1 || n > 9 {
			return errs.New(op, errs.Invalid, "Approvals and sources needed are numbers from 1 to 9.")
		}
	}
	if p.ReplyHoursOf(false) < 1 || p.ReplyHoursOf(false) > 720 || p.ReplyHoursOf(true) < 1 || p.ReplyHoursOf(true) > p.ReplyHoursOf(false) {
		return errs.New(op, errs.Invalid, "Somebody who is asked has from 1 to 720 hours to reply, and not more when it is urgent.")
	}
	if n := p.ComplaintHoursOf(); n < 1 || n > 720 {
		return errs.New(op, errs.Invalid, "The hours until a complaint is due are a number from 1 to 720.")
	}
	for _, at := range Priorities {
		if n := p.WorkHours(at.Priority); n < 1 || n > 8760 {
			return errs.New(op, errs.Invalid, "The hours until a verdict is due are numbers from 1 to 8760, which is a year.")
		}
	}
	return p.Checklists.Check()
}
