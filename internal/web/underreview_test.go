package web_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"factcheck/internal/review"
	"factcheck/internal/store/storetest"
)

// secret stands in everything that the desk writes about a check again, and must
// not reach a reader.
const secret = "Nobody outside may know"

// TestReadersAreToldThatACheckIsUnderReview takes a published check through every
// way of being looked at again: its page says so, and nothing of what is written.
func TestReadersAreToldThatACheckIsUnderReview(t *testing.T) {
	onBoth(t, func(t *testing.T, r *staffRoom) {
		id, complaint := r.complained(secret)
		slug := r.Dossier(id).Live.Slug
		page := "/checks/" + slug
		banner := func(when string, want ...string) {
			t.Helper()
			body := r.read(review.Person{}, page)
			for _, path := range []string{page, "/", "/corrections", "/feeds/checks.xml", "/feeds/checks.json", "/sitemap.xml", page + "/claimreview.json"} {
				refuses(t, r.read(review.Person{}, path), secret, "Edith has", "signature")
			}
			if len(want) == 0 {
				refuses(t, body, "Under review")
				return
			}
			t.Log(when)
			wants(t, body, append(want, "Under review.", "this edition stands", "Mostly true")...)
		}
		banner("a complaint that nobody has taken")
		r.post(r.Ben, complaintPath(complaint)+"/take", nil)
		banner("it is in its second look", "A reader told us")
		r.post(r.Ben, complaintPath(complaint)+"/finding", url.Values{"note": {secret}})
		banner("it waits to be decided", "A reader told us")
		r.post(r.Stella, complaintPath(complaint)+"/decide", url.Values{"outcome": {"upheld"}, "note": {secret}})
		banner("it was decided")

		r.Do(id, r.Edith, review.Correct, func(c *review.Command) {
			c.Correction, c.Note, c.AssigneeID = review.VerdictChange, secret, r.Ana.ID
		})
		r.Verdict(id, r.Ana, "false", secret)
		banner("a correction of the verdict", "whether its verdict still holds")
		r.Do(id, r.Ana, review.Submit)
		r.Do(id, r.Edith, review.SetEmbargo, func(c *review.Command) { c.At = r.Now().Add(time.Hour) })
		banner("one under embargo")
		r.Do(id, r.Edith, review.SetEmbargo, func(c *review.Command) { c.At = time.Time{} })
		r.Do(id, r.Edith, review.PutOnHold, func(c *review.Command) { c.Hold, c.Note = review.HoldReasons[0].Code, secret })
		banner("one that is on hold")
		r.Do(id, r.Edith, review.LiftHold)
		banner("one with the editors", "whether its verdict still holds")
		r.Do(id, r.Edith, review.Abandon)
		banner("one that was given up")
		r.Do(id, r.Edith, review.Correct, func(c *review.Command) {
			c.Correction, c.Note, c.AssigneeID = review.Fix, secret, r.Ana.ID
		})
		banner("a correction that leaves the verdict")
		r.Do(id, r.Edith, review.Abandon)

		r.Do(id, r.Edith, review.Retract, func(c *review.Command) { c.Retraction, c.Note = review.WrongVerdict, secret })
		banner("a retraction with one signature", "whether its verdict still holds")
		r.decide("quiet_review", "on")
		banner("a desk that keeps it in the house")
		r.decide()
		r.Do(id, r.Stella, review.Retract)
		refuses(t, r.read(review.Person{}, page), "Under review") // its note is public now
	})
}

func TestReadersAreToldThatNobodyHasLookedBackYet(t *testing.T) {
	r := newStaff(t)
	r.decide(fmt.Sprintf("overrider_%d", r.Stella.ID), "on")
	id := r.editing()
	r.Do(id, r.Stella, review.BreakGlass, func(c *review.Command) { c.Note = "It spreads." })
	page := "/checks/" + r.Dossier(id).Live.Slug
	wants(t, r.read(review.Person{}, page), "Under review.", "Somebody else is to look back at it.")
	r.Do(id, r.Edith, review.LookBack, func(c *review.Command) { c.Note = secret })
	refuses(t, r.read(review.Person{}, page), "Under review", secret)
}

// onBoth runs a test over every kind of database that there is here.
func onBoth(t *testing.T, test func(t *testing.T, r *staffRoom)) {
	storetest.Each(t, func(t *testing.T, dsn string) { test(t, newStaffOn(t, dsn)) })
}
