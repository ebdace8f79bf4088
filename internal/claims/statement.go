package claims

// Statement is a part of a sentence that says something, as extraction hands
// it to a judge.
type Statement struct {
	Sentence string     // the whole sentence
	At       Offsets    // the statement in Sentence, with the words before it that attribute it
	Evidence []Evidence // what may speak for a check
	ByAsker  bool       // said in a conversation by somebody who mostly asks
}

// MostlyAsks reports whether somebody who said so many sentences in one
// conversation, so many of them questions, is there to ask: a moderator or an
// interviewer. Candidates in debates ask up to one time in ten; whoever said
// little is taken for one who states things until several questions say otherwise.
func MostlyAsks(questions, sentences int) bool { return 10*(questions+1) > sentences+20 }

// Evidence is a place in a statement's sentence that a reason may rest on.
type Evidence struct {
	Reason string  // in a fact-checker's words
	At     Offsets // in the sentence
}

// Judgement is what a judge says of a statement.
type Judgement struct {
	Score   float64  // calibrated probability that it deserves a check, 0 to 1
	Own     float64  // the same of its own words alone
	Reasons []string // whose evidence raised Score, the most telling first
	Kept    bool     // false: not among the best, and nothing more is known
}

// Judge judges the statements of one text in lang, a BCP 47 tag ("": nothing is
// known of it, "und": it is not English), and keeps the best keep of them. It answers for every statement, in
// order. It must be pure.
type Judge func(all []Statement, lang string, keep int) []Judgement
