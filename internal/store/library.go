package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/library"
	"factcheck/internal/review"
)

type libraryRow struct {
	ID              int64
	Key             []byte
	Digest          []byte
	PublicationID   int64 `gorm:"serializer:null"`
	Slug            string
	Publisher       string
	Site            string
	URL             string
	Title           string
	Claim           string
	Claimant        string
	ClaimDate       time.Time `gorm:"serializer:micros"`
	ReviewDate      time.Time `gorm:"serializer:micros"`
	Newest          time.Time `gorm:"serializer:micros"`
	Rating          string
	RatingValue     *float64
	RatingBest      *float64
	RatingWorst     *float64
	Bucket          library.Bucket
	Rule            string
	Lang            string
	FirstAppearance string
	Appearances     string    // list as JSON
	AddedAt         time.Time `gorm:"serializer:micros"`
	ChangedAt       time.Time `gorm:"serializer:micros"`
}

func (libraryRow) TableName() string { return "library_checks" }

// libraryFound are the columns that a search shows.
const libraryFound = "c.id, c.slug, c.publisher, c.site, c.url, c.title, c.claim, c.claimant, c.claim_date, c.review_date, " +
	"c.rating, c.rating_value, c.rating_best, c.rating_worst, c.bucket, c.rule, c.lang, c.first_appearance, c.appearances"

func fromCheck(c library.Check, now time.Time) (libraryRow, error) {
	key, digest := c.Key(), c.Digest()
	places, err := encodeList(c.Appearances)
	return libraryRow{
		Key: key[:], Digest: digest[:], Slug: c.Slug, Publisher: c.Publisher.Name, Site: c.Publisher.Site, URL: c.URL, Title: c.Title,
		Claim: c.ClaimText, Claimant: c.Claimant, ClaimDate: c.ClaimDate, ReviewDate: c.ReviewDate, Newest: c.Newest(), Rating: c.Rating,
		RatingValue: c.RatingValue, RatingBest: c.RatingBest, RatingWorst: c.RatingWorst, Bucket: c.Bucket, Rule: c.Rule, Lang: c.Lang,
		FirstAppearance: c.FirstAppearance, Appearances: places, AddedAt: now, ChangedAt: now,
	}, err
}

func (r libraryRow) check() (library.Check, error) {
	c := library.Check{
		ID: r.ID, Publisher: library.Publisher{Name: r.Publisher, Site: r.Site}, URL: r.URL, Title: r.Title, ClaimText: r.Claim, Claimant: r.Claimant,
		ClaimDate: r.ClaimDate, ReviewDate: r.ReviewDate, Rating: r.Rating, RatingValue: r.RatingValue, RatingBest: r.RatingBest,
		RatingWorst: r.RatingWorst, Bucket: r.Bucket, Rule: r.Rule, Lang: r.Lang, FirstAppearance: r.FirstAppearance,
		Fingerprint: claims.Fingerprint(r.Claim), Slug: r.Slug,
	}
	if r.Appearances == "[]" {
		return c, nil
	}
	if err := json.Unmarshal([]byte(r.Appearances), &c.Appearances); err != nil {
		return c, fmt.Errorf("decode appearances of check %d: %w", r.ID, err)
	}
	return c, nil
}

type importRow struct {
	ID         int64
	Format     string
	Name       string
	Identity   string
	Bytes      int64
	AtOffset   int64
	AtLine     int64
	AtState    string
	Version    int64
	Added      int64
	Updated    int64
	Unchanged  int64
	Rejected   int64
	Skipped    int64
	StartedAt  time.Time `gorm:"serializer:micros"`
	ChangedAt  time.Time `gorm:"serializer:micros"`
	FinishedAt time.Time `gorm:"serializer:micros"`
}

func (importRow) TableName() string { return "library_imports" }

func fromImport(i library.Import) importRow {
	return importRow{
		ID: i.ID, Format: i.Format, Name: i.Name, Identity: i.Identity, Bytes: i.Bytes, AtOffset: i.At.Offset, AtLine: i.At.Line, AtState: i.At.State,
		Version: i.Version, Added: i.Added, Updated: i.Updated, Unchanged: i.Unchanged, Rejected: i.Rejected, Skipped: i.Skipped,
		StartedAt: i.StartedAt, ChangedAt: i.ChangedAt, FinishedAt: i.FinishedAt,
	}
}

