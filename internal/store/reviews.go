package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// Dossier loads everything that decides about a review, as of one moment; in a
// transaction of InTx, nobody else can change it until that ends. NotFound.
func (s *Store) Dossier(ctx context.Context, reviewID int64) (review.Dossier, error) {
	d := review.Dossier{AsOf: time.Now().UTC()}
	err := s.inRead(ctx, func(ctx context.Context) error {
		if err := s.loadHead(ctx, reviewID, &d); err != nil {
			return one("store.Dossier", "There is no such review.", err)
		}
		for _, load := range []func(context.Context, *review.Dossier) error{
			s.loadPlaces, s.loadEvidence, s.loadScales, s.loadApprovals, s.loadReadings, s.loadRequests, s.loadPeople,
		} {
			if err := load(ctx, &d); err != nil {
				return kind("store.Dossier", err)
			}
		}
		return nil
	})
	return d, err
}

// loadHead loads what there is one of: review, claim, claimant, current verdict
// and what readers see.
func (s *Store) loadHead(ctx context.Context, reviewID int64, d *review.Dossier) error {
	var row struct {
		Review     reviewRow      `gorm:"embedded"`
		Claim      claimRow       `gorm:"embedded;embeddedPrefix:c_"`
		Claimant   claimantRow    `gorm:"embedded;embeddedPrefix:w_"`
		Verdict    verdictRow     `gorm:"embedded;embeddedPrefix:v_"`
		Live       publicationRow `gorm:"embedded;embeddedPrefix:p_"`
		Complaints int
		Blocking   int
		Side       string
	}
	err := s.locking(ctx, "reviews").Table("reviews").
		Joins("JOIN claims ON claims.id = reviews.claim_id").
		Joins("LEFT JOIN claimants ON claimants.id = claims.claimant_id").
		Joins("LEFT JOIN verdicts ON verdicts.id = reviews.verdict_id").
		Joins("LEFT JOIN checks ON checks.review_id = reviews.id").
		Joins("LEFT JOIN publications ON publications.id = checks.publication_id").
		Select("reviews.*, "+blockingComments+" AS blocking, COALESCE(claimants.side, '') AS side, "+
			columns("claims", "c_", "id text short_form kind lang claimant_id unattributed said_at due_at fingerprint merged_into created_at")+", "+
			columns("claimants", "w_", "id name name_key kind")+", "+
			columns("verdicts", "v_", "id review_id number scale_id rating summary rationale one_source none_found no_conflict author_id created_at")+", "+
			columns("publications", "p_", "id review_id edition slug verdict_id content_hash hash snapshot published_at published_by")+", "+
			"(SELECT COUNT(*) FROM complaints WHERE complaints.review_id = reviews.id AND complaints.outcome = '') AS complaints").
		Where("reviews.id = ?", reviewID).Take(&row).Error
	d.Review, d.Claim, d.Verdict = review.Review(row.Review), claims.Claim(row.Claim), review.Verdict(row.Verdict)
	d.Claimant, d.Side, d.Blocking, d.Complaints = row.Claimant.claimant(), row.Side, row.Blocking, row.Complaints
	if err != nil || row.Live.ID == 0 {
		return err
	}
	live, err := row.Live.publication()
	d.Live = &live
	return err
}

// columns names columns of a table with a prefix, for an embedded row.
func columns(table, prefix, names string) string {
	var all []string
	for _, n := range strings.Fields(names) {
		all = append(all, table+"."+n+" AS "+prefix+n)
	}
	return strings.Join(all, ", ")
}

// maxPlaces bounds how many appearances a dossier holds: the first ones found.
const maxPlaces = 50

func (s *Store) loadPlaces(ctx context.Context, d *review.Dossier) error {
	var rows []struct {
		Place   appearanceRow `gorm:"embedded"`
		Article articleRow    `gorm:"embedded;embeddedPrefix:a_"`
	}
	err := s.read(ctx).Table("appearances").Joins("JOIN articles ON articles.id = appearances.article_id").
		Select("appearances.*, "+columns("articles", "a_", "id source version url title publisher author lang media_type sha256 text published_at added_at added_by")).
		Where("appearances.claim_id = ? AND appearances.replaced_at IS NULL", d.Review.ClaimID).Order("appearances.added_at, appearances.id").Limit(maxPlaces).Find(&rows).Error
	if err != nil {
		return err
	}
	for _, r := range rows {
		p, err := place(r.Place, r.Article)
		if err != nil {
			return err
		}
		d.Places = append(d.Places, p)
	}
	return nil
}

// place joins an appearance with its article and verifies the span on the
// stored text.
func place(r appearanceRow, row articleRow) (review.Place, error) {
	a, err := r.appearance()
	if err != nil {
		return review.Place{}, err
	}
	p := review.Place{Appearance: a, Article: claims.Article(row), Verified: a.Span.Check(row.Text) == nil}
	p.Article.Text = ""
	if p.Verified {
		cp := claims.NewCodePoints(row.Text)
		p.From, p.To = cp.At(a.Span.Start), cp.At(a.Span.End)
		p.Context = claims.Paragraph(row.Text, a.Span)
	}
	return p, nil
}

