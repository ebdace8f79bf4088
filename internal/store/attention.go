package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"factcheck/internal/errs"
	"factcheck/internal/review"
)

type watcherRow struct {
	ReviewID int64
	PersonID int64
	Since    time.Time `gorm:"serializer:micros"`
}

func (watcherRow) TableName() string { return "watchers" }

type noticeRow struct {
	ID       int64
	PersonID int64
	ReviewID int64
	EventSeq int64
	ReadAt   time.Time `gorm:"serializer:micros"`
}

func (noticeRow) TableName() string { return "notices" }

type viewRow struct {
	ID       int64
	PersonID int64
	Name     string
	Query    string
	At       time.Time `gorm:"serializer:micros"`
}

func (viewRow) TableName() string { return "views" }

type presenceRow struct {
	ReviewID int64
	PersonID int64
	Editing  bool
	At       time.Time `gorm:"serializer:micros"`
}

func (presenceRow) TableName() string { return "presences" }

// Watch makes a person watch a review, or stop. NotFound if there is no such
// review. Doing it again changes nothing.
func (s *Store) Watch(ctx context.Context, reviewID, personID int64, on bool, now time.Time) error {
	const op = "store.Watch"
	if !on {
		return kind(op, s.write(ctx).Where("review_id = ? AND person_id = ?", reviewID, personID).Delete(&watcherRow{}).Error)
	}
	if err := s.mustHaveReview(ctx, op, reviewID); err != nil {
		return err
	}
	return kind(op, s.write(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&watcherRow{reviewID, personID, now}).Error)
}

func (s *Store) mustHaveReview(ctx context.Context, op string, id int64) error {
	var found struct{ ID int64 }
	return one(op, "There is no such review.", s.read(ctx).Table("reviews").Select("id").Where("id = ?", id).Take(&found).Error)
}

// Look notes that a person is on the page of a review. NotFound if there is no
// such review.
func (s *Store) Look(ctx context.Context, reviewID, personID int64, editing bool, now time.Time) error {
	const op = "store.Look"
	if err := s.mustHaveReview(ctx, op, reviewID); err != nil {
		return err
	}
	row := presenceRow{reviewID, personID, editing, now}
	return kind(op, s.write(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "review_id"}, {Name: "person_id"}}, DoUpdates: clause.AssignmentColumns([]string{"editing", "at"}),
	}).Create(&row).Error)
}

// Around is who watches a review and who was on its page since that time, by
// name.
func (s *Store) Around(ctx context.Context, reviewID int64, since time.Time) (review.Around, error) {
	const op = "store.Around"
	var out review.Around
	var watchers []struct {
		ID   int64
		Name string
	}
	err := s.read(ctx).Table("watchers").Joins("JOIN people ON people.id = watchers.person_id").Where("watchers.review_id = ? AND people.active = ?", reviewID, true).
		Select("people.id, people.name").Order("people.name, people.id").Find(&watchers).Error
	if err != nil {
		return out, kind(op, err)
	}
	for _, w := range watchers {
		out.Watchers = append(out.Watchers, review.Person{ID: w.ID, Name: w.Name, Active: true})
	}
	var rows []struct {
		ID      int64
		Name    string
		Editing bool
		At      time.Time `gorm:"serializer:micros"`
	}
	err = s.read(ctx).Table("presences").Joins("JOIN people ON people.id = presences.person_id").Where("presences.review_id = ? AND presences.at > ?", reviewID, since.UnixMicro()).
		Select("people.id, people.name, presences.editing, presences.at").Order("people.name, people.id").Find(&rows).Error
	for _, r := range rows {
		out.Here = append(out.Here, review.Presence{Person: review.Person{ID: r.ID, Name: r.Name, Active: true}, Editing: r.Editing, At: r.At})
	}
	return out, kind(op, err)
}

// notify tells those whom an event concerns. It is part of the transaction that
// writes the event.
func (s *Store) notify(ctx context.Context, reviewID, seq int64, by int64, a review.Audience) error {
	ids := slices.Clone(a.People)
	if a.Watchers { // of a review that was merged into this one, too
		var more []int64
		err := s.write(ctx).Table("watchers").Where("review_id = ? OR review_id IN (SELECT id FROM reviews WHERE merged_into = ?)", reviewID, reviewID).
			Pluck("person_id", &more).Error
		if err != nil {
			return err
		}
		ids = append(ids, more...)
	}
	var roles []review.Role
	if a.Editors {
		roles = append(roles, review.Editor)
	}
	if a.Standards {
		roles = append(roles, review.Standards)
	}
	if len(roles) > 0 {
		var more []int64
		if err := s.write(ctx).Table("person_roles").Where("role IN ?", roles).Pluck("person_id", &more).Error; err != nil {
			return err
		}
		ids = append(ids, more...)
	}
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id int64) bool { return id == by })
	if len(ids) == 0 {
		return nil
	}
	var active []int64
	if err := s.write(ctx).Table("people").Where("id IN ? AND active = ?", ids, true).Pluck("id", &active).Error; err != nil {
		return err
	}
	rows := make([]noticeRow, 0, len(active))
	for _, id := range active {
		rows = append(rows, noticeRow{PersonID: id, ReviewID: reviewID, EventSeq: seq})
	}
	if len(rows) == 0 {
		return nil
	}
	return s.write(ctx).CreateInBatches(rows, 200).Error
}

