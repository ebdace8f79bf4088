package train

// recipe says how one shipped model is made.
type recipe struct {
	name   string  // file name without .bin
	set    string  // what it learns from
	l2     float64 // penalty of the linear weights, per row
	rounds int     // of the search for the linear weights
	head   bool    // the encoder reads the language
	blend  float64 // how far, in log-odds, the picks of fact-checkers count
	goal   string  // the metric that the threshold is best for; see metricAt
	yes    float64 // the threshold, where too little is held back to choose it; else 0
}

// recipes are the shipped models; worth.Shipped names the same.
var recipes = []recipe{
	{name: "worthy.en", set: "claimbuster", l2: 1.5e-5, rounds: 60, head: true, blend: .1, goal: "f1"},
	{name: "worthy.es", set: "ct24_es", l2: 1e-4, rounds: 40, goal: "f1"},
	{name: "worthy.nl", set: "ct24_nl", l2: 1e-4, rounds: 40, goal: "f1"},
	{name: "worthy.ar", set: "ct24_ar", l2: 1e-4, rounds: 40, goal: "f1"},
	{name: "verifiable.en", set: "policlaim", l2: 1e-4, rounds: 40, head: true, goal: "both", yes: .42},
	{name: "subjective.en", set: "subj_en", l2: 1e-4, rounds: 40, head: true, goal: "macro"},
	{name: "subjective.de", set: "subj_de", l2: 1e-4, rounds: 40, goal: "macro"},
	{name: "subjective.it", set: "subj_it", l2: 1e-4, rounds: 40, goal: "macro"},
	{name: "subjective.ar", set: "subj_ar", l2: 1e-4, rounds: 40, goal: "macro"},
	{name: "subjective.bg", set: "subj_bg", l2: 1e-4, rounds: 40, goal: "macro"},
}

// pickSets say which sentences of a debate a fact-checker took.
var pickSets = []string{"ct19_en", "claimrank", "politifact_debates"}

// The l2 of the model of picks, and the rounds of the search for it.
const pickPenalty, pickRounds = 1e-5, 30

// encoderRecipe tunes the encoder. Two rounds and a small rate: it knows more
// of English than the sets do.
var encoderRecipe = tuneRecipe{epochs: 2, rate: 2e-4, headRate: 2e-3, decay: .01, drop: .1, seed: 1}
