package library

import (
	"fmt"
	"strconv"
	"strings"

	"factcheck/internal/claims"
)

// Bucket is what sort of verdict a rating is, so that verdicts in other words
// and other languages can be counted together. The rating itself stays as it
// was written.
type Bucket string

// The buckets.
const (
	True         Bucket = "true"
	MostlyTrue   Bucket = "mostly_true"
	Mixed        Bucket = "mixed"
	MostlyFalse  Bucket = "mostly_false"
	False        Bucket = "false"
	Unverifiable Bucket = "unverifiable" // nobody could find out, or nothing supports it
	Other        Bucket = "other"        // a verdict that is not about truth, or in words we do not know
	None         Bucket = "none"         // no verdict
)

// Buckets lists every bucket, truest first.
var Buckets = []Bucket{True, MostlyTrue, Mixed, MostlyFalse, False, Unverifiable, Other, None}

// labels are the words of ratings by bucket, as claims.Fingerprint leaves them,
// divided by commas. The names are those that fact-checkers publish under; see
// docs/formats/import.md for whose they are.
var labels = map[Bucket]string{
	True: `true, correct, accurate, right, that s correct, thats correct, thats right, yes, confirmed, verified, fact, legit, real, genuine, geppetto checkmark,
		not a rumor, not rumor, correct attribution, accurate attribution, completely true, entirely true, absolutely true, factual, proven, proved, it is true, its true,
		wahr, richtig, stimmt, korrekt, zutreffend, belegt, vrai, exact, cest vrai, avéré, verdadero, verdad, cierto, es cierto, verdadeiro, verdade, fato, vero, corretto,
		waar, juist, klopt, sant, sandt, rätt, riktig, korrekt, doğru, prawda, правда, верно, صحيح, حقيقي, benar, fakta, सच, सही, सत्य, 正確, 真実, 사실`,
	MostlyTrue: `mostly true, mostly correct, mostly accurate, partly true but mostly right, largely true, largely correct, largely accurate, nearly true, almost true, close to the mark,
		not far off, about right, broadly correct, broadly accurate, roughly right, roughly correct, true but, correct but, accurate but, one pinocchio, 1 pinocchio, generally true,
		generally correct, substantially true, partly true mostly right, partially correct mostly, mainly true, mainly correct,
		größtenteils richtig, größtenteils wahr, weitgehend richtig, überwiegend richtig, überwiegend wahr, eher wahr, plutôt vrai, presque vrai, en grande partie vrai,
		mayormente cierto, mayormente verdadero, verdadero pero, verdadeiro mas, quase verdade, verdadeiro com ressalvas, prevalentemente vero, quasi vero, c è quasi, grotendeels waar, mestadels sant, mestendels sandt, çoğunlukla doğru`,
	Mixed: `half true, half truth, half right, half false, mixture, mixed, partly true, partially true, partially correct, partly correct, partly accurate, partially accurate, mixto, mixed evidence, it depends, complicated,
		its complicated, it s complicated, two pinocchios, 2 pinocchios, arguable, disputed, contested, in dispute, missing context, lacks context, needs context, needs more context, no context, somewhat true, true and false,
		both true and false, true or false, inconclusive and mixed, debatable, in between, a bit of both, selective, cherry picking, cherry picks, spins the facts, true but misses context,
		halb wahr, halbwahr, teilweise richtig, teilweise wahr, teils richtig, teils teils, gemischt, fehlender kontext, kontext fehlt, es fehlt kontext, mi vrai, à moitié vrai, partiellement vrai, plutôt vrai mais, nuancé, à nuancer, mélangé, c est plus compliqué, cest plus compliqué, plus compliqué,
		manque de contexte, sans contexte, contexte manquant, media verdad, verdad a medias, parcialmente cierto, parcialmente verdadero, parcialmente correcto, falta contexto, sin contexto, meia verdade, parcialmente verdadeiro, parcialmente correto, sem contexto, fora de contexto parcial, mezza verità, parzialmente vero, ni,
		deels waar, gedeeltelijk waar, halvsant, delvis sant, delvist sandt, delvis riktig, kısmen doğru, karma, sebagian benar, częściowo prawda, półprawda, полуправда, частично правда, صحيح جزئيا, आधा सच, आंशिक सच`,
	MostlyFalse: `mostly false, mostly incorrect, mostly inaccurate, mostly untrue, barely true, mostly wrong, largely false, largely inaccurate, largely incorrect, partly false, partially false, somewhat false, misleading, mislead, misleads, misleading claim, misrepresented, misrepresents, misinterpreted,
		exaggerated, exaggerates, exaggeration, overstated, overstates, distorts the facts, distorted, distortion, three pinocchios, 3 pinocchios, deceptive, not quite, not quite right, unlikely, flawed reasoning, flawed, twisted, false but, not exactly, not really, not entirely, not entirely true, not entirely accurate,
		größtenteils falsch, größtenteils unwahr, weitgehend falsch, überwiegend falsch, eher falsch, irreführend, teilweise falsch, teils falsch, übertrieben, trompeur, plutôt faux, en grande partie faux, partiellement faux, exagéré, engañoso, mayormente falso, parcialmente falso, exagerado, enganoso, distorcido, majoritariamente falso,
		fuorviante, ingannevole, prevalentemente falso, parzialmente falso, misleidend, grotendeels onwaar, gedeeltelijk onwaar, vilseledande, mestadels falskt, villedende, misvisende, yanıltıcı, kısmen yanlış, çoğunlukla yanlış, menyesatkan, sebagian salah, wprowadza w błąd, manipulacja, вводит в заблуждение, манипуляция, مضلل, भ्रामक, 誤導, 誤解を招く`,
	False: `false, incorrect, wrong, inaccurate, untrue, not true, fake, hoax, lie, pants on fire, pantsonfire, four pinocchios, 4 pinocchios, bottomless pinocchio, not correct, not accurate, thats wrong, thats not true, this is false, this is not true, its false, no, nope, totally false, totally wrong, completely false, completely wrong, entirely false,
		blatantly false, absolutely false, utterly false, fabricated, fabrication, made up, invented, altered, altered photo, altered image, altered video, altered media, doctored, doctored image, doctored photo, doctored video, manipulated, manipulated image, manipulated photo, manipulated video, photoshopped, edited, digitally altered, deepfake, ai generated, generated by ai,
		false context, false connection, false content, false headline, out of context, wrong context, misattributed, misattribution, falsely attributed, fake quote, fake news, false claim, debunked, refuted, rumor, rumour, myth, conspiracy theory, conspiracy, unsustainable, impostor content, imposter content, fabricated content, manipulated content, scam, fraud, not real, does not exist, four pinnochios, not the case, pure fiction, fiction,
		falsch, frei erfunden, erfunden, unwahr, völlig falsch, komplett falsch, stimmt nicht, gefälscht, fälschung, aus dem kontext gerissen, falscher kontext, manipuliert, faux, c est faux, cest faux, totalement faux, infondé et faux, intox, inventé, hors contexte, sorti de son contexte, détourné, montage, falso, es falso, falsa, bulo, es un bulo, montaje, fuera de contexto, sacado de contexto, mentira, farsa, errado, incorreto, fora de contexto, montagem, inventado, inventada,
		bufala, una bufala, errato, fuori contesto, manipolato, onwaar, onjuist, vals, nep, falskt, falsk, fel, usant, feil, forkert, yanlış, sahte, salah, palsu, hoaks, fałsz, nieprawda, ложь, фейк, неправда, خطأ, كاذب, زائف, مزيف, झूठ, गलत, फर्जी, फ़र्ज़ी, असत्य, 錯誤, 誤り, 虚偽, 거짓`,
	Unverifiable: `unproven, unverified, unverifiable, unsupported, unsubstantiated, unfounded, baseless, no evidence, no evidence for this, no proof, not proven, not verifiable, not verified, cannot be verified, can t be verified, cant be verified, could not be verified, couldnt be verified, inconclusive, insufficient evidence, lacks evidence, lack of evidence, not enough evidence, there is no evidence, unclear, unknown, undetermined, uncertain, verify, we dont know, too early to say, too soon to tell, not supported,
		unbelegt, nicht belegt, unbewiesen, nicht überprüfbar, nicht verifizierbar, ohne beleg, keine belege, unklar, invérifiable, non vérifié, non vérifiable, non prouvé, sans preuve, pas de preuve, aucune preuve, infondé, no comprobado, sin pruebas, no verificable, inverificable, sin verificar, no hay evidencia, no hay pruebas, no probado, indemostrable, insustentável, não comprovado, sem provas, não há evidências, sem evidências, non verificabile, non dimostrato, senza prove, niet te verifiëren, onbewezen, ongefundeerd, ej bekräftat, ikke dokumentert, doğrulanamadı, kanıtlanamadı, belirsiz, tidak terbukti, niesprawdzalne, недоказано, غير مثبت, अप्रमाणित`,
	Other: `satire, labeled satire, originated as satire, parody, satira, satirisch, satirique, sátira, humor, opinion, opinionated, not a claim, not article, not a fact, not fact, outdated, old, recall, legend, lost legend, miscaptioned, void, retracted, promise kept, promise broken, compromise, in the works, stalled, flip flop, full flop, half flip, no flip, upside down pinocchio, explainer, explained, context, clarification, unreliable source`,
	None:  `not rated, unrated, no rating, none, null, pending, verdict pending, research in progress, in progress, under review, being checked, n a, na, not yet rated`,
}

