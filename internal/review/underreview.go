package review

// Doubt is why a published check is being looked at again, as readers are told
// it: that it is, and never what anybody found or wants to change.
type Doubt string

// The doubts. A retraction that waits for its second signature and a correction
// that changes the verdict are told alike: which of the two it is was not decided.
const (
	DoubtComplaint  Doubt = "complaint"  // somebody looks at it again because a reader complained
	DoubtVerdict    Doubt = "verdict"    // whether the verdict holds is open
	DoubtUnreviewed Doubt = "unreviewed" // nobody has looked back at what was published without a second review
)

// Doubts lists every doubt in the order in which readers are told them, with the
// sentence.
var Doubts = []Menu[Doubt]{
	{DoubtVerdict, "We are looking into whether its verdict still holds."},
	{DoubtComplaint, "A reader told us that something in it is wrong. Somebody who did not work on it is looking into that."},
	{DoubtUnreviewed, "It was published without a second review. Somebody else is to look back at it."},
}
