package extract_test

import (
	"testing"

	"factcheck/internal/claims"
)

func TestAttribution(t *testing.T) {
	const intro = "President Ada Varga and Prime Minister Jon Reyes met in Oslo on Monday. "
	tests := []struct {
		name, text, words string // words of the claim
		kind              claims.AttributionType
		speaker, who      string // as it stands, resolved
	}{
		{"verb before", "Ada Varga said that 40 schools were closed.", "40 schools", claims.Indirect, "Ada Varga", "Ada Varga"},
		{"no that", "Ada Varga claimed 40 schools were closed.", "40 schools", claims.Indirect, "Ada Varga", "Ada Varga"},
		{"verb behind", "About 40 schools were closed, Ada Varga said on Monday.", "40 schools", claims.Indirect, "Ada Varga", "Ada Varga"},
		{"inverted", "“About 40 schools were closed,” said Ada Varga, who leads the union.", "40 schools", claims.Direct, "Ada Varga", "Ada Varga"},
		{"in apposition behind", "“About 40 schools were closed,” said the mayor, Ada Varga.", "40 schools", claims.Direct, "Ada Varga", "Ada Varga"},
		{"in apposition before", "The mayor, Ada Varga, said 40 schools were closed.", "40 schools", claims.Indirect, "Ada Varga", "Ada Varga"},
		{"described", "Ada Varga, the mayor of Oslo, said 40 schools were closed.", "40 schools", claims.Indirect, "Ada Varga", "Ada Varga"},
		{"titles", "White House Press Secretary Ada Varga said 40 schools were closed.", "40 schools", claims.Indirect, "White House Press Secretary Ada Varga", "Ada Varga"},
		{"last name", intro + "Reyes said 40 schools were closed.", "40 schools", claims.Indirect, "Reyes", "Jon Reyes"},
		{"last name before the full name", "Mr Reyes said 40 schools were closed. Jon Reyes is a minister.", "40 schools", claims.Indirect, "Mr Reyes", "Jon Reyes"},
		{"by office", intro + "The president said 40 schools were closed.", "40 schools", claims.Indirect, "The president", "Ada Varga"},
		{"pronoun", "Jon Reyes met the press. He said 40 schools were closed.", "40 schools", claims.Indirect, "He", "Jon Reyes"},
		{"pronoun by gender", "Mary Varga met John Reyes. She said 40 schools were closed.", "40 schools", claims.Indirect, "She", "Mary Varga"},
		{"pronoun for somebody without a name", "“No,” a police spokesman said. He said 40 schools were closed.", "40 schools", claims.Indirect, "He", "a police spokesman"},
		{"pronoun for an organisation", "The ministry said no. It added that 40 schools were closed.", "40 schools", claims.Indirect, "It", "the ministry"},
		{"plural pronoun", "Residents said no. They insisted that 40 schools were closed.", "40 schools", claims.Indirect, "They", "residents"},
		{"organisation with an article", "The Kremlin insists that 40 schools were closed.", "40 schools", claims.Indirect, "The Kremlin", "the Kremlin"},
		{"group", "Allies in Europe and NATO have urged caution, warning that 40 schools were closed.", "40 schools", claims.Indirect, "Allies in Europe and NATO", "allies in Europe and NATO"},
		{"participle", "The ministry confirmed the plan, stating 40 schools would be closed.", "40 schools", claims.Indirect, "The ministry", "the ministry"},
		{"according, in front", "According to the ministry, 40 schools were closed.", "40 schools", claims.Indirect, "the ministry", "the ministry"},
		{"according, behind", "About 40 schools were closed, according to Ada Varga.", "40 schools", claims.Indirect, "Ada Varga", "Ada Varga"},
		{"fronted phrase", "In a joint statement European leaders warned that 40 schools were closed.", "40 schools", claims.Indirect, "European leaders", "European leaders"},
		{"colon", "Police: 40 schools were closed on Monday.", "40 schools", claims.Indirect, "Police", "police"},
		{"mixed", "Ada Varga said 40 schools were “closed for good” in May.", "40 schools", claims.Mixed, "Ada Varga", "Ada Varga"},
		{"split", "“About 40 schools,” Ada Varga said, “were closed in May.”", "40 schools", claims.Direct, "Ada Varga", "Ada Varga"},
		{"second sentence of a quotation", "“It is over,” Ada Varga said. “About 40 schools were closed in May.”", "40 schools", claims.Direct, "Ada Varga", "Ada Varga"},
		{"running quotation", "“It is over.\n“About 40 schools were closed in May,” Ada Varga said.\n", "40 schools", claims.Direct, "Ada Varga", "Ada Varga"},
		{"first paragraph of a running quotation", "“About 40 schools were closed in May.\n“It is over,” Ada Varga said.\n", "40 schools", claims.Direct, "Ada Varga", "Ada Varga"},
		{"paragraph behind a colon", "Ada Varga told reporters:\n“About 40 schools were closed in May.”\n", "40 schools", claims.Direct, "Ada Varga", "Ada Varga"},
		{"frame inside", "Without new taxes, Ada Varga warned, 40 schools will be closed.", "40 schools", claims.Indirect, "Ada Varga", "Ada Varga"},
		{"nobody", "About 40 schools were closed in May.", "40 schools", claims.NoSource, "", ""},
		{"passive names nobody", "Ada Varga was told that 40 schools were closed.", "40 schools", claims.NoSource, "", ""},
		{"the article goes on", "Ada Varga claimed the tax was gone, though 40 schools still pay it.", "40 schools", claims.NoSource, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, ok := holding(find(tt.text), tt.words)
			if !ok {
				t.Fatalf("nothing found holds %q", tt.words)
			}
			a := c.Attribution
			if a.Type != tt.kind || a.Speaker != tt.speaker || a.Canonical != tt.who {
				t.Errorf("%q is %s by %q (%q), want %s by %q (%q)", c.Span.Quote, a.Type, a.Speaker, a.Canonical, tt.kind, tt.speaker, tt.who)
			}
		})
	}
}