// loadScales loads the policy and the scales that matter. All scales are read:
// there is a handful.
func (s *Store) loadScales(ctx context.Context, d *review.Dossier) error {
	var rows []struct {
		Scale  scaleRow  `gorm:"embedded"`
		Policy policyRow `gorm:"embedded;embeddedPrefix:p_"`
	}
	err := s.read(ctx).Table("scales").Joins("LEFT JOIN policies ON policies.id = (SELECT MAX(id) FROM policies)").
		Select("scales.*, " + columns("policies", "p_", "id body author_id created_at")).Order("scales.version").Find(&rows).Error
	if err != nil {
		return err
	}
	for i, r := range rows {
		if i == 0 {
			if d.Policy, err = r.Policy.policy(); err != nil {
				return err
			}
		}
		scale, err := r.Scale.scale()
		if err != nil {
			return err
		}
		if scale.Key == d.Policy.Scale {
			d.InForce = scale // the newest comes last
		}
		if scale.ID == d.Verdict.ScaleID {
			d.Scale = scale
		}
	}
	if d.Scale.ID == 0 {
		d.Scale = d.InForce
	}
	return nil
}

// Marks of rows among those of contributions.
const (
	asGuest    review.How = "outside reader"
	asTick     review.How = "tick"
	asTopic    review.How = "topic"
	asInterest review.How = "interest"
)

// loadApprovals loads the approvals of the round, the contributions to the
// edition, the outside readers, what is ticked, what the claim is about and who
// has an interest in that or in its claimant, in one query.
func (s *Store) loadApprovals(ctx context.Context, d *review.Dossier) error {
	var rows []struct {
		Row   approvalRow `gorm:"embedded"`
		How   review.How  // empty: an approval; asGuest: an outside reader
		Guest guestRow    `gorm:"embedded;embeddedPrefix:g_"`
		Name  string      // of the outside reader
	}
	none := "CAST(NULL AS BIGINT) AS g_person_id, '' AS g_email, CAST(NULL AS BIGINT) AS g_ends_at, CAST(NULL AS BIGINT) AS g_revoked_at, '' AS name"
	err := s.read(ctx).Raw(`
		SELECT id, review_id, edition, round, purpose, verdict_id, content_hash, editor_id, created_at, '' AS how, `+none+`
		FROM approvals WHERE review_id = ? AND round = ?
		UNION ALL SELECT id, review_id, edition, 0, '', 0, '', person_id, at, how, `+none+` FROM contributions WHERE review_id = ? AND edition = ?
		UNION ALL SELECT g.id, g.review_id, 0, g.round, '', 0, g.content_hash, g.invited_by, g.invited_at, ?, g.person_id, g.email, g.ends_at, g.revoked_at, people.name
		FROM guest_readers AS g JOIN people ON people.id = g.person_id WHERE g.review_id = ?
		UNION ALL SELECT id, review_id, edition, CASE WHEN done THEN 1 ELSE 0 END, '', 0, item, by_id, at, ?, `+none+` FROM ticks WHERE review_id = ? AND edition = ?
		UNION ALL SELECT 0, 0, 0, 0, key, 0, name, 0, 0, ?, `+none+` FROM topics WHERE claim_id = ?
		UNION ALL SELECT id, 0, 0, 0, kind, 0, note, person_id, declared_at, ?, since, '', until, NULL, subject FROM interests
		WHERE ended_at IS NULL AND kind <> ? AND subject_key IN ?
		UNION ALL SELECT id, 0, 0, 0, kind, 0, note, person_id, declared_at, ?, since, '', until, NULL, subject FROM interests
		WHERE ended_at IS NULL AND kind = ? AND subject_key IN (SELECT key FROM topics WHERE claim_id = ?)
		ORDER BY how, id, purpose`, d.Review.ID, d.Review.Round, d.Review.ID, d.Review.Edition, asGuest, d.Review.ID, asTick, d.Review.ID, d.Review.Edition,
		asTopic, d.Review.ClaimID, asInterest, review.InTopic, []string{review.SubjectKey(d.Claimant.Name), review.SubjectKey(d.Side)},
		asInterest, review.InTopic, d.Review.ClaimID).Find(&rows).Error
	for _, r := range rows {
		switch r.How {
		case asTick:
			d.Ticks = append(d.Ticks, review.Tick{ID: r.Row.ID, ReviewID: r.Row.ReviewID, Edition: r.Row.Edition, Item: r.Row.ContentHash, Done: r.Row.Round == 1, ByID: r.Row.EditorID, At: r.Row.CreatedAt})
		case asTopic:
			d.Topics = append(d.Topics, r.Row.ContentHash)
		case asInterest:
			i := review.Interest{ID: r.Row.ID, PersonID: r.Row.EditorID, Kind: review.InterestKind(r.Row.Purpose), Subject: r.Name, Note: r.Row.ContentHash, Until: r.Guest.EndsAt, DeclaredAt: r.Row.CreatedAt}
			if r.Guest.PersonID != 0 {
				i.Since = fromMicros(r.Guest.PersonID)
			}
			d.Interests = append(d.Interests, i)
		case "":
			d.Approvals = append(d.Approvals, review.Approval(r.Row))
		case asGuest:
			d.Guests = append(d.Guests, review.GuestReader{
				ID: r.Row.ID, ReviewID: r.Row.ReviewID, PersonID: r.Guest.PersonID, Name: r.Name, Email: r.Guest.Email, Round: r.Row.Round,
				ContentHash: r.Row.ContentHash, InvitedBy: r.Row.EditorID, InvitedAt: r.Row.CreatedAt, EndsAt: r.Guest.EndsAt, RevokedAt: r.Guest.RevokedAt,
			})
		default:
			d.Contributors = append(d.Contributors, review.Contribution{
				ID: r.Row.ID, ReviewID: r.Row.ReviewID, Edition: r.Row.Edition, PersonID: r.Row.EditorID, How: r.How, At: r.Row.CreatedAt,
			})
		}
	}
	slices.SortFunc(d.Topics, func(a, b string) int { return cmp.Compare(review.SubjectKey(a), review.SubjectKey(b)) })
	slices.SortFunc(d.Contributors, func(a, b review.Contribution) int { return cmp.Compare(a.ID, b.ID) })
	return err
}

