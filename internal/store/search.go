package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"factcheck/internal/claims"
	"factcheck/internal/library"
	"factcheck/internal/review"
	"factcheck/internal/search"
)

type searchRow struct {
	ID    int64
	Kind  search.Kind
	RefID int64
	At    time.Time `gorm:"serializer:micros"`
}

func (searchRow) TableName() string { return "search_docs" }

// searchable puts things into the index of the desk's one box, or their new words
// in place of the old ones, in the transaction that writes them.
func (s *Store) searchable(ctx context.Context, docs ...search.Doc) error {
	for _, d := range docs {
		row := searchRow{Kind: d.Kind, RefID: d.RefID, At: d.At}
		var known searchRow
		if err := s.write(ctx).Where("kind = ? AND ref_id = ?", d.Kind, d.RefID).Limit(1).Find(&known).Error; err != nil {
			return err
		}
		if row.ID = known.ID; known.ID == 0 {
			if err := s.write(ctx).Create(&row).Error; err != nil {
				return err
			}
		}
		if err := s.indexDoc(ctx, row.ID, known.ID != 0, d); err != nil {
			return err
		}
	}
	return nil
}

// indexDoc writes the words of one thing.
func (s *Store) indexDoc(ctx context.Context, id int64, again bool, d search.Doc) error {
	body := d.Body
	if len(body) > search.MaxBody {
		body = strings.ToValidUTF8(body[:search.MaxBody], "")
	}
	title, words := library.Words(d.Title), library.Words(body)
	if d.Kind == search.Speakers || d.Kind == search.Colleague {
		words += " " + strings.Join(search.Grams(d.Title), " ")
	}
	tx := s.bulk(ctx)
	if s.postgres {
		return tx.Exec("INSERT INTO search_fts (doc_id, words) VALUES (?, CAST(? AS tsvector)) ON CONFLICT (doc_id) DO UPDATE SET words = EXCLUDED.words",
			id, weighted(title, words)).Error
	}
	if again {
		if err := tx.Exec("DELETE FROM search_fts WHERE rowid = ?", id).Error; err != nil {
			return err
		}
	}
	return tx.Exec("INSERT INTO search_fts (rowid, title, body) VALUES (?, ?, ?)", id, title, words).Error
}

// weighted is the tsvector of folded words: a title counts more than a body.
func weighted(title, body string) string {
	var b strings.Builder
	n := 0
	for _, part := range []struct {
		words  string
		weight byte
	}{{title, 'A'}, {body, 'D'}} {
		for w := range strings.FieldsSeq(part.words) {
			n = min(n+1, maxPosition)
			fmt.Fprintf(&b, "%s:%d%c ", lexeme(w), n, part.weight)
		}
		n++ // no phrase goes from one into the other
	}
	return b.String()
}

// ftsSQLite is a question in the query language of FTS5.
func ftsSQLite(q search.Question) string {
	phrase := func(t search.Term) string {
		p := `"` + strings.ReplaceAll(strings.Join(t.Words, " "), `"`, `""`) + `"`
		if t.Prefix {
			p += " *"
		}
		return p
	}
	all := "(" + joinTerms(q.All, " AND ", phrase) + ")"
	if len(q.None) > 0 {
		all += " NOT (" + joinTerms(q.None, " OR ", phrase) + ")"
	}
	return all
}

// ftsPostgres is a question as a tsquery.
func ftsPostgres(q search.Question) string {
	phrase := func(t search.Term) string {
		quoted := make([]string, len(t.Words))
		for i, w := range t.Words {
			quoted[i] = lexeme(w)
		}
		if t.Prefix {
			quoted[len(quoted)-1] += ":*"
		}
		return "(" + strings.Join(quoted, " <-> ") + ")"
	}
	all := joinTerms(q.All, " & ", phrase)
	if len(q.None) > 0 {
		all += " & !(" + joinTerms(q.None, " | ", phrase) + ")"
	}
	return all
}

func joinTerms(terms []search.Term, with string, phrase func(search.Term) string) string {
	parts := make([]string, len(terms))
	for i, t := range terms {
		parts[i] = phrase(t)
	}
	return strings.Join(parts, with)
}

