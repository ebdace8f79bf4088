package pipeline_test

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/pipeline"
	"factcheck/internal/train"
)

func find(text string) []claims.Candidate {
	return pipeline.Find(claims.Article{Text: text, Lang: "en"})
}

// TestReasonsGoWithTheirWords takes the words behind a reason out of a
// statement: the reason goes, and the score falls, for it had raised it.
func TestReasonsGoWithTheirWords(t *testing.T) {
	tests := []struct{ with, without, reason string }{
		{"The city has built 4,300 homes since the spring, and rents have fallen in Harbour Street.", "The city has built homes since the spring, and rents have fallen in Harbour Street.", "gives a number"},
		{"The county cut $500 million from the health budget in its first term.", "The county cut something from the health budget in its first term.", "names a sum of money"},
		{"Mayor Ann Brook has repeatedly claimed she alone can end the strike in a day.", "The mayor alone can end the strike in a day.", "attributed to a named person"},
		{"Exports to Norway rose by 12% in the last year.", "Exports to Norway rose in the last year.", "gives a share or a percentage"},
		{"The senator has never voted for a rise of the minimum wage.", "The senator has voted for a rise of the minimum wage.", "says that something is absent"},
		{"The White House confirmed the president would be accompanied by officials in Oslo.", "The president would be accompanied by officials in Oslo.", "attributed to an organisation"},
	}
	for _, tt := range tests {
		with, without := find(tt.with), find(tt.without)
		if len(with) == 0 || !slices.Contains(with[0].Reasons, tt.reason) {
			t.Errorf("%q: %+v lacks the reason %q", tt.with, with, tt.reason)
			continue
		}
		if len(without) == 0 {
			continue // without the words nothing is left to check: there is no reason either
		}
		if slices.Contains(without[0].Reasons, tt.reason) {
			t.Errorf("%q still gives the reason %q", tt.without, tt.reason)
		}
		if without[0].Score > with[0].Score {
			t.Errorf("%q scores %.3f, without the words of %q %.3f", tt.with, with[0].Score, tt.reason, without[0].Score)
		}
	}
}

// Sentences written by us that a desk would check, and some that it would not.
var worthIt = []string{
	"Unemployment in the county fell from 9 percent to 4 percent in three years.",
	"The council spent 40 million pounds on a bridge that has never opened.",
	"Violent crime has doubled since she became mayor.",
	"The ministry approved 1,200 permits for wells in 2023, more than in any other year.",
	"He voted against the minimum wage eleven times.",
	"Every third household in the region cannot pay its heating bill, the charity said.",
	"The vaccine was given to two million children last year.",
	"Taxes on small firms rose by 14 percent under the last government.",
	"We cut the deficit by more than half in five years.",
	"The bank lost $3 billion in 2019 and paid no tax.",
	"No country in Europe has a higher rate of road deaths, the minister said.",
	"The law allows the police to hold suspects for 28 days without charge.",
}

var notWorthIt = []string{
	"Thank you all so much for coming tonight.",
	"I believe in hope, and I believe in the people of this city.",
	"It was a beautiful evening, and the band played on.",
	"We have to do better, and we will do better together.",
	"Let me finish my answer, please.",
	"She smiled, waved and climbed into a waiting car.",
	"What a night this has been for all of us.",
	"I would like to hear what you think about that.",
	"The old hall smelled of wax and wet coats.",
	"Nobody should have to choose between friends.",
	"I am proud to stand here with you.",
	"Perhaps that is how we will remember him.",
}

// TestScoresKeepTheirWord holds the scores of our own sentences to what they
// say, as far as so few can: the mean is near the share that deserves a check,
// and those which do stand apart from those which do not.
func TestScoresKeepTheirWord(t *testing.T) {
	sum, brier := 0.0, 0.0
	score := func(s string) float64 {
		if found := find(s); len(found) > 0 {
			return found[0].Score
		}
		return 0
	}
	for _, s := range worthIt {
		p := score(s)
		sum, brier = sum+p, brier+(1-p)*(1-p)
		if p < .5 {
			t.Errorf("%.2f for %q", p, s)
		}
	}
	for _, s := range notWorthIt {
		p := score(s)
		sum, brier = sum+p, brier+p*p
		if p >= .5 {
			t.Errorf("%.2f for %q", p, s)
		}
	}
	n := float64(len(worthIt) + len(notWorthIt))
	if share := float64(len(worthIt)) / n; math.Abs(sum/n-share) > .1 || brier/n > .08 {
		t.Errorf("mean score %.3f where %.3f deserve a check, mean square error %.3f", sum/n, share, brier/n)
	}
}

// TestHeldBackScoresAreCalibrated reads the sentences that the English encoder
// never saw, in the folder of sets that FACTCHECK_DETECT_SETS names, each as an
// article of its own: of the claims with score s, a share of s was marked as
// worth a check, within .05 on average.
func TestHeldBackScoresAreCalibrated(t *testing.T) {
	sets := os.Getenv("FACTCHECK_DETECT_SETS")
	if sets == "" {
		t.Skip("FACTCHECK_DETECT_SETS names no folder")
	}
	rows, err := train.HeldBack(sets, "worthy.en")
	if err != nil || len(rows) < 1000 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	var sum, marked [10]float64
	n, positives, found := 0.0, 0, 0
	for _, r := range rows {
		if r.Label {
			positives++
		}
		c := find(r.Text)
		if len(c) == 0 {
			continue
		}
		bin := min(9, int(c[0].Score*10))
		sum[bin] += c[0].Score
		n++
		if r.Label {
			marked[bin]++
			found++
		}
	}
	ece := 0.0
	for i := range sum {
		ece += math.Abs(sum[i]-marked[i]) / n
	}
	t.Logf("%d sentences, %.0f with a claim; expected calibration error %.3f; %d of %d marked ones found", len(rows), n, ece, found, positives)
	if ece > .05 {
		t.Errorf("expected calibration error %.3f, want at most .05", ece)
	}
	if found*10 < positives*6 {
		t.Errorf("%d of %d marked sentences have a claim, want 60 %%", found, positives)
	}
}

func TestBestFirstPutsClaimsBeforeTalk(t *testing.T) {
	text := strings.Join(notWorthIt, " ") + " " + strings.Join(worthIt[:4], " ")
	found := find(text)
	if len(found) < 4 {
		t.Fatalf("%d found", len(found))
	}
	for _, c := range found[:4] {
		if strings.Index(text, worthIt[0]) > c.Span.Start {
			t.Errorf("%q is among the best", c.Span.Quote)
		}
	}
}

// TestWhoAsksScoresLess finds one sentence twice in a conversation: the one who
// mostly asks has less to answer for.
func TestWhoAsksScoresLess(t *testing.T) {
	const claim = "The council spent 40 million pounds on a bridge that has never opened."
	text := "The candidates met in Dunmore on Tuesday.\n" +
		"HOST: Why was the bridge built? Who asked for it? What did it cost?\nLUND: " + claim + "\n" +
		"HOST: " + claim + " Is that right? Who pays?\nLUND: The people of this city pay for it.\n" +
		"HOST: Will you open it? When?\nLUND: I will.\n"
	score := map[string]float64{}
	for _, c := range find(text) {
		if c.Span.Quote == strings.TrimSuffix(claim, ".") {
			score[c.Attribution.Speaker] = c.Score
		}
	}
	if score["LUND"] < .7 || score["HOST"] > score["LUND"]-.1 {
		t.Errorf("the claim scores %.2f by who answers and %.2f by who asks", score["LUND"], score["HOST"])
	}
}
