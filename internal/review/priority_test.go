package review

import (
	"testing"
	"time"
)

func TestTheClockStartsWhenTheWorkIsTaken(t *testing.T) {
	for _, m := range Priorities {
		d := ideal(Queued)
		d.Review.Priority, d.Review.DueAt = m.Priority, time.Time{}
		o := apply(t, d, at(d, Take, ana))
		want := now.Add(time.Duration(DefaultPolicy.hours(m.Priority)) * time.Hour)
		if !o.Review.DueAt.Equal(want) {
			t.Errorf("%s: due %v, want %v", m.Code, o.Review.DueAt, want)
		}
	}
}

func TestHandingOnKeepsTheTimeAndANewPriorityStartsAnew(t *testing.T) {
	d := ideal(Research)
	d.Review.DueAt = now.Add(time.Hour)
	o := apply(t, d, at(d, Release, ana))
	if !o.Review.DueAt.Equal(d.Review.DueAt) {
		t.Errorf("handed back: due %v", o.Review.DueAt)
	}
	cmd := at(d, SetPriority, edith)
	cmd.Priority = Urgent
	if o = apply(t, d, cmd); !o.Review.DueAt.Equal(now.Add(4 * time.Hour)) {
		t.Errorf("urgent: due %v", o.Review.DueAt)
	}
	d.Review.DueAt = time.Time{}
	if o = apply(t, d, cmd); !o.Review.DueAt.IsZero() {
		t.Errorf("nobody works on it: due %v", o.Review.DueAt)
	}
}

func TestAHoldStopsTheClock(t *testing.T) {
	due := now.Add(10 * time.Hour)
	for name, tt := range map[string]struct {
		until  time.Time // of the hold
		lifted time.Duration
		want   time.Duration // how much later it is due
	}{
		"without an end":          {time.Time{}, 3 * time.Hour, 3 * time.Hour},
		"lifted before its end":   {now.Add(8 * time.Hour), 3 * time.Hour, 3 * time.Hour},
		"lifted long after it":    {now.Add(2 * time.Hour), 5 * time.Hour, 2 * time.Hour},
		"replaced, without a gap": {now.Add(8 * time.Hour), 0, 0},
	} {
		d := ideal(Research)
		d.Review.DueAt = due
		hold := at(d, PutOnHold, edith)
		hold.At = tt.until
		d = after(d, apply(t, d, hold))
		o, err := d.Apply(at(d, LiftHold, edith), now.Add(tt.lifted))
		if err != nil {
			t.Fatal(err)
		}
		if got := o.Review.DueAt.Sub(due); got != tt.want || !o.Review.HeldAt.IsZero() {
			t.Errorf("%s: due %v later, want %v", name, got, tt.want)
		}
	}
	d := ideal(Research)
	d.Review.DueAt = due
	first := at(d, PutOnHold, edith)
	first.At = now.Add(4 * time.Hour)
	d = after(d, apply(t, d, first))
	second := at(d, PutOnHold, edith)
	second.At = now.Add(6 * time.Hour)
	o, err := d.Apply(second, now.Add(time.Hour))
	if err != nil || o.Review.DueAt.Sub(due) != 6*time.Hour {
		t.Errorf("a longer hold in place of one: due %v later, %v", o.Review.DueAt.Sub(due), err)
	}
}

func TestWhatIsOnHoldIsNeverOverdue(t *testing.T) {
	r := Row{State: Research, DueAt: now.Add(-time.Hour)}
	if !r.Overdue(now) {
		t.Error("the time has passed")
	}
	r.Hold = LegalHold
	if r.Overdue(now) {
		t.Error("it is on hold")
	}
	if r.Hold, r.State = "", Published; r.Overdue(now) {
		t.Error("the work is done")
	}
}

func TestWhoDismissedItCanTakeThatBackForAQuarterOfAnHour(t *testing.T) {
	d := ideal(Triage)
	d = after(d, apply(t, d, at(d, Dismiss, ana)))
	if _, err := d.Apply(at(d, Reopen, ben), now); err == nil {
		t.Error("somebody else took it back")
	}
	if _, err := d.Apply(at(d, Reopen, ana), now.Add(16*time.Minute)); err == nil {
		t.Error("it was taken back too late")
	}
	o, err := d.Apply(at(d, Reopen, ana), now.Add(14*time.Minute))
	if err != nil || o.Review.State != Triage || o.Review.DismissedBy != 0 {
		t.Errorf("taken back: %+v, %v", o.Review, err)
	}
}

func TestAPolicyFromBeforeTheHoursHasTheUsualOnes(t *testing.T) {
	var old Policy
	for _, m := range Priorities {
		if old.WorkHours(m.Priority) != DefaultPolicy.hours(m.Priority) {
			t.Errorf("%s: %d hours", m.Code, old.WorkHours(m.Priority))
		}
	}
}

func TestEveryMoveSaysWhoIsTold(t *testing.T) {
	alone := []Action{Accept, Take, SetRisk} // nobody is on it yet, or it is their own, or the page says so
	for _, m := range Moves {
		_, told := audiences[m.Action]
		quiet := m.Action.IsEdit()
		for _, a := range alone {
			quiet = quiet || a == m.Action
		}
		if told == quiet {
			t.Errorf("%s: told %v, quiet %v", m.Action, told, quiet)
		}
	}
}

func TestNobodyIsToldOfTheirOwnMoves(t *testing.T) {
	d := ideal(Editing)
	o := apply(t, d, at(d, Return, edith))
	for _, id := range o.Audience.People {
		if id == edith.ID || id == 0 {
			t.Errorf("told: %v", o.Audience.People)
		}
	}
	if !o.Audience.Watchers || len(o.Audience.People) == 0 || o.Audience.Editors {
		t.Errorf("audience = %+v", o.Audience)
	}
}