// loadReadings loads the second readings of the round, with how they were
// resolved.
func (s *Store) loadReadings(ctx context.Context, d *review.Dossier) error {
	if d.Review.SubmittedAt.IsZero() { // nothing is with the editors: no round is open to readers
		return nil
	}
	var rows []struct {
		Reading      readingRow `gorm:"embedded"`
		ResolutionID *int64
		EditorID     *int64
		Answer       *string
		ResolvedAt   *int64
	}
	err := s.read(ctx).Table("second_readings").Joins("LEFT JOIN resolutions ON resolutions.reading_id = second_readings.id").
		Select("second_readings.*, resolutions.id AS resolution_id, resolutions.editor_id, resolutions.note AS answer, resolutions.created_at AS resolved_at").
		Where("second_readings.review_id = ? AND second_readings.round = ?", d.Review.ID, d.Review.Round).Order("second_readings.id").Find(&rows).Error
	for _, r := range rows {
		reading := review.SecondReading{
			ID: r.Reading.ID, ReviewID: r.Reading.ReviewID, Round: r.Reading.Round, VerdictID: r.Reading.VerdictID, ReaderID: r.Reading.ReaderID,
			Rating: r.Reading.Rating, Note: r.Reading.Note, Agrees: r.Reading.Agrees, CreatedAt: r.Reading.CreatedAt,
		}
		if r.ResolutionID != nil {
			reading.Resolution = &review.Resolution{
				ID: *r.ResolutionID, ReadingID: reading.ID, EditorID: *r.EditorID, Note: *r.Answer, CreatedAt: fromMicros(*r.ResolvedAt),
			}
		}
		d.Readings = append(d.Readings, reading)
	}
	return err
}

// loadPeople loads everybody whom the dossier names, and everybody who is
// active: whoever can be asked to work on it.
func (s *Store) loadPeople(ctx context.Context, d *review.Dossier) error {
	ids := []int64{d.Review.AssigneeID, d.Review.SubmitterID, d.Review.CorrectionBy, d.Review.ScheduledBy, d.Review.OverrideBy, d.Verdict.AuthorID}
	for _, r := range d.Readings {
		ids = append(ids, r.ReaderID)
		if r.Resolution != nil {
			ids = append(ids, r.Resolution.EditorID)
		}
	}
	for _, a := range d.Approvals {
		ids = append(ids, a.EditorID)
	}
	for _, g := range d.Guests {
		ids = append(ids, g.PersonID, g.InvitedBy)
	}
	for _, t := range d.Ticks {
		ids = append(ids, t.ByID)
	}
	for _, q := range d.Requests {
		ids = append(ids, q.AskedBy, q.SentBy, q.ClosedBy)
	}
	for _, c := range d.Contributors {
		ids = append(ids, c.PersonID)
	}
	for _, e := range d.Evidence {
		ids = append(ids, e.AddedBy)
	}
	for _, c := range d.Copies {
		ids = append(ids, c.Last.Seen.ByID)
	}
	for _, i := range d.Interests {
		ids = append(ids, i.PersonID)
	}
	people, err := s.people(ctx, ids, true)
	d.People = map[int64]review.Person{}
	working := 0
	for _, p := range people {
		d.People[p.ID] = p
		if p.Is(review.Checker, review.Editor, review.Standards) {
			working++
		}
	}
	d.Alone = working < 2
	return err
}
