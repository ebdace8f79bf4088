package library

import (
	"strings"
	"unicode"
)

// columns are the names that a field goes by, in tables and in flat objects.
// Case, spaces and marks do not count: "Claim Text", claim_text and claimText
// are one.
var columns = map[string]string{
	"claim":           "claim claimtext claimreviewed statement text claimsummary",
	"claimant":        "claimant speaker claimauthor saidby who person claimby personorganisation",
	"claimdate":       "claimdate saidon datesaid statementdate claimdatepublished saidat",
	"rating":          "rating verdict label textualrating alternatename truth conclusion ruling ratingname ratinglabel",
	"value":           "ratingvalue value score",
	"best":            "bestrating ratingbest best",
	"worst":           "worstrating ratingworst worst",
	"url":             "url reviewurl link checkurl factcheckurl articleurl address permalink",
	"title":           "title headline reviewtitle name articletitle",
	"publisher":       "publisher publishername organization organisation factchecker checkedby reviewauthor author reviewedby source",
	"site":            "site publishersite domain host website",
	"reviewdate":      "reviewdate date datepublished published publishdate publicationdate checkdate pubdate publishedat",
	"lang":            "lang language languagecode inlanguage",
	"topics":          "topics topic keywords keyword tags subjects",
	"firstappearance": "firstappearance original originalurl",
	"appearances":     "appearances appearance claimurl claimlink claimurls links foundat",
}

// fieldOf finds the field of a name.
var fieldOf = fieldTable()

func fieldTable() map[string]string {
	table := map[string]string{}
	for field, names := range columns {
		for name := range strings.FieldsSeq(names) {
			table[name] = field
		}
	}
	return table
}

// field is the field that a column of that name holds; empty if none of ours.
func field(name string) string {
	return fieldOf[strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)]
}

// flat makes a check of fields; why says in a sentence why it cannot be kept.
func flat(fields map[string]any, s scope) (c Check, why string) {
	str := func(name string) string { return plain(text(fields[name], "text", "label", "name", "headline")) }
	c = Check{
		ClaimText: str("claim"), Claimant: str("claimant"), ClaimDate: dateOf(str("claimdate")), ReviewDate: dateOf(str("reviewdate")),
		Rating: str("rating"), RatingValue: number(fields["value"]), RatingBest: number(fields["best"]), RatingWorst: number(fields["worst"]),
		Title: str("title"), Lang: langOf(str("lang")), Publisher: Publisher{str("publisher"), Site(str("site"))},
	}
	if c.URL = address(text(fields["url"], "url"), s.page); c.URL == "" {
		c.URL = s.page
	}
	if strings.Contains(c.Publisher.Name, "://") {
		c.Publisher = Publisher{Site: Site(c.Publisher.Name)}
	}
	if all := addresses(text(fields["firstappearance"], "url"), s.page); len(all) > 0 {
		c.FirstAppearance = all[0]
	}
	c.Appearances = s.works(fields["appearances"], 0)
	if c.Topics = topicsOf(fields["topics"]); c.Topics == nil {
		if o, ok := fields["claim"].(object); ok { // as our own reports have them
			c.Topics = topicsOf(get(o, "topics", "keywords"))
		}
	}
	return c, c.finish()
}

// flatItem reads one object of a JSONL file: ClaimReviews if it holds some, a
// claim with its reviews as the Fact Check Tools API gives it, or fields.
func flatItem(raw []byte, s scope) (it Item, why string) {
	v, why := decode(raw)
	if why != "" {
		return Item{}, why
	}
	s.index(v, 0)
	s.collect(v, &it)
	if len(it.Checks)+len(it.Rejected) > 0 {
		return it, ""
	}
	o, ok := v.(object)
	if !ok {
		return Item{Rejected: []Rejected{{Why: "It is not an object."}}}, ""
	}
	if reviews, ok := o["claimReview"].([]any); ok {
		s.toolsClaim(o, reviews, &it)
		return it, ""
	}
	c, why := flat(fieldsOf(o), s)
	if why != "" {
		return Item{Rejected: []Rejected{{Why: why}}}, ""
	}
	return Item{Checks: []Check{c}}, ""
}

// fieldsOf names the properties of an object as our fields. Of two names of
// one field, the one that says more of it stands first in the table.
func fieldsOf(o object) map[string]any {
	fields := map[string]any{}
	rank := map[string]int{}
	for key, v := range o {
		name := field(key)
		if name == "" || v == nil || v == "" {
			continue
		}
		at := strings.Index(" "+columns[name]+" ", " "+strings.ToLower(key)+" ")
		if at < 0 {
			at = len(columns[name])
		}
		if was, ok := rank[name]; !ok || at < was {
			fields[name], rank[name] = v, at
		}
	}
	return fields
}

// toolsClaim reads a claim of the Fact Check Tools API: one check for each of
// its reviews.
func (s *scope) toolsClaim(o object, reviews []any, it *Item) {
	for _, v := range reviews {
		r, ok := v.(object)
		if !ok {
			continue
		}
		c := Check{
			ClaimText: plain(text(o["text"])), Claimant: plain(text(o["claimant"])), ClaimDate: dateOf(text(o["claimDate"])),
			URL: address(text(r["url"]), s.page), Title: plain(text(r["title"])), ReviewDate: dateOf(text(r["reviewDate"])),
			Rating: plain(text(r["textualRating"])), Lang: langOf(text(r["languageCode"])),
		}
		if p, ok := r["publisher"].(object); ok {
			c.Publisher = Publisher{plain(text(p["name"])), Site(text(p["site"]))}
		}
		if why := c.finish(); why != "" {
			it.Rejected = append(it.Rejected, Rejected{Why: why})
			continue
		}
		it.Checks = append(it.Checks, c)
	}
	if len(reviews) == 0 {
		it.Skipped = 1
	}
}