// byWords finds the bucket of a label.
var byWords = wordTable()

func wordTable() map[string]Bucket {
	table := map[string]Bucket{}
	for bucket, names := range labels {
		for name := range strings.SplitSeq(names, ",") {
			table[claims.Fingerprint(name)] = bucket
		}
	}
	return table
}

// maxLabel is how many words of a rating are looked up.
const maxLabel = 8

// unlessThen are words after which a label at the beginning of a sentence says
// something else: "True? No", "False flag".
var unlessThen = map[string]bool{"flag": true, "or": true, "vs": true, "versus": true, "story": true}

// bucketOf decides what sort of verdict a rating is, and says why. Its words
// win over its numbers: they are what readers were shown.
func bucketOf(rating string, value, best, worst *float64) (Bucket, string) {
	words := strings.Fields(claims.Fingerprint(rating))
	if b, ok := byWords[strings.Join(words, " ")]; ok && len(words) > 0 {
		return b, fmt.Sprintf("its words are “%s”", strings.Join(words, " "))
	}
	for n := min(maxLabel, len(words)); n > 0; n-- {
		label := strings.Join(words[:n], " ")
		if b, ok := byWords[label]; ok && !(n < len(words) && unlessThen[words[n]]) && (n > 1 || len(label) > 3) {
			return b, fmt.Sprintf("it begins with “%s”", label)
		}
	}
	if n := pinocchios(words); n > 0 {
		b := []Bucket{MostlyTrue, Mixed, MostlyFalse, False}[min(n, 4)-1]
		return b, fmt.Sprintf("it gives %d Pinocchios", n)
	}
	if value != nil && best != nil && worst != nil {
		return position((*value - *worst) / (*best - *worst)), fmt.Sprintf("%s on a scale from %s (worst) to %s (best)", digits(value), digits(worst), digits(best))
	}
	if len(words) == 0 {
		return None, "there is no rating"
	}
	return Other, "its words are not in the list"
}

// position divides a scale as the usual one from 1 to 5 is divided.
func position(at float64) Bucket {
	switch {
	case at >= .875:
		return True
	case at >= .625:
		return MostlyTrue
	case at >= .375:
		return Mixed
	case at >= .125:
		return MostlyFalse
	}
	return False
}

// pinocchios counts those in "earns three Pinocchios".
func pinocchios(words []string) int {
	for i, w := range words {
		if !strings.HasPrefix(w, "pinocchio") || i == 0 {
			continue
		}
		if n, err := strconv.Atoi(words[i-1]); err == nil && n > 0 {
			return n
		}
		for n, name := range []string{"", "one", "two", "three", "four"} {
			if n > 0 && words[i-1] == name {
				return n
			}
		}
	}
	return 0
}
