package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// Dossier loads everything that decides about a review, as of one moment; in a
// transaction of InTx, nobody else can change it until that ends. NotFound.
func (s *Store) Dossier(ctx context.Context, reviewID int64) (review.Dossier, error) {
	var d review.Dossier
	err := s.inRead(ctx, func(ctx context.Context) error {
		var row reviewRow
		if err := s.locking(ctx).Where("id = ?", reviewID).Take(&row).Error; err != nil {
			return one("store.Dossier", "There is no such review.", err)
		}
		d.Review = review.Review(row)
		for _, load := range []func(context.Context, *review.Dossier) error{
			s.loadClaim, s.loadPlaces, s.loadEvidence, s.loadVerdict, s.loadScales, s.loadApprovals, s.loadLive, s.loadPeople,
		} {
			if err := load(ctx, &d); err != nil {
				return kind("store.Dossier", err)
			}
		}
		return nil
	})
	return d, err
}

func (s *Store) loadClaim(ctx context.Context, d *review.Dossier) error {
	var row struct {
		Claim        claimRow `gorm:"embedded"`
		ClaimantName *string
		ClaimantKind *claims.ClaimantKind
	}
	err := s.read(ctx).Table("claims").Joins("LEFT JOIN claimants ON claimants.id = claims.claimant_id").
		Select("claims.*, claimants.name AS claimant_name, claimants.kind AS claimant_kind").
		Where("claims.id = ?", d.Review.ClaimID).Take(&row).Error
	if err != nil {
		return err
	}
	d.Claim = claims.Claim(row.Claim)
	if row.ClaimantName != nil {
		d.Claimant = claims.Claimant{ID: row.Claim.ClaimantID, Name: *row.ClaimantName, Kind: *row.ClaimantKind}
	}
	return nil
}

// maxPlaces bounds how many appearances a dossier holds: the first ones found.
const maxPlaces = 50