// Search finds what a question asks for: the best first, or, of one kind, the
// newest first and page by page. What was removed is left out, so that a page may
// hold fewer than it could.
func (s *Store) Search(ctx context.Context, q search.Question, f search.Filter) ([]search.Hit, error) {
	const op = "store.Search"
	tx := s.matching(ctx, q)
	if f.Kind != "" {
		tx = tx.Where("d.kind = ?", f.Kind)
	}
	common, err := s.isCommon(ctx, q)
	if err != nil {
		return nil, kind(op, err)
	}
	if f.Before != 0 {
		tx = tx.Where("d.id < ?", f.Before)
	}
	if f.State != "" {
		tx = tx.Where("d.kind = ? AND EXISTS (SELECT 1 FROM reviews AS r WHERE r.claim_id = d.ref_id AND r.state = ?)", search.Claims, f.State)
	}
	if f.Topic != "" {
		key := review.SubjectKey(f.Topic)
		tx = tx.Where("(d.kind = ? AND EXISTS (SELECT 1 FROM topics AS t WHERE t.claim_id = d.ref_id AND t.key = ?) OR "+
			"d.kind = ? AND EXISTS (SELECT 1 FROM published_topics AS t WHERE t.review_id = d.ref_id AND t.key = ?))", search.Claims, key, search.Checks, key)
	}
	if !f.From.IsZero() {
		tx = tx.Where("d.at >= ?", f.From.UnixMicro())
	}
	if !f.To.IsZero() {
		tx = tx.Where("d.at < ?", f.To.UnixMicro())
	}
	var rows []searchRow
	if err := s.ranked(tx, f.Kind != "" || common).Select("d.id, d.kind, d.ref_id, d.at").Limit(min(max(f.Limit, 1), 51)).Find(&rows).Error; err != nil {
		return nil, kind(op, err)
	}
	hits, err := s.hits(ctx, rows)
	return hits, kind(op, err)
}

func (s *Store) matching(ctx context.Context, q search.Question) *gorm.DB {
	if s.postgres {
		return s.read(ctx).Table("(SELECT CAST(? AS tsquery) AS q) AS asked CROSS JOIN search_fts AS f JOIN search_docs AS d ON d.id = f.doc_id", ftsPostgres(q)).
			Where("f.words @@ asked.q")
	}
	return s.read(ctx).Table("search_fts AS f CROSS JOIN search_docs AS d").Where("d.id = f.rowid AND search_fts MATCH ?", ftsSQLite(q))
}

// isCommon reports whether more is found than is worth ranking: then all of it has
// the same few words, and the newest says more than the best.
func (s *Store) isCommon(ctx context.Context, q search.Question) (bool, error) {
	found := s.read(ctx).Table("search_fts").Where("search_fts MATCH ?", ftsSQLite(q))
	if s.postgres {
		found = s.read(ctx).Table("search_fts").Where("words @@ CAST(? AS tsquery)", ftsPostgres(q))
	}
	n, err := s.countUpTo(ctx, found, maxRanked+1)
	return n > maxRanked, err
}

// ranked sorts the best first, or the newest.
func (s *Store) ranked(tx *gorm.DB, newest bool) *gorm.DB {
	switch {
	case newest && s.postgres:
		return tx.Order("d.id DESC")
	case newest:
		return tx.Order("f.rowid DESC") // as FTS5 can walk its lists
	case s.postgres:
		return tx.Order("ts_rank('{0.3, 0.3, 0.5, 1.0}', f.words, asked.q, 1) DESC, d.id DESC")
	default:
		return tx.Where("f.rank MATCH 'bm25(3.0, 1.0)'").Order("f.rank, d.id DESC")
	}
}

// nearNames is how many names are compared letter by letter.
const nearNames = 100

