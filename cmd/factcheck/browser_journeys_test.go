package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"factcheck/internal/review"
)

// secondReaderDisagrees has a verdict read blind by somebody who would rate it
// otherwise: it cannot be approved until an editor has answered in writing.
func secondReaderDisagrees(t *testing.T, r *room) {
	id := r.Claim("the harbour handled 4,210 ships last year")
	r.Researched(id)
	r.Do(id, r.Ana, review.Submit)

	ben := r.sits(t, r.Ben)
	ben.open(workOf(id))
	ben.go200("Give a second reading")
	ben.sees("A second reading.", "hidden")
	ben.seesNot("It is about right.")
	ben.picture("80-blind")
	ben.tick("#form-second_read [name=rating][value=false]")
	ben.fill("#form-second_read [name=note]", "The audit counts a ferry once a day.")
	ben.send("#form-second_read button")
	ben.sees("you gave a second reading", "It is about right.", "and disagrees")
	ben.shot("80-disagreed")

	edith := r.sits(t, r.Edith)
	edith.open("/desk")
	edith.sees("the harbour handled 4,210 ships last year")
	edith.open(workOf(id))
	edith.sees("Ben would rate it False", "Nobody has resolved it yet.", "A second reader would rate it otherwise.")
	if edith.count("#form-approve button:not([disabled])") != 0 {
		edith.fatal("it can be approved while a disagreement is open")
	}
	edith.picture("81-disagreement")
	edith.unfold("Resolve the disagreement")
	edith.fill("#form-resolve_read [name=note]", "The audit is about calls, the claim about arrivals.")
	edith.send("#form-resolve_read button")
	edith.sees("Edith resolved it", "The audit is about calls, the claim about arrivals.")
	edith.send("#form-approve button")
	edith.go200("Publish now")
	edith.sees("readers see edition 1")

	ben.open(workOf(id))
	ben.sees("The audit is about calls, the claim about arrivals.")
}

// correctionChangesVerdict corrects the rating of a published check: two
// editors approve, and readers are told both ratings.
func correctionChangesVerdict(t *testing.T, r *room) {
	id := r.Claim("the ferries carried 12 million people last year")
	live := r.Published(id)

	edith := r.sits(t, r.Edith)
	edith.open(workOf(id))
	edith.unfold("Correct this check")
	edith.do(chromedp.SetValue(chromedp.CSS("#form-correct [name=correction]"), string(review.VerdictChange)))
	edith.fill("#form-correct [name=note]", "We had counted each return as two people.")
	edith.do(chromedp.SetValue(chromedp.CSS("#form-correct [name=assignee]"), fmt.Sprint(r.Ana.ID)))
	edith.send("#form-correct button")
	edith.sees("A correction is being prepared", "readers see edition 1")

	ana := r.sits(t, r.Ana)
	ana.open("/desk")
	ana.sees("the ferries carried 12 million people last year")
	ana.open(workOf(id))
	ana.tick("#form-verdict [name=rating][value=false]")
	ana.fill("#form-verdict [name=summary]", "It was half of that.")
	ana.send("#form-verdict .actions button")
	ana.go200("Send to an editor")
	ana.shot("82-verdict-change-sent")

	omar := r.sits(t, r.Omar)
	omar.open(workOf(id))
	omar.send("#form-approve button")
	omar.sees("with the editors", "Omar approved")
	if omar.count("#form-publish button:not([disabled])") != 0 {
		omar.fatal("one editor is enough to change a published rating")
	}
	omar.picture("83-one-of-two")
	edith.open(workOf(id))
	edith.send("#form-approve button")
	edith.go200("Publish now")
	edith.sees("readers see edition 2")

	reader := r.visits(t)
	reader.open("/checks/" + live.Slug)
	reader.sees("We had counted each return as two people.", "Mostly true", "False", "It was half of that.")
	reader.seesNot("It is about right.")
	reader.picture("84-verdict-changed")
	reader.open("/corrections")
	reader.sees("the ferries carried 12 million people last year", "We had counted each return as two people.")
	reader.open(fmt.Sprintf("/checks/%s/editions/1", live.Slug))
	reader.sees("It is about right.", "Mostly true")
}