func (s *Store) loadPlaces(ctx context.Context, d *review.Dossier) error {
	var found []appearanceRow
	if err := s.read(ctx).Where("claim_id = ?", d.Review.ClaimID).Order("id").Limit(maxPlaces).Find(&found).Error; err != nil {
		return err
	}
	ids := []int64{}
	for _, r := range found {
		ids = append(ids, r.ArticleID)
	}
	var articles []articleRow
	if err := s.read(ctx).Where("id IN ?", ids).Find(&articles).Error; err != nil {
		return err
	}
	for _, r := range found {
		i := slices.IndexFunc(articles, func(a articleRow) bool { return a.ID == r.ArticleID })
		p, err := place(r, articles[i])
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

func (s *Store) loadEvidence(ctx context.Context, d *review.Dossier) error {
	var rows []evidenceRow
	err := s.read(ctx).Where("review_id = ?", d.Review.ID).Order("number, id").Find(&rows).Error
	for _, r := range rows {
		d.LastEvidence = max(d.LastEvidence, r.Number)
		if r.RemovedIn == 0 {
			d.Evidence = append(d.Evidence, review.Evidence(r))
		}
	}
	return err
}

func (s *Store) loadVerdict(ctx context.Context, d *review.Dossier) error {
	if d.Review.VerdictID == 0 {
		return nil
	}
	var row verdictRow
	err := s.read(ctx).Where("id = ?", d.Review.VerdictID).Take(&row).Error
	d.Verdict = review.Verdict(row)
	return err
}

func (s *Store) loadScales(ctx context.Context, d *review.Dossier) error {
	var err error
	if d.Policy, err = s.Policy(ctx); err != nil {
		return err
	}
	var rows []scaleRow
	err = s.read(ctx).Where("key = ? OR id = ?", d.Policy.Scale, d.Verdict.ScaleID).Order("version").Find(&rows).Error
	if err != nil {
		return err
	}
	for _, r := range rows {
		scale, err := r.scale()
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

func (s *Store) loadApprovals(ctx context.Context, d *review.Dossier) error {
	var approvals []approvalRow
	err := s.read(ctx).Where("review_id = ? AND round = ?", d.Review.ID, d.Review.Round).Order("id").Find(&approvals).Error
	if err != nil {
		return err
	}
	for _, r := range approvals {
		d.Approvals = append(d.Approvals, review.Approval(r))
	}
	var contributions []contributionRow
	err = s.read(ctx).Where("review_id = ? AND edition = ?", d.Review.ID, d.Review.Edition).Order("id").Find(&contributions).Error
	for _, r := range contributions {
		d.Contributors = append(d.Contributors, review.Contribution(r))
	}
	return err
}

func (s *Store) loadLive(ctx context.Context, d *review.Dossier) error {
	if d.Review.Edition == 1 {
		return nil
	}
	var row publicationRow
	err := s.read(ctx).Table("publications").Joins("JOIN checks ON checks.publication_id = publications.id").
		Select("publications.*").Where("checks.review_id = ?", d.Review.ID).Take(&row).Error
	if err != nil {
		return err
	}
	p, err := row.publication()
	d.Live = &p
	return err
}

// loadPeople loads everybody whom the dossier names.
func (s *Store) loadPeople(ctx context.Context, d *review.Dossier) error {
	ids := []int64{d.Review.AssigneeID, d.Review.SubmitterID, d.Review.CorrectionBy, d.Verdict.AuthorID}
	for _, a := range d.Approvals {
		ids = append(ids, a.EditorID)
	}
	for _, c := range d.Contributors {
		ids = append(ids, c.PersonID)
	}
	for _, e := range d.Evidence {
		ids = append(ids, e.AddedBy)
	}
	people, err := s.people(ctx, ids)
	d.People = map[int64]review.Person{}
	for _, p := range people {
		d.People[p.ID] = p
	}
	return err
}

// AddReview writes a new review and its first event, and returns its id.
// Conflict if the claim has a review already.
func (s *Store) AddReview(ctx context.Context, r review.Review, e review.Event) (int64, error) {
	err := s.InTx(ctx, func(ctx context.Context) error {
		row := reviewRow(r)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return kind("store.AddReview", err)
		}
		r.ID, e.SubjectID = row.ID, row.ID
		return s.appendEvent(ctx, e)
	})
	return r.ID, err
}

// Save writes an outcome. Conflict if the review has another version than
// ReadVersion, or a form with the same key was saved meanwhile: nothing is
// written then. The review is updated last, when all ids are known, but locked
// first, so that of two savers the second waits and then finds another version.
func (s *Store) Save(ctx context.Context, o review.Outcome) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.lockReview(ctx, o.Review.ID, o.ReadVersion); err != nil {
			return err
		}
		for _, write := range []func(context.Context, *review.Outcome) error{
			s.saveClaim, s.saveVerdict, s.saveEvidence, s.saveSignatures, s.savePublication,
		} {
			if err := write(ctx, &o); err != nil {
				return kind("store.Save", err)
			}
		}
		if err := s.UpdateReview(ctx, o.Review, o.ReadVersion); err != nil {
			return err
		}
		return s.appendEvent(ctx, o.Event)
	})
}

const changedMeanwhile = "Someone else changed this review while you worked on it."

// lockReview keeps everybody else from saving the review until the transaction
// ends. Conflict if it has another version.
func (s *Store) lockReview(ctx context.Context, id, version int64) error {
	res := s.write(ctx).Model(&reviewRow{}).Where("id = ? AND version = ?", id, version).
		Select("version").Updates(map[string]any{"version": version})
	if res.Error != nil {
		return kind("store.lockReview", res.Error)
	}
	if res.RowsAffected == 0 {
		return errs.New("store.lockReview", errs.Conflict, changedMeanwhile)
	}
	return nil
}

// UpdateReview saves every field of r if the stored version is still read.
// Conflict if it is not: nothing is written then.
func (s *Store) UpdateReview(ctx context.Context, r review.Review, read int64) error {
	const op = "store.UpdateReview"
	row := reviewRow(r)
	res := s.write(ctx).Model(&reviewRow{}).
		Where("id = ? AND version = ?", r.ID, read).
		Select("*").Omit("id", "claim_id"). // "*": zero values are written too
		Updates(&row)
	if res.Error != nil {
		return kind(op, res.Error)
	}
	if res.RowsAffected == 0 {
		return errs.New(op, errs.Conflict, changedMeanwhile)
	}
	return nil
}

