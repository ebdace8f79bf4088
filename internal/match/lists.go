package match

import "strings"

// The word lists of this file were written for this project.

// negations are folded words that deny, in the languages that the desk meets
// most.
var negations = set(`no not never none nobody nothing neither nor without cannot cant dont doesnt didnt wont isnt arent
wasnt werent havent hasnt wouldnt couldnt shouldnt fake nao nunca nem sem nadie nunca jamas ni sin ne pas jamais sans
nicht kein keine nie ohne nie nigdy bez non mai senza tidak bukan tak tiada नहीं न ना ਨਹੀਂ ਨਾ لا ليس لم لن இல்லை ไม่ नाही`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// opposites are English words that turn a claim round when one stands for the
// other. Keys and values are stems; the table goes both ways.
var opposites = pairsOf(`rise/fall increase/decrease up/down more/less more/fewer higher/lower high/low grow/shrink gain/lose
win/lose won/lost for/against support/oppose supports/opposes approve/reject ban/allow legal/illegal true/false open/close
alive/dead born/died arrest/release arrested/released guilty/innocent hire/fire create/destroy created/destroyed safe/dangerous
safe/unsafe best/worst first/last largest/smallest highest/lowest most/least rich/poor buy/sell bought/sold send/receive
add/remove start/stop begin/end before/after accept/refuse confirm/deny confirmed/denied cause/prevent causes/prevents
raise/cut raised/cut double/halve strong/weak male/female men/women man/woman black/white north/south east/west
republican/democrat republicans/democrats liberal/conservative import/export import/exports majority/minority`)

func pairsOf(list string) map[string][]string {
	m := map[string][]string{}
	for p := range strings.FieldsSeq(list) {
		a, b, _ := strings.Cut(p, "/")
		a, b = stem(a), stem(b)
		m[a] = append(m[a], b)
		m[b] = append(m[b], a)
	}
	return m
}

// common are words so frequent in any text that sharing them says nothing.
var common = set(`the a an and or of to in on for with at by from is are was were be been has have had do does did it its
this that these those he she they we you i his her their our your my as but if so than then there here what which who whom
will would can could should may might must about into over after before out up down all any some such only just also very
says said say claim claims claimed video photo image shows show picture viral post posts social media facebook twitter whatsapp
fact check false true fake news de la el en que y los del las un una por con para se no es le les et des est dans pour une sur
o e os as um uma do da em com nao que na no dos das der die das und ist in den von zu mit ein eine i w na z nie sie`)