func (r importRow) progress() library.Import {
	return library.Import{
		ID: r.ID, Format: r.Format, Name: r.Name, Identity: r.Identity, Bytes: r.Bytes,
		At: library.Position{Offset: r.AtOffset, Line: r.AtLine, State: r.AtState}, Version: r.Version,
		Added: r.Added, Updated: r.Updated, Unchanged: r.Unchanged, Rejected: r.Rejected, Skipped: r.Skipped,
		StartedAt: r.StartedAt, ChangedAt: r.ChangedAt, FinishedAt: r.FinishedAt,
	}
}

// BeginImport returns the unfinished import of the same format and identity,
// or a new one.
func (s *Store) BeginImport(ctx context.Context, i library.Import) (library.Import, error) {
	const op = "store.BeginImport"
	err := s.InTx(ctx, func(ctx context.Context) error {
		var row importRow
		err := s.locking(ctx, "library_imports").Where("format = ? AND identity = ? AND finished_at IS NULL", i.Format, i.Identity).Take(&row).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			row = fromImport(i)
			row.ID, row.Version = 0, 1
			err = s.write(ctx).Create(&row).Error
		}
		i = row.progress()
		return err
	})
	return i, kind(op, err)
}

// Imports are the imports of files, the one that moved last first.
func (s *Store) Imports(ctx context.Context, limit int) ([]library.Import, error) {
	var rows []importRow
	if err := s.read(ctx).Order("changed_at DESC, id DESC").Limit(clamp(limit)).Find(&rows).Error; err != nil {
		return nil, kind("store.Imports", err)
	}
	out := make([]library.Import, len(rows))
	for i, r := range rows {
		out[i] = r.progress()
	}
	return out, nil
}

// SaveImport stores checks and the import that they bring forward, in one
// transaction; it counts what was added, updated and unchanged. Conflict if
// somebody else brought the import forward since.
func (s *Store) SaveImport(ctx context.Context, i library.Import, checks []library.Check) (library.Import, error) {
	const op = "store.SaveImport"
	before := i
	err := s.InTx(ctx, func(ctx context.Context) error {
		rows, err := importedRows(checks, i.ChangedAt)
		if err != nil {
			return err
		}
		added, updated, err := s.upsertLibrary(ctx, rows)
		if err != nil {
			return err
		}
		i.Added, i.Updated, i.Unchanged = i.Added+added, i.Updated+updated, i.Unchanged+int64(len(checks))-added-updated
		row := fromImport(i)
		row.Version++
		res := s.write(ctx).Model(&importRow{}).Where("id = ? AND version = ? AND finished_at IS NULL", i.ID, i.Version).
			Select("at_offset", "at_line", "at_state", "version", "added", "updated", "unchanged", "rejected", "skipped", "changed_at", "finished_at").
			Updates(&row)
		if res.Error == nil && res.RowsAffected == 0 {
			return errs.New(op, errs.Conflict, "This file is being imported by somebody else at the same moment. Wait for that import to end.")
		}
		i.Version = row.Version
		return res.Error
	})
	if err != nil {
		i = before
		if errs.KindOf(kind(op, err)) == errs.Conflict && errs.Message(err) == "" {
			err = &errs.Error{Op: op, Kind: errs.Conflict, Err: err,
				Msg: "The same checks are being imported from another file. Run the import again: it goes on where it stopped."}
		}
	}
	return i, kind(op, err)
}

// bulk is the writing connection for statements over thousands of rows: those
// are slow by nature, and no line in the log is worth it.
func (s *Store) bulk(ctx context.Context) *gorm.DB {
	return s.write(ctx).Session(&gorm.Session{Logger: logger.Discard})
}

// importedRows are the rows of checks; of the same check twice, the later.
func importedRows(checks []library.Check, now time.Time) ([]libraryRow, error) {
	rows := make([]libraryRow, 0, len(checks))
	at := make(map[[16]byte]int, len(checks))
	for _, c := range checks {
		row, err := fromCheck(c, now)
		if err != nil {
			return nil, err
		}
		key := [16]byte(row.Key)
		if i, ok := at[key]; ok {
			rows[i] = row
			continue
		}
		at[key] = len(rows)
		rows = append(rows, row)
	}
	return rows, nil
}

