package library

import (
	"slices"
	"strings"
)

// scope is where a record stands: what is true of the whole page or file.
type scope struct {
	page  string // address of the page; empty if unknown
	title string // of the page; only if it carries one review
	lang  string // of the page
	nodes map[string]object
}

// index remembers every object that has an @id, so that a reference finds it.
func (s *scope) index(v any, depth int) {
	if depth > maxDepth {
		return
	}
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			s.index(e, depth+1)
		}
	case object:
		if id, ok := x["@id"].(string); ok && id != "" && len(x) > 1 {
			if s.nodes == nil {
				s.nodes = map[string]object{}
			}
			if known, ok := s.nodes[id]; !ok || len(known) < len(x) {
				s.nodes[id] = x
			}
		}
		for key, e := range x {
			if key != "@id" {
				s.index(e, depth+1)
			}
		}
	}
}

// resolve follows a reference to an object of the same file.
func (s *scope) resolve(v any) any {
	if o, ok := v.(object); ok && len(o) <= 2 && len(s.nodes) > 0 {
		if id, ok := o["@id"].(string); ok {
			if known, ok := s.nodes[id]; ok {
				return known
			}
		}
	}
	return v
}

// reviewsIn are the ClaimReviews in a value, in the order of its lists;
// wherever they are nested.
func (s *scope) reviewsIn(v any) []object {
	var found []object
	s.walk(v, 0, &found)
	return found
}

func (s *scope) walk(v any, depth int, found *[]object) {
	if depth > maxDepth {
		return
	}
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			s.walk(e, depth+1, found)
		}
	case object:
		if isReview(x) {
			*found = append(*found, x)
			return
		}
		for _, key := range sortedKeys(x) {
			switch x[key].(type) {
			case []any, object:
				s.walk(x[key], depth+1, found)
			}
		}
	}
}