func (s *Store) saveClaim(ctx context.Context, o *review.Outcome) error {
	if o.Claim == nil {
		return nil
	}
	row := claimRow(*o.Claim)
	row.ClaimantID = 0
	if o.Claimant != nil && o.Claimant.Name != "" {
		id, err := s.claimant(ctx, *o.Claimant)
		if err != nil {
			return err
		}
		row.ClaimantID = id
	}
	res := s.write(ctx).Model(&claimRow{}).Where("id = ?", row.ID).Select("*").Omit("id", "fingerprint", "created_at").Updates(&row)
	return mustBeOne("store.saveClaim", res)
}

// claimant is the id of the claimant of that name, who is added if nobody has
// it yet. The kind of one who is there is changed only from unknown.
func (s *Store) claimant(ctx context.Context, c claims.Claimant) (int64, error) {
	row := claimantRow{Name: c.Name, NameKey: nameKey(c.Name), Kind: c.Kind}
	var found claimantRow
	err := s.write(ctx).Where("name_key = ?", row.NameKey).Limit(1).Find(&found).Error
	if err != nil || found.ID == 0 {
		if err == nil {
			err = s.write(ctx).Create(&row).Error
		}
		return row.ID, err
	}
	if found.Kind == claims.Unknown && c.Kind != claims.Unknown {
		res := s.write(ctx).Model(&claimantRow{}).Where("id = ?", found.ID).Select("kind").Updates(&row)
		err = mustBeOne("store.claimant", res)
	}
	return found.ID, err
}

// nameKey is under what a name is found: its fingerprint, or itself if it has
// neither letters nor digits.
func nameKey(name string) string {
	if k := claims.Fingerprint(name); k != "" {
		return k
	}
	return name
}

func (s *Store) saveVerdict(ctx context.Context, o *review.Outcome) error {
	if o.Verdict == nil {
		return nil
	}
	row := verdictRow(*o.Verdict)
	if err := s.write(ctx).Create(&row).Error; err != nil {
		return err
	}
	o.Review.VerdictID = row.ID
	return nil
}

func (s *Store) saveEvidence(ctx context.Context, o *review.Outcome) error {
	now, by, edition := o.Event.At, o.Event.ActorID, o.Review.Edition
	if err := s.dropEvidence(ctx, s.write(ctx).Where("id IN ? AND removed_in = 0", append(o.DropEvidence, 0)), edition, by, now); err != nil {
		return err
	}
	if r := o.RestoreFrom; r != nil {
		added := s.write(ctx).Where("review_id = ? AND added_in = ? AND removed_in = 0", o.Review.ID, r.Edition)
		if err := s.dropEvidence(ctx, added, r.Edition, by, now); err != nil {
			return err
		}
		err := s.write(ctx).Model(&evidenceRow{}).Where("review_id = ? AND removed_in = ? AND added_in < ?", o.Review.ID, r.Edition, r.Edition).
			Select("removed_in", "removed_by", "removed_at").Updates(&evidenceRow{}).Error
		if err != nil {
			return err
		}
	}
	for _, e := range o.AddEvidence {
		row := evidenceRow(e)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) dropEvidence(_ context.Context, which *gorm.DB, edition int, by int64, at time.Time) error {
	return which.Model(&evidenceRow{}).Select("removed_in", "removed_by", "removed_at").
		Updates(&evidenceRow{RemovedIn: edition, RemovedBy: by, RemovedAt: at}).Error
}

func (s *Store) saveSignatures(ctx context.Context, o *review.Outcome) error {
	if o.Approval != nil {
		row := approvalRow(*o.Approval)
		if err := s.write(ctx).Create(&row).Error; err != nil {
			return err
		}
	}
	for _, c := range o.Contributed {
		row := contributionRow(c)
		n := int64(0)
		known := s.write(ctx).Model(&contributionRow{}).
			Where("review_id = ? AND edition = ? AND person_id = ? AND how = ?", c.ReviewID, c.Edition, c.PersonID, c.How).Count(&n)
		if known.Error != nil {
			return known.Error
		}
		if n == 0 {
			if err := s.write(ctx).Create(&row).Error; err != nil {
				return err
			}
		}
	}
	return nil
}

func mustBeOne(op string, res *gorm.DB) error {
	if res.Error != nil {
		return kind(op, res.Error)
	}
	if res.RowsAffected != 1 {
		return errs.Newf(op, errs.Internal, "%d rows instead of one were changed.", res.RowsAffected)
	}
	return nil
}
