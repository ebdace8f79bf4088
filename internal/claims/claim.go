package claims

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"factcheck/internal/errs"
)

// Limits on what is kept, in code points unless it says bytes.
const (
	MaxArticleBytes = 5 << 20 // of the text, and of what it was read from
	MaxClaimText    = 500
	MaxShortForm    = 75 // longer is a warning: aggregators cut it
	MaxName         = 200
)

// Article is an immutable text. A changed page is a new Article with the same
// Source and the next Version.
type Article struct {
	ID          int64
	Source      string // canonical address, or "sha256:…" of a pasted text: what stays the same between versions
	Version     int    // 1, 2, …
	URL         string // as given; empty for pasted text
	Title       string
	Publisher   string
	Author      string
	Lang        string    // BCP 47, such as "en"; "und" if unknown
	MediaType   string    // of what was ingested: "text/plain", "text/html", "application/pdf" or the type of a .docx
	SHA256      string    // of Text, lower-case hex
	Text        string    // UTF-8, NFC, LF line ends; paragraphs are divided by a blank line or a line end
	PublishedAt time.Time // zero if unknown
	AddedAt     time.Time
	AddedBy     int64 // person; 0 for the command line
}

// ClaimantKind is what sort of speaker a Claimant is.
type ClaimantKind string

// Kinds of claimant.
const (
	Person       ClaimantKind = "person"
	Organisation ClaimantKind = "organisation"
	Unknown      ClaimantKind = "unknown"
)

// Claimant is who says a claim.
type Claimant struct {
	ID   int64
	Name string
	Kind ClaimantKind
}

// Kind is what sort of statement a claim is, by what would check it.
type Kind string

// Kinds of claim.
const (
	Quantity   Kind = "quantity"   // gives a number
	Happening  Kind = "event"      // something happened, or is set to
	QuoteKind  Kind = "quote"      // somebody said these words
	Causal     Kind = "causal"     // one thing brings about another
	Comparison Kind = "comparison" // first, most, closest, more than
	Law        Kind = "law"        // what a law, ruling or warrant says
	Promise    Kind = "promise"    // the speaker will do it
	Prediction Kind = "prediction" // it will happen
	Position   Kind = "position"   // what somebody stands for
	Other      Kind = "other"
)

// Kinds lists every kind in the order of the documentation.
var Kinds = []Kind{Quantity, Happening, QuoteKind, Causal, Comparison, Law, Promise, Prediction, Position, Other}

// Claim is one checkable statement, whatever its wording.
type Claim struct {
	ID           int64
	Text         string // the statement; at most MaxClaimText
	ShortForm    string // the same for a headline: stands alone, names no rating; may be empty
	Kind         Kind
	Lang         string    // BCP 47
	ClaimantID   int64     // 0: see Unattributed
	Unattributed bool      // somebody decided that nobody in particular says it
	SaidAt       time.Time // when the claimant said it; zero if unknown
	DueAt        time.Time // day from which a promise, a prediction or a scheduled event can be checked; zero if unknown or none
	Fingerprint  string    // see Fingerprint; equal for the same words
	MergedInto   int64     // claim that this one was found to be; 0: none
	CreatedAt    time.Time
}

// AttributionType is how the words are given.
type AttributionType string

// Types of attribution.
const (
	Direct   AttributionType = "direct"   // the speaker's own words in quotation marks
	Mixed    AttributionType = "mixed"    // reported, with some words in quotation marks
	Indirect AttributionType = "indirect" // reported in other words
	NoSource AttributionType = "none"     // the article says it itself
)

// Attribution is who an article says said it. Offsets are bytes; equal offsets
// mean that there is none.
type Attribution struct {
	Type             AttributionType
	Speaker          string // as it stands in the text: "he", "the Kremlin"
	Canonical        string // resolved: "Donald Trump", "the Kremlin"; "" if unknown
	Start, End       int    // of Speaker
	Cue              string // "claimed", "warning that"
	CueStart, CueEnd int
}

// Offsets is a place in a text in bytes, half-open.
type Offsets struct{ Start, End int }

// Candidate is a claim that extraction proposes.
type Candidate struct {
	Span        Span
	Sentence    Offsets // the sentence that holds it
	Score       float64 // check-worthiness, 0 to 1
	Kind        Kind
	Attribution Attribution
	Quotes      []Offsets // quotation inside the span, without the marks
	Reasons     []string  // why it is proposed, in a fact-checker's words
	ShortForm   string    // suggestion, machine-made; may be empty
	Due         time.Time // day (midnight UTC) from which a promise, a prediction or a scheduled event can be checked; zero if unknown
	SaidAt      time.Time // day (midnight UTC) at which the text says that it was said; zero if it says none
}

// Appearance is a Claim at a Span of an Article.
type Appearance struct {
	ID          int64
	ClaimID     int64
	ArticleID   int64
	Span        Span
	Sentence    Offsets
	Attribution Attribution
	Score       float64 // of the detector, 0 to 1; 0 if a person added it
	Reasons     []string
	AddedAt     time.Time
	AddedBy     int64  // person who added it by hand; 0 for extraction
	Engine      string // version of the program and its models that found it; empty if a person did
}

// Fingerprint is the normal form under which the same words are the same
// claim: NFKC, lower case, words of letters and digits divided by one space,
// apostrophes dropped, points and commas kept inside numbers. Numbers and
// negations stay, so different claims do not meet.
func Fingerprint(text string) string {
	var b strings.Builder
	runes := []rune(norm.NFKC.String(text))
	gap := false
	for i, r := range runes {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), insideNumber(runes, i):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		case strings.ContainsRune("'’\u00ad\u200b\u200c\u200d\u2060\ufeff", r): // don't = dont; marks nobody sees
		default:
			gap = true
		}
	}
	return b.String()
}

func insideNumber(runes []rune, i int) bool {
	return (runes[i] == '.' || runes[i] == ',') && i > 0 && i+1 < len(runes) &&
		unicode.IsDigit(runes[i-1]) && unicode.IsDigit(runes[i+1])
}

// CheckText is Invalid unless text can be the words of a claim.
func CheckText(text string) error {
	const op = "claims.CheckText"
	switch n := utf8.RuneCountInString(strings.TrimSpace(text)); {
	case n == 0:
		return errs.New(op, errs.Invalid, "Write the claim in words: what is said that can be checked?")
	case n > MaxClaimText:
		return errs.Newf(op, errs.Invalid, "The claim is %d characters long; at most %d fit. Keep the one statement that is checked.", n, MaxClaimText)
	case !utf8.ValidString(text):
		return errs.New(op, errs.Invalid, "The claim holds bytes that are not text. Paste it again.")
	}
	return nil
}