func sortedKeys(o object) []string {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// isReview reports whether an object is a ClaimReview: it says so, or it says
// nothing and has what only a ClaimReview has.
func isReview(o object) bool {
	if isA(o, "ClaimReview") {
		return true
	}
	return !isTyped(o) && get(o, "claimReviewed") != nil && get(o, "reviewRating", "itemReviewed", "author") != nil
}

// read turns a ClaimReview into a Check; why says in a sentence why it cannot.
func (s *scope) read(o object) (c Check, why string) {
	s.publisher(o, &c)
	s.address(o, &c)
	s.rating(o, &c)
	s.item(o, &c)
	c.Title = text(get(o, "name", "headline"), "name")
	c.ClaimText = firstText(plain(text(get(o, "claimReviewed"), "name", "text")), s.itemText(o), plain(c.Title), plain(text(get(o, "headline", "alternativeHeadline"))))
	c.Title = firstText(c.Title, s.title)
	c.ReviewDate = firstDate(o, "datePublished", "dateCreated", "dateModified")
	c.Lang = firstText(langOf(text(get(o, "inLanguage"), "alternateName", "name")), s.lang)
	return c, c.finish()
}

func firstText(all ...string) string {
	for _, t := range all {
		if t != "" {
			return t
		}
	}
	return ""
}

// address finds where the check is published: what it says of itself, the page
// it stands on, or whatever else names it.
func (s *scope) address(o object, c *Check) {
	base := s.page
	if base == "" { // a relative address is one of its publisher's
		base = text(get(o, "author", "publisher", "sourceOrganization"), "url", "@id")
	}
	for _, v := range []any{get(o, "url"), get(o, "mainEntityOfPage"), s.page, get(o, "sameAs"), get(o, "@id")} {
		for _, one := range list(v) {
			if c.URL = address(text(one, "url", "@id"), base); c.URL != "" {
				return
			}
		}
	}
}

// publisher finds who checked: of several authors the organisation, then
// whoever has an address. A reference is followed.
func (s *scope) publisher(o object, c *Check) {
	best := -1
	for _, key := range []string{"author", "publisher", "sourceOrganization", "creator"} {
		for _, v := range list(get(o, key)) {
			name, site, rank := s.party(v)
			if (name != "" || site != "") && rank > best {
				c.Publisher, best = Publisher{name, site}, rank
			}
		}
		if best >= 0 {
			return
		}
	}
}

// party is the name and the site of a person or an organisation, and how well
// it can be a publisher.
func (s *scope) party(v any) (name, site string, rank int) {
	v = s.resolve(v)
	o, ok := v.(object)
	if !ok {
		name = plain(text(v))
		if strings.Contains(name, "://") {
			return "", siteOf(address(name, "")), 0
		}
		return name, "", 0
	}
	name = plain(text(get(o, "name", "legalName", "alternateName"), "name"))
	for _, key := range []string{"url", "@id"} {
		if site = siteOf(address(text(get(o, key), "url", "@id"), s.page)); site != "" {
			break
		}
	}
	if site != "" {
		rank++
	}
	if isA(o, "Organization") || isA(o, "NewsMediaOrganization") || isA(o, "Corporation") || isA(o, "NGO") {
		rank += 2
	}
	return name, site, rank
}

// rating reads the verdict: an object, several of them, or a bare word. The
// numbers of the one that has them and the words of the one that has those
// belong together.
func (s *scope) rating(o object, c *Check) {
	for _, v := range list(get(o, "reviewRating")) {
		r, ok := s.resolve(v).(object)
		if !ok {
			word := text(v)
			if n := number(v); n != nil {
				c.RatingValue = orNumber(c.RatingValue, n)
			} else {
				c.Rating = firstText(c.Rating, word)
			}
			continue
		}
		c.Rating = firstText(c.Rating, text(get(r, "alternateName"), "name"), text(get(r, "name")), text(get(r, "description")))
		value := get(r, "ratingValue")
		if number(value) == nil { // a word where a number belongs
			c.Rating = firstText(c.Rating, text(value))
		}
		c.RatingValue = orNumber(c.RatingValue, number(value))
		c.RatingBest = orNumber(c.RatingBest, number(get(r, "bestRating")))
		c.RatingWorst = orNumber(c.RatingWorst, number(get(r, "worstRating")))
	}
	c.Rating = plain(c.Rating)
}

func orNumber(a, b *float64) *float64 {
	if a != nil {
		return a
	}
	return b
}

// item reads what the check is about: who said it, when and where. The first
// of several works that names somebody counts; the places of all of them do.
func (s *scope) item(o object, c *Check) {
	for _, v := range list(get(o, "itemReviewed")) {
		v = s.resolve(v)
		it, ok := v.(object)
		if !ok {
			c.Appearances = append(c.Appearances, addresses(text(v), s.page)...)
			continue
		}
		if c.Claimant == "" {
			c.Claimant = s.claimants(it)
		}
		if c.ClaimDate.IsZero() {
			c.ClaimDate = firstDate(it, "datePublished", "dateCreated", "uploadDate")
		}
		if c.FirstAppearance == "" {
			if all := s.works(get(it, "firstAppearance"), 0); len(all) > 0 {
				c.FirstAppearance = all[0]
			}
		}
		for _, key := range []string{"appearance", "url", "isPartOf"} {
			c.Appearances = append(c.Appearances, s.works(get(it, key), 0)...)
		}
	}
}

// claimants are the names of whoever said it.
func (s *scope) claimants(it object) string {
	var names []string
	for _, v := range list(get(it, "author", "creator", "claimant")) {
		v = s.resolve(v)
		name := plain(text(v, "name"))
		if name != "" && !strings.Contains(name, "://") && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, "; ")
}

// works are the addresses in a list of works: texts, objects and what should
// not be there.
func (s *scope) works(v any, depth int) []string {
	if depth > maxDepth {
		return nil
	}
	var all []string
	for _, one := range list(v) {
		switch x := s.resolve(one).(type) {
		case string:
			all = append(all, addresses(x, s.page)...)
		case []any:
			all = append(all, s.works(x, depth+1)...)
		case object:
			place := get(x, "url", "contentUrl", "embedUrl", "@id", "sameAs")
			all = append(all, s.works(place, depth+1)...)
		}
		if len(all) > 4*MaxAppearances {
			break
		}
	}
	return all
}

// itemText is the claim where only the work that is reviewed tells it.
func (s *scope) itemText(o object) string {
	for _, v := range list(get(o, "itemReviewed")) {
		if it, ok := s.resolve(v).(object); ok {
			if t := plain(text(get(it, "claimReviewed", "text", "headline", "description"), "text")); t != "" {
				return t
			}
			if isA(it, "Claim") {
				if t := plain(text(get(it, "name"))); t != "" {
					return t
				}
			}
		}
	}
	return ""
}