// upsertLibrary stores rows that are new or differ, and their words.
func (s *Store) upsertLibrary(ctx context.Context, rows []libraryRow) (added, updated int64, err error) {
	known, err := s.knownChecks(ctx, rows)
	if err != nil {
		return 0, 0, err
	}
	var fresh, changed []libraryRow
	for _, r := range rows {
		was, ok := known[[16]byte(r.Key)]
		switch {
		case !ok:
			fresh = append(fresh, r)
		case was.PublicationID != r.PublicationID || !slices.Equal(was.Digest, r.Digest):
			r.ID = was.ID
			changed = append(changed, r)
		}
	}
	if len(fresh) > 0 {
		if err := s.insertLibrary(ctx, fresh); err != nil {
			return 0, 0, err
		}
	}
	for _, r := range changed {
		res := s.write(ctx).Model(&libraryRow{}).Where("id = ?", r.ID).Select("*").Omit("id", "key", "added_at").Updates(&r)
		if err := mustBeOne("store.upsertLibrary", res); err != nil {
			return 0, 0, err
		}
	}
	return int64(len(fresh)), int64(len(changed)), s.indexWords(ctx, fresh, changed)
}

// knownChecks finds the rows with the keys of others.
func (s *Store) knownChecks(ctx context.Context, rows []libraryRow) (map[[16]byte]libraryRow, error) {
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = hex.EncodeToString(r.Key)
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, fmt.Errorf("encode keys: %w", err)
	}
	query := "SELECT id, key, digest, publication_id FROM library_checks WHERE key IN (SELECT unhex(value) FROM json_each(?))"
	if s.postgres {
		query = "SELECT id, key, digest, publication_id FROM library_checks WHERE key IN (SELECT decode(e, 'hex') FROM jsonb_array_elements_text(CAST(? AS jsonb)) AS e)"
	}
	var found []libraryRow
	if err := s.bulk(ctx).Raw(query, string(list)).Find(&found).Error; err != nil {
		return nil, err
	}
	known := make(map[[16]byte]libraryRow, len(found))
	for _, r := range found {
		known[[16]byte(r.Key)] = r
	}
	return known, nil
}

// libraryColumns are the columns of a new row, with the type by which
// PostgreSQL reads each from JSON.
var libraryColumns = []struct {
	name, kind string
	value      func(libraryRow) any
}{
	{"key", "hex", func(r libraryRow) any { return hex.EncodeToString(r.Key) }},
	{"digest", "hex", func(r libraryRow) any { return hex.EncodeToString(r.Digest) }},
	{"publication_id", "bigint", func(r libraryRow) any { return zeroIsNull(r.PublicationID) }},
	{"slug", "text", func(r libraryRow) any { return r.Slug }},
	{"publisher", "text", func(r libraryRow) any { return r.Publisher }},
	{"site", "text", func(r libraryRow) any { return r.Site }},
	{"url", "text", func(r libraryRow) any { return r.URL }},
	{"title", "text", func(r libraryRow) any { return r.Title }},
	{"claim", "text", func(r libraryRow) any { return r.Claim }},
	{"claimant", "text", func(r libraryRow) any { return r.Claimant }},
	{"claim_date", "bigint", func(r libraryRow) any { return toMicros(r.ClaimDate) }},
	{"review_date", "bigint", func(r libraryRow) any { return toMicros(r.ReviewDate) }},
	{"newest", "bigint", func(r libraryRow) any { return toMicros(r.Newest) }},
	{"rating", "text", func(r libraryRow) any { return r.Rating }},
	{"rating_value", "double precision", func(r libraryRow) any { return r.RatingValue }},
	{"rating_best", "double precision", func(r libraryRow) any { return r.RatingBest }},
	{"rating_worst", "double precision", func(r libraryRow) any { return r.RatingWorst }},
	{"bucket", "text", func(r libraryRow) any { return r.Bucket }},
	{"rule", "text", func(r libraryRow) any { return r.Rule }},
	{"lang", "text", func(r libraryRow) any { return r.Lang }},
	{"first_appearance", "text", func(r libraryRow) any { return r.FirstAppearance }},
	{"appearances", "text", func(r libraryRow) any { return r.Appearances }},
	{"added_at", "bigint", func(r libraryRow) any { return toMicros(r.AddedAt) }},
	{"changed_at", "bigint", func(r libraryRow) any { return toMicros(r.ChangedAt) }},
}

func zeroIsNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// insertLibrary inserts rows with one statement of constant text, which reads
// them from JSON: gorm's batches took twice the time of it. Their ids are set.
func (s *Store) insertLibrary(ctx context.Context, rows []libraryRow) error {
	values := make([][]any, len(rows))
	for i, r := range rows {
		values[i] = make([]any, len(libraryColumns))
		for j, c := range libraryColumns {
			values[i][j] = c.value(r)
		}
	}
	list, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("encode rows: %w", err)
	}
	var made []libraryRow
	if err := s.bulk(ctx).Raw(insertSQL(s.postgres), string(list)).Find(&made).Error; err != nil {
		return err
	}
	ids := make(map[[16]byte]int64, len(made))
	for _, m := range made {
		ids[[16]byte(m.Key)] = m.ID
	}
	for i := range rows {
		rows[i].ID = ids[[16]byte(rows[i].Key)]
	}
	return nil
}

func insertSQL(postgres bool) string {
	var names, values []string
	for i, c := range libraryColumns {
		names = append(names, c.name)
		value := fmt.Sprintf("value ->> %d", i)
		switch {
		case c.kind == "hex" && postgres:
			value = fmt.Sprintf("decode(%s, 'hex')", value)
		case c.kind == "hex":
			value = fmt.Sprintf("unhex(%s)", value)
		case postgres:
			value = fmt.Sprintf("CAST(%s AS %s)", value, c.kind)
		}
		values = append(values, value)
	}
	from := "json_each(?)"
	if postgres {
		from = "jsonb_array_elements(CAST(? AS jsonb)) AS rows (value)"
	}
	return "INSERT INTO library_checks (" + strings.Join(names, ", ") + ") SELECT " + strings.Join(values, ", ") + " FROM " + from + " RETURNING id, key"
}

// searchTime is how long a search may take. Words that stand in a great part
// of a large library would take longer.
const searchTime = 3 * time.Second

// SearchChecks finds fact-checks by others and live ones of our own: the best
// first, or the newest first if the query has no words. more reports that
// others follow.
func (s *Store) SearchChecks(ctx context.Context, q library.Query) (found []library.Check, more bool, err error) {
	const op = "store.SearchChecks"
	if err := s.mirrorPublications(ctx); err != nil {
		return nil, false, kind(op, err)
	}
	limited, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	terms := library.Terms(q.Text)
	if q.Text != "" && len(terms) == 0 {
		return nil, false, nil // nothing but punctuation
	}
	limit := min(max(1, q.Limit), library.MaxFound)
	var rows []libraryRow
	find, err := s.bestOrNewest(limited, terms, q)
	if err == nil {
		err = find.Select(libraryFound).Offset(min(max(0, q.Offset), library.MaxOffset)).Limit(limit + 1).Find(&rows).Error
	}
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		return nil, false, &errs.Error{Op: op, Kind: errs.TooMany, Msg: "The search took too long. Use rarer words, or fewer.", Err: err}
	}
	if err != nil {
		return nil, false, kind(op, err)
	}
	if more = len(rows) > limit; more {
		rows = rows[:limit]
	}
	for _, r := range rows {
		c, err := r.check()
		if err != nil {
			return nil, false, kind(op, err)
		}
		found = append(found, c)
	}
	return found, more, nil
}

// maxRanked is how many matches are ranked. Of more, which only common words
// have, those that came last into the library come first: ranking a million
// takes seconds, and says little.
const maxRanked = 20_000