// Notices are what a person was told, newest first, from the one before that id
// on; 0 is the first page.
func (s *Store) Notices(ctx context.Context, personID, before int64, limit int) ([]review.Notice, error) {
	q := s.read(ctx).Table("notices").Where("notices.person_id = ?", personID)
	if before != 0 {
		q = q.Where("notices.id < ?", before)
	}
	return notices("store.Notices", q.Limit(clamp(limit)))
}

// Unread is how many notices a person has not read, at most review.MaxUnread.
func (s *Store) Unread(ctx context.Context, personID int64) (int, error) {
	var n int64
	unread := s.read(ctx).Model(&noticeRow{}).Select("id").Where("person_id = ? AND read_at IS NULL", personID).Limit(review.MaxUnread)
	err := s.read(ctx).Table("(?) AS unread", unread).Count(&n).Error
	return int(n), kind("store.Unread", err)
}

// ReadNotices marks everything up to that id as read.
func (s *Store) ReadNotices(ctx context.Context, personID, upTo int64, now time.Time) error {
	err := s.write(ctx).Model(&noticeRow{}).Where("person_id = ? AND id <= ? AND read_at IS NULL", personID, upTo).
		Select("read_at").Updates(&noticeRow{ReadAt: now}).Error
	return kind("store.ReadNotices", err)
}

// Views are the lists that a person keeps, by name.
func (s *Store) Views(ctx context.Context, personID int64) ([]review.View, error) {
	var rows []viewRow
	if err := s.read(ctx).Where("person_id = ?", personID).Order("name, id").Limit(review.MaxViews).Find(&rows).Error; err != nil {
		return nil, kind("store.Views", err)
	}
	var out []review.View
	for _, r := range rows {
		out = append(out, review.View(r))
	}
	return out, nil
}

// SaveView keeps a list, in place of one with the same name.
func (s *Store) SaveView(ctx context.Context, v review.View) error {
	row := viewRow(v)
	err := s.write(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "person_id"}, {Name: "name"}}, DoUpdates: clause.AssignmentColumns([]string{"query", "at"}),
	}).Create(&row).Error
	return kind("store.SaveView", err)
}

// DropView forgets a list of that person. NotFound.
func (s *Store) DropView(ctx context.Context, personID, id int64) error {
	const op = "store.DropView"
	res := s.write(ctx).Where("person_id = ? AND id = ?", personID, id).Delete(&viewRow{})
	if res.Error != nil {
		return kind(op, res.Error)
	}
	if res.RowsAffected == 0 {
		return errs.New(op, errs.NotFound, "There is no such list.")
	}
	return nil
}

// Loads are active fact-checkers and editors by name, with their work, from the one
// after that person on; 0, or somebody who is none any more, is the first page.
func (s *Store) Loads(ctx context.Context, now time.Time, after int64, limit int) ([]review.Load, error) {
	people, err := s.People(ctx)
	if err != nil {
		return nil, err
	}
	people = review.Assignable(people)
	if i := slices.IndexFunc(people, func(p review.Person) bool { return p.ID == after }); i >= 0 {
		people = people[i+1:]
	}
	people = people[:min(len(people), clamp(limit))]
	out := make([]review.Load, len(people))
	ids := make([]int64, len(people))
	at := map[int64]*review.Load{}
	for i, p := range people {
		out[i], ids[i] = review.Load{Person: p}, p.ID
		at[p.ID] = &out[i]
	}
	return out, s.fillLoads(ctx, now, ids, at)
}

// fillLoads counts the work of people.
func (s *Store) fillLoads(ctx context.Context, now time.Time, ids []int64, at map[int64]*review.Load) error {
	const op = "store.Loads"
	var research, sent []struct {
		PersonID int64
		N        int
		Overdue  int
		NextDue  time.Time `gorm:"serializer:micros"`
	}
	running, moment := "due_at IS NOT NULL AND (hold = '' OR hold_until <= ?)", now.UnixMicro()
	err := s.read(ctx).Table("reviews").Where("assignee_id IN ? AND state = ?", ids, review.Research).Group("assignee_id").
		Select("assignee_id AS person_id, COUNT(*) AS n, SUM(CASE WHEN "+running+" AND due_at < ? THEN 1 ELSE 0 END) AS overdue, "+
			"MIN(CASE WHEN "+running+" THEN due_at END) AS next_due", moment, moment, moment).Find(&research).Error
	if err != nil {
		return kind(op, err)
	}
	for _, r := range research {
		l := at[r.PersonID]
		l.Research, l.Overdue, l.NextDue = r.N, r.Overdue, r.NextDue
	}
	err = s.read(ctx).Table("reviews").Where("submitter_id IN ? AND state IN ?", ids, []review.State{review.Editing, review.Approved, review.Scheduled}).
		Group("submitter_id").Select("submitter_id AS person_id, COUNT(*) AS n").Find(&sent).Error
	for _, r := range sent {
		at[r.PersonID].Sent = r.N
	}
	return kind(op, err)
}