// Named finds speakers and colleagues whose names are nearly like the question,
// the likest first, at most limit.
func (s *Store) Named(ctx context.Context, question string, limit int) ([]search.Hit, error) {
	const op = "store.Named"
	grams := search.Grams(question)
	if len(grams) == 0 {
		return nil, nil
	}
	// More than a few of them find nothing else, and cost.
	sets := make([][]string, 0, len(grams))
	for _, g := range grams[:min(len(grams), 40)] {
		sets = append(sets, []string{g})
	}
	tx := s.read(ctx)
	if s.postgres {
		tx = tx.Table("(SELECT CAST(? AS tsquery) AS q) AS asked CROSS JOIN search_fts AS f JOIN search_docs AS d ON d.id = f.doc_id", matchPostgres(sets)).
			Where("f.words @@ asked.q").Order("ts_rank(f.words, asked.q) DESC, d.id")
	} else {
		tx = tx.Table("search_fts AS f CROSS JOIN search_docs AS d").Where("d.id = f.rowid AND search_fts MATCH ?", matchSQLite(sets)).Order("f.rank, d.id")
	}
	var rows []searchRow
	if err := tx.Select("d.id, d.kind, d.ref_id, d.at").Limit(nearNames).Find(&rows).Error; err != nil {
		return nil, kind(op, err)
	}
	hits, err := s.hits(ctx, rows)
	if err != nil {
		return nil, kind(op, err)
	}
	hits = slices.DeleteFunc(hits, func(h search.Hit) bool { return search.Alike(question, h.Title) < search.NearlyAlike })
	slices.SortStableFunc(hits, func(a, b search.Hit) int {
		switch x, y := search.Alike(question, a.Title), search.Alike(question, b.Title); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return hits[:min(len(hits), limit)], nil
}

// hits reads what rows are about, a query for each kind.
func (s *Store) hits(ctx context.Context, rows []searchRow) ([]search.Hit, error) {
	of := map[search.Kind][]int64{}
	for _, r := range rows {
		of[r.Kind] = append(of[r.Kind], r.RefID)
	}
	found := map[search.Kind]map[int64]search.Hit{}
	for k, ids := range of {
		hits, err := s.loadHits(ctx, k, ids)
		if err != nil {
			return nil, err
		}
		found[k] = hits
	}
	var out []search.Hit
	for _, r := range rows {
		if h, ok := found[r.Kind][r.RefID]; ok {
			h.ID, h.Kind, h.RefID, h.At = r.ID, r.Kind, r.RefID, r.At
			out = append(out, h)
		}
	}
	return out, nil
}

// hitSQL says for each kind where a hit is read: ref_id and what is shown of it.
// An article's text is cut here, so that no megabytes are read for a line; what is
// written about evidence is not shown while somebody may still read blind.
var hitSQL = map[search.Kind]string{
	search.Claims: `SELECT claims.id AS ref_id, reviews.id AS review_id, claims.text AS title, '' AS body, claimants.name AS "by", reviews.state AS state
		FROM claims JOIN reviews ON reviews.claim_id = claims.id LEFT JOIN claimants ON claimants.id = claims.claimant_id WHERE claims.id IN ?`,
	search.Articles: `SELECT id AS ref_id, 0 AS review_id, title, substr(text, 1, 200000) AS body, publisher AS "by", '' AS state FROM articles WHERE id IN ?`,
	search.Evidence: `SELECT evidence.id AS ref_id, review_id, CASE WHEN title <> '' THEN title ELSE url END AS title,
		quote || CASE WHEN note = '' OR reviews.state = 'editing' THEN '' ELSE ' — ' || note END AS body, publisher AS "by", '' AS state
		FROM evidence JOIN reviews ON reviews.id = evidence.review_id WHERE removed_in = 0 AND evidence.id IN ?`,
	search.Speakers:  `SELECT id AS ref_id, 0 AS review_id, name AS title, '' AS body, '' AS "by", '' AS state FROM claimants WHERE id IN ?`,
	search.Colleague: `SELECT id AS ref_id, 0 AS review_id, name AS title, '' AS body, '' AS "by", '' AS state FROM people WHERE id IN ?`,
}

func (s *Store) loadHits(ctx context.Context, k search.Kind, ids []int64) (map[int64]search.Hit, error) {
	if k == search.Checks {
		return s.loadChecks(ctx, ids)
	}
	var rows []struct {
		RefID, ReviewID    int64
		Title, Body, State string
		By                 *string
	}
	if err := s.read(ctx).Raw(hitSQL[k], ids).Find(&rows).Error; err != nil {
		return nil, err
	}
	out := map[int64]search.Hit{}
	for _, r := range rows {
		out[r.RefID] = search.Hit{ReviewID: r.ReviewID, Title: r.Title, Body: strings.ToValidUTF8(r.Body, ""), By: stringOr(r.By), State: r.State}
	}
	return out, nil
}

func (s *Store) loadChecks(ctx context.Context, reviews []int64) (map[int64]search.Hit, error) {
	var rows []publicationRow
	err := s.read(ctx).Table("checks").Joins("JOIN publications ON publications.id = checks.publication_id").Select("publications.*").
		Where("checks.review_id IN ?", reviews).Find(&rows).Error
	out := map[int64]search.Hit{}
	for _, r := range rows {
		p, err := r.publication()
		if err != nil {
			return nil, err
		}
		d := checkDoc(p)
		out[r.ReviewID] = search.Hit{ReviewID: r.ReviewID, Slug: p.Slug, Title: d.Title, Body: p.Report.Summary + " " + p.Report.Rationale, By: p.Report.Rating.Label}
	}
	return out, err
}

// What each thing is found by.

func claimDoc(c claims.Claim, topics []string) search.Doc {
	return search.Doc{Kind: search.Claims, RefID: c.ID, Title: c.Text, Body: strings.Join(append([]string{c.ShortForm}, topics...), " "), At: c.CreatedAt}
}

func articleDoc(a claims.Article) search.Doc {
	return search.Doc{Kind: search.Articles, RefID: a.ID, Title: a.Title, Body: a.Publisher + " " + a.Author + " " + a.Text, At: a.AddedAt}
}

func evidenceDoc(e evidenceRow) search.Doc {
	return search.Doc{Kind: search.Evidence, RefID: e.ID, Title: e.Title, Body: strings.Join([]string{e.Publisher, e.URL, e.Quote, e.Note}, " "), At: e.AddedAt}
}

func checkDoc(p review.Publication) search.Doc {
	r := p.Report
	body := append([]string{r.Summary, r.Rationale}, r.Claim.Topics...)
	if r.Claimant != nil {
		body = append(body, r.Claimant.Name)
	}
	return search.Doc{Kind: search.Checks, RefID: p.ReviewID, Title: r.Claim.Text, Body: strings.Join(append(body, r.Rating.Label), " "), At: p.PublishedAt}
}

// FillSearch puts into the index what is not in it: what was stored before there
// was one. It is safe to run at any time and by several processes, and returns how
// many things it put there.
func (s *Store) FillSearch(ctx context.Context) (n int, err error) {
	for _, k := range search.Kinds {
		for {
			var docs []search.Doc
			if docs, err = s.missing(ctx, k); err != nil || len(docs) == 0 {
				break
			}
			err = s.InTx(ctx, func(ctx context.Context) error { return s.searchable(ctx, docs...) })
			if err != nil {
				break
			}
			n += len(docs)
		}
		if err != nil {
			return n, kind("store.FillSearch", err)
		}
	}
	return n, nil
}

// fillAtOnce is how many things are put into the index in one transaction.
const fillAtOnce = 100

// missing are things of a kind that are not in the index.
func (s *Store) missing(ctx context.Context, k search.Kind) ([]search.Doc, error) {
	without := func(table, id string) *gorm.DB {
		return s.read(ctx).Table(table).Where("NOT EXISTS (SELECT 1 FROM search_docs AS d WHERE d.kind = ? AND d.ref_id = "+id+")", k).Order(id).Limit(fillAtOnce)
	}
	var docs []search.Doc
	switch k {
	case search.Claims:
		var rows []claimRow
		err := without("claims", "claims.id").Find(&rows).Error
		for _, r := range rows {
			topics, topicErr := s.topicsOf(ctx, r.ID)
			err = errors.Join(err, topicErr)
			docs = append(docs, claimDoc(claims.Claim(r), topics))
		}
		return docs, err
	case search.Articles:
		var rows []articleRow
		err := without("articles", "articles.id").Limit(10).Find(&rows).Error // they may be long
		for _, r := range rows {
			docs = append(docs, articleDoc(claims.Article(r)))
		}
		return docs, err
	case search.Evidence:
		var rows []evidenceRow
		err := without("evidence", "evidence.id").Find(&rows).Error
		for _, r := range rows {
			docs = append(docs, evidenceDoc(r))
		}
		return docs, err
	case search.Checks:
		var rows []publicationRow
		err := without("publications", "publications.review_id").Joins("JOIN checks ON checks.publication_id = publications.id").Select("publications.*").Find(&rows).Error
		for _, r := range rows {
			p, err := r.publication()
			if err != nil {
				return nil, err
			}
			docs = append(docs, checkDoc(p))
		}
		return docs, err
	default:
		return s.missingNames(k, without)
	}
}

func (s *Store) missingNames(k search.Kind, without func(table, id string) *gorm.DB) ([]search.Doc, error) {
	table := map[search.Kind]string{search.Speakers: "claimants", search.Colleague: "people"}[k]
	var rows []struct {
		ID   int64
		Name string
	}
	err := without(table, table+".id").Select("id, name").Find(&rows).Error
	var docs []search.Doc
	for _, r := range rows {
		docs = append(docs, nameDoc(k, r.ID, r.Name))
	}
	return docs, err
}

// nameDoc is a person by name; when they were first seen is not kept.
func nameDoc(k search.Kind, id int64, name string) search.Doc {
	if !utf8.ValidString(name) {
		name = strings.ToValidUTF8(name, "")
	}
	return search.Doc{Kind: k, RefID: id, Title: name, At: time.UnixMicro(0)}
}