// bestOrNewest is the query without words: the newest first; or with words:
// the best of those that hold all of them or, if there is none, most of them.
func (s *Store) bestOrNewest(ctx context.Context, terms []string, q library.Query) (*gorm.DB, error) {
	if len(terms) == 0 {
		return narrow(s.read(ctx).Table("library_checks AS c").Order("c.newest DESC NULLS LAST, c.id DESC"), q), nil
	}
	sets, err := s.wordSets(ctx, terms, q)
	if err != nil {
		return nil, err
	}
	find, order := s.withWords(ctx, sets)
	n, err := s.countUpTo(ctx, s.onlyWords(ctx, sets), maxRanked+1)
	if n > maxRanked {
		order = "c.id DESC"
		if !s.postgres {
			order = "f.rowid DESC" // FTS5 walks its lists backwards
		}
	}
	return narrow(find, q).Order(order), err
}

// maxLoose is how many words are looked for where some may be missing: the
// rarest. Each set of them is a search of its own.
const maxLoose = 5

// wordSets are the sets of words of which one must be found whole: all terms if
// anything holds them, else most of them. Words that nothing holds are those
// that may be missing.
func (s *Store) wordSets(ctx context.Context, terms []string, q library.Query) ([][]string, error) {
	all := [][]string{terms}
	spare := library.Spare(len(terms))
	if spare == 0 {
		return all, nil
	}
	whole, _ := s.withWords(ctx, all)
	if n, err := s.countUpTo(ctx, narrow(whole, q), 1); err != nil || n > 0 {
		return all, err
	}
	type counted struct {
		term string
		n    int
	}
	var known []counted
	for _, term := range terms {
		n, err := s.countUpTo(ctx, s.onlyWords(ctx, [][]string{{term}}), maxRanked)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			known = append(known, counted{term, n})
		}
	}
	if spare -= len(terms) - len(known); spare < 0 {
		return all, nil // too many are missing: nothing is found
	}
	slices.SortStableFunc(known, func(a, b counted) int { return a.n - b.n })
	var rarest []string
	for _, k := range known[:min(len(known), maxLoose)] {
		rarest = append(rarest, k.term)
	}
	return library.Alternatives(rarest, spare), nil
}

// countUpTo counts the rows of a query, at most limit of them.
func (s *Store) countUpTo(ctx context.Context, query *gorm.DB, limit int) (n int, err error) {
	err = s.read(ctx).Raw("SELECT COUNT(*) FROM (?) AS few", query.Select("1").Limit(limit)).Row().Scan(&n)
	return n, err
}

// onlyWords finds the rows of the index alone that hold one of several sets of
// words.
func (s *Store) onlyWords(ctx context.Context, sets [][]string) *gorm.DB {
	if s.postgres {
		return s.read(ctx).Table("library_fts").Where("words @@ CAST(? AS tsquery)", matchPostgres(sets))
	}
	return s.read(ctx).Table("library_fts").Where("library_fts MATCH ?", matchSQLite(sets))
}

// withWords finds the rows c of library_checks that hold one of several sets of
// words, and how to sort them: the best first. Full-text search is the one
// place where the databases part: findSQLite and findPostgres find the same.
func (s *Store) withWords(ctx context.Context, sets [][]string) (find *gorm.DB, order string) {
	if s.postgres {
		return findPostgres(s.read(ctx), sets)
	}
	return findSQLite(s.read(ctx), sets)
}

// indexWords makes rows searchable: new ones, and ones that are there already
// with other words.
func (s *Store) indexWords(ctx context.Context, fresh, changed []libraryRow) error {
	if len(fresh)+len(changed) == 0 {
		return nil
	}
	if s.postgres {
		return indexPostgres(s.bulk(ctx), fresh, changed)
	}
	return indexSQLite(s.bulk(ctx), fresh, changed)
}

// narrow adds the filters of a query, and leaves out what is no longer live.
func narrow(tx *gorm.DB, q library.Query) *gorm.DB {
	tx = tx.Where("(c.publication_id IS NULL OR c.rule <> ? AND EXISTS (SELECT 1 FROM checks AS k WHERE k.publication_id = c.publication_id))", retractedRule)
	switch {
	case q.Site != "" && q.Own:
		tx = tx.Where("(c.site = ? OR c.publication_id IS NOT NULL)", q.Site)
	case q.Site != "":
		tx = tx.Where("c.site = ? AND c.publication_id IS NULL", q.Site)
	}
	if q.Lang != "" {
		tx = tx.Where("(c.lang = ? OR c.lang LIKE ?)", q.Lang, q.Lang+"-%")
	}
	if !q.Since.IsZero() {
		tx = tx.Where("c.newest >= ?", q.Since.UnixMicro())
	}
	return tx
}

