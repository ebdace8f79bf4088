package match

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestStemsAreThoseOfThePublishedAlgorithm(t *testing.T) {
	for word, want := range map[string]string{
		"caresses": "caress", "ponies": "poni", "cats": "cat", "feed": "feed", "agreed": "agre", "plastered": "plaster",
		"motoring": "motor", "sing": "sing", "conflated": "conflat", "hopping": "hop", "falling": "fall", "filing": "file",
		"happy": "happi", "sky": "sky", "relational": "relat", "vietnamization": "vietnam", "operator": "oper",
		"triplicate": "triplic", "hopeful": "hope", "goodness": "good", "revival": "reviv", "adjustment": "adjust",
		"adoption": "adopt", "effective": "effect", "probate": "probat", "rate": "rate", "controlling": "control", "roll": "roll",
		"is": "is", "straße": "straße",
	} {
		if got := stem(word); got != want {
			t.Errorf("stem(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestTagsAreCutAtTheirSeams(t *testing.T) {
	for tag, want := range map[string][]string{
		"HeroWombats": {"Hero", "Wombats"}, "realDonaldTrump": {"real", "Donald", "Trump"}, "NHSCrisis": {"NHS", "Crisis"},
		"covid19": {"covid", "19"}, "snake_case_": {"snake", "case"}, "plain": {"plain"}, "": nil,
	} {
		if got := seams(tag); !slices.Equal(got, want) {
			t.Errorf("seams(%q) = %q, want %q", tag, got, want)
		}
	}
}

func TestNumbersAreReadWithTheirScale(t *testing.T) {
	for text, want := range map[string]float64{
		"$1.8 billion": 1.8e9, "1,000,000": 1e6, "12%": 12, "5k": 5000, "3 crore": 3e7, "2bn": 2e9, "1,5": 1, "40-million": 4e7,
	} {
		p := parse(text)
		if len(p.numbers) == 0 || p.numbers[0].value != want {
			t.Errorf("numbers of %q: %v, want %v", text, p.numbers, want)
		}
	}
}

func TestARepeatedTextIsReadOnce(t *testing.T) {
	const text = "The bees of Norland have gone away for good. "
	for _, given := range []string{text + text + "None", text + text + text, text + text[:40]} {
		if got := once(given); got != text {
			t.Errorf("once(%q) = %q", given, got)
		}
	}
	const more = "Read this: the bees have been found in a barn."
	if got := once(text + text + text + more); got != text+"\n"+more {
		t.Errorf("once = %q", got)
	}
	const other = "The bees of Norland have gone. The bees of Norland have come back again, and more."
	if got := once(other); got != other {
		t.Errorf("once cut %q to %q", other, got)
	}
}

func TestAFooterIsTakenOff(t *testing.T) {
	p := readPost("Bees are gone! — Bee Watch (@beewatch) March 3, 2024")
	if p.body != "Bees are gone!" || p.author != "Bee Watch @beewatch" || p.date.Format("2006-01-02") != "2024-03-03" {
		t.Errorf("read as %+v", p)
	}
}

func TestBothKernelsGiveTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, dim := range []int{32, 512, 384, 100} {
		q, all := make([]int16, dim), make([]byte, 7*dim)
		for i := range q {
			q[i] = int16(random.IntN(255) - 127)
		}
		for i := range all {
			all[i] = byte(int8(random.IntN(255) - 127))
		}
		var a, b [7]int32
		multiply(a[:], q, all)
		multiplyPlain(b[:], q, all)
		if a != b {
			t.Errorf("%d parts: %v, want %v", dim, a, b)
		}
	}
}

func TestAModelIsReadBack(t *testing.T) {
	m := &Model{Trees: []Tree{{Feature: []int16{2, -1, 5}, Cut: []float32{.5, 0, 1}, Leaf: []float32{1, 2, 3, 4}}}}
	m.Linear[4] = 2
	got, err := ReadModel(m.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, FeatureCount)
	x[2], x[5], x[4] = 1, 3, 10
	if got.Score(x) != 24 {
		t.Errorf("score %v, want 24", got.Score(x))
	}
	b := m.Bytes()
	for n := range b {
		if _, err := ReadModel(b[:n]); err == nil {
			t.Fatalf("a file cut at %d was read", n)
		}
	}
}

func TestEveryFeatureHasAName(t *testing.T) {
	seen := map[string]bool{}
	for i, n := range FeatureNames() {
		if n == "" || seen[n] {
			t.Errorf("feature %d is called %q", i, n)
		}
		seen[n] = true
	}
}

func FuzzParse(f *testing.F) {
	f.Add("The #HeroWombats of @Norland_2 cost $1.8 billion — A (@b) March 3, 2024")
	f.Fuzz(func(t *testing.T, text string) {
		p := readPost(text)
		parse(once(p.body))
		encodable(text, maxAsked)
	})
}

func TestAddressesAreSeenWithoutTheExpression(t *testing.T) {
	for _, text := range []string{
		"", "no address", "a.b", "www", "www.", "see www.a.example now", "WwW.x", "awww.x", "so www .x", "1/2", "http://a", "HTTPS://a.example/b?c d", "t.co/x", "not.co", "pic.twitter.com/abc y", "...", "ww.x", "é www.é",
	} {
		if got, want := withoutAddresses(text), webAddress.ReplaceAllString(text, " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "a — B (@c) May 1, 2024", "a - b", "x (y)", "a — Name (handle)"} {
		if got, want := len(footerOf(text)), len(footer.FindStringSubmatchIndex(text)); got != want {
			t.Errorf("%q: a footer of %d places, want %d", text, got, want)
		}
	}
}