// retractionByTwo withdraws a check: nothing changes for readers until a
// standards editor has signed as well.
func retractionByTwo(t *testing.T, r *room) {
	id := r.Claim("the quay cost 46 million crowns")
	live := r.Published(id)
	reader := r.visits(t)

	edith := r.sits(t, r.Edith)
	edith.open(workOf(id))
	edith.unfold("Sign a retraction")
	edith.do(chromedp.SetValue(chromedp.CSS("#form-retract [name=retraction]"), "wrong_verdict"))
	edith.fill("#form-retract [name=note]", "The invoice that we cited was of another quay.")
	edith.shot("85-first-signature")
	edith.send("#form-retract button")
	edith.sees("published", "signed a retraction")
	if edith.count("#form-retract button:not([disabled])") != 0 {
		edith.fatal("one person can sign twice")
	}
	edith.picture("86-half-signed")
	reader.open("/checks/" + live.Slug)
	reader.seesNot("another quay")

	stella := r.sits(t, r.Stella)
	stella.open("/desk")
	stella.sees("the quay cost 46 million crowns")
	stella.open(workOf(id))
	stella.sees("Edith has signed a retraction", "The invoice that we cited was of another quay.")
	stella.unfold("Sign and retract it now")
	stella.send("#form-retract button")
	stella.sees("retracted")
	stella.shot("87-retracted")

	reader.open("/checks/" + live.Slug)
	reader.sees("Retracted", "The invoice that we cited was of another quay.", "Edith", "Stella")
	if n := reader.count(`script[type="application/ld+json"]`); n != 0 {
		reader.fatal("search engines are still given a ClaimReview")
	}
	reader.picture("88-tombstone")
	reader.open("/")
	reader.sees("Retracted", "the quay cost 46 million crowns")
	reader.open("/corrections")
	reader.sees("the quay cost 46 million crowns", "The invoice that we cited was of another quay.")
}

// mergeAndUnmerge makes one review of two and two of one again.
func mergeAndUnmerge(t *testing.T, r *room) {
	one, other := r.Claim("tolls will fall by a tenth before April"), r.Claim("the tolls go down 10 percent by April")

	edith := r.sits(t, r.Edith)
	edith.open(workOf(one))
	edith.do(chromedp.Click(chromedp.CSS(".aside-moves > summary")))
	edith.unfold("Merge into another")
	edith.fill("#form-merge [name=into]", fmt.Sprint(other))
	edith.fill("#form-merge [name=note]", "The same promise in other words.")
	edith.shot("89-merging")
	edith.send("#form-merge button")
	if edith.path() != workOf(other) {
		edith.fatal("a merged review leads to %s", edith.path())
	}
	edith.sees("was merged into this one", "2 places")
	edith.picture("90-merged")
	ana := r.sits(t, r.Ana)
	ana.open(workOf(one)) // the old address
	if ana.path() != workOf(other) {
		ana.fatal("the old address leads to %s", ana.path())
	}

	stella := r.sits(t, r.Stella)
	stella.open(workOf(one))
	stella.go200("Look at it as it was")
	stella.sees("merged")
	stella.unfold("Undo the merge")
	stella.fill("#form-unmerge [name=note]", "One is a promise of the mayor, the other a forecast.")
	stella.send("#form-unmerge button")
	stella.sees("to be triaged", "tolls will fall by a tenth before April", "1 place")
	stella.shot("91-parted")
	ana.open(workOf(one))
	ana.sees("tolls will fall by a tenth before April")
	ana.open(workOf(other))
	ana.sees("the tolls go down 10 percent by April", "1 place")
}