// LibraryChecks walks the checks by others from the one after an id on, oldest
// first: what an index is built from.
func (s *Store) LibraryChecks(ctx context.Context, after int64) iter.Seq2[library.Check, error] {
	return walk(func(last int64) ([]libraryRow, error) {
		var rows []libraryRow
		err := s.read(ctx).Table("library_checks AS c").Select(libraryFound).Where("c.id > ? AND c.publication_id IS NULL", max(last, after)).
			Order("c.id").Limit(batch).Find(&rows).Error
		return rows, kind("store.LibraryChecks", err)
	}, func(r libraryRow) int64 { return r.ID }, libraryRow.check)
}

// CountChecks is how many checks by others the library holds.
func (s *Store) CountChecks(ctx context.Context) (int64, error) {
	var n int64
	err := s.read(ctx).Table("library_checks").Where("publication_id IS NULL").Count(&n).Error
	return n, kind("store.CountChecks", err)
}

// lookBack is how far behind the newest mirrored publication another may be
// that was committed later.
const lookBack = 100

// mirrorPublications brings live publications into the library that are not
// there yet, so that one search finds them, too. A new edition takes the place
// of the one before.
func (s *Store) mirrorPublications(ctx context.Context) error {
	for {
		var missing []publicationRow
		err := s.read(ctx).Table("publications").Select("publications.*").Joins("JOIN checks ON checks.publication_id = publications.id").
			Where("checks.publication_id > COALESCE((SELECT MAX(publication_id) FROM library_checks WHERE publication_id IS NOT NULL), 0) - ?", lookBack).
			Where("NOT EXISTS (SELECT 1 FROM library_checks AS l WHERE l.publication_id = publications.id)").
			Order("publications.id").Limit(batch).Find(&missing).Error
		if err != nil || len(missing) == 0 {
			return err
		}
		err = s.InTx(ctx, func(ctx context.Context) error { return s.mirror(ctx, missing) })
		if errs.KindOf(kind("store.mirrorPublications", err)) == errs.Conflict {
			return nil // another search brings them in
		}
		if err != nil {
			return err
		}
	}
}

func (s *Store) mirror(ctx context.Context, missing []publicationRow) error {
	rows := make([]libraryRow, 0, len(missing))
	for _, m := range missing {
		p, err := m.publication()
		if err != nil {
			return err
		}
		row, err := fromCheck(ownCheck(p.Report), p.PublishedAt)
		if err != nil {
			return err
		}
		row.Key = fmt.Appendf(nil, "own%013d", p.ReviewID) // sixteen bytes, as of any other
		row.PublicationID = p.ID
		rows = append(rows, row)
	}
	_, _, err := s.upsertLibrary(ctx, rows)
	return err
}

// retractedRule marks an edition that withdraws a check of our own: its rating
// is not to be passed on.
const retractedRule = "it was retracted"

// ownCheck is a publication as a check of the library. Its publisher and its
// address depend on where the site is, and are for the caller to fill in.
func ownCheck(r review.Report) library.Check {
	c := library.Check{
		Slug: r.Slug, Title: r.Claim.ShortForm, ClaimText: r.Claim.Text, ReviewDate: r.PublishedAt, Rating: r.Rating.Label, Lang: r.Claim.Lang,
		Bucket: library.Other, Rule: "it is our own",
	}
	if r.Retracted != nil {
		c.Rule = retractedRule
	}
	if r.Claim.SaidAt != nil {
		c.ClaimDate = *r.Claim.SaidAt
	}
	if r.Claimant != nil {
		c.Claimant = r.Claimant.Name
	}
	for _, p := range r.Appearances {
		if p.URL != "" {
			c.Appearances = append(c.Appearances, p.URL)
		}
	}
	return c
}
