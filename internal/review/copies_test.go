package review

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"factcheck/internal/errs"
)

func TestEveryAddressNeedsACopyOrAWrittenReason(t *testing.T) {
	tests := []struct {
		name string
		set  func(d *Dossier)
		want string // part of the sentence; empty: it holds
	}{
		{"both are captured", func(*Dossier) {}, ""},
		{"one has none", func(d *Dossier) { delete(d.Copies, 71) }, "No copy is kept of [2]."},
		{"neither has one", func(d *Dossier) { d.Copies = nil }, "No copy is kept of [1] and [2]."},
		{"one is being made", func(d *Dossier) { d.Copies[71] = Copy{Waiting: true} }, "A copy of [2] is being made."},
		{"one failed and is tried again", func(d *Dossier) { d.Copies[71] = Copy{Waiting: true, Problem: "No answer."} }, "No copy is kept of [2]."},
		{"a reason is written", func(d *Dossier) { delete(d.Copies, 71); d.Evidence[1].NoCopy = "Behind a paywall." }, ""},
		{"a title without an address", func(d *Dossier) {
			delete(d.Copies, 71)
			d.Evidence[1].URL, d.Evidence[1].Title = "", "Letter"
		}, ""},
		{"somebody else's archive is no copy of ours", func(d *Dossier) { delete(d.Copies, 71); d.Evidence[1].ArchiveURL = "https://archive.example.org/1" }, "No copy is kept of [2]."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := ideal(Research)
			tt.set(&d)
			_, err := d.Apply(command(Submit, ana), now)
			if tt.want == "" && err != nil || tt.want != "" && !strings.Contains(errs.Message(err), tt.want) {
				t.Errorf("sending says %v, want %q", err, tt.want)
			}
		})
	}
}

func TestACopyThatIsAnotherOneVoidsTheApproval(t *testing.T) {
	d := ideal(Approved)
	d.Copies[70] = Copy{CaptureID: 99, SHA256: strings.Repeat("ff", 32), At: now}
	if d.Standing() != 0 {
		t.Error("what the editors approved rests on another copy now, and their approval stands")
	}
}

func TestALaterLookDoesNotVoidTheApproval(t *testing.T) {
	d := ideal(Approved)
	c := d.Copies[70]
	c.Last, c.Looks, c.Waiting = LastLook{CaptureID: 99, Found: "changed", At: now}, 2, true
	d.Copies[70] = c
	if d.Standing() != 1 {
		t.Error("a look at the source took the approval away")
	}
}

func TestACopyBesideAWrittenReasonIsNotReported(t *testing.T) {
	d := ideal(Research)
	d.Evidence[0].NoCopy = "The page needs an account."
	before := d.ContentHash()
	c := d.Copies[70]
	delete(d.Copies, 70)
	if d.ContentHash() != before {
		t.Error("a copy that arrived after the reason was written changes what editors approve")
	}
	d.Copies[70] = c
	if s := d.reportSources()[0]; s.Copy != nil || s.NoCopy == "" {
		t.Errorf("readers are told of copy %v and reason %q", s.Copy, s.NoCopy)
	}
}

func TestReadersAreToldOfCopiesAndWhatIsKnownOfASource(t *testing.T) {
	d := ideal(Approved)
	d.Approvals = nil
	d.Evidence[0].Origin, d.Evidence[0].Behind, d.Evidence[0].Interest = Primary, "Ministry", "It is judged by this figure."
	c := d.Copies[71]
	c.Upload, c.Title = true, "report.pdf"
	d.Copies[71] = c
	sources := d.reportSources()
	if s := sources[0]; s.Copy == nil || s.Copy.SHA256 != strings.Repeat("a1", 32) || s.Copy.File != "" || s.Origin != Primary || s.Behind != "Ministry" || s.Interest == "" {
		t.Errorf("[1] is told as %+v", s)
	}
	if s := sources[1]; s.Copy == nil || s.Copy.File != "report.pdf" {
		t.Errorf("[2] is told as %+v", s)
	}
}

func TestSourcesWithTheSamePeopleBehindThemAreOne(t *testing.T) {
	d := ideal(Research)
	d.Evidence[0].Behind, d.Evidence[1].Behind = "The Institute", "the institute "
	_, err := d.Apply(command(Submit, ana), now)
	if !strings.Contains(errs.Message(err), "1 publisher") {
		t.Errorf("two addresses of one institute count as two: %v", err)
	}
}

func TestAnUnknownOriginIsRefused(t *testing.T) {
	cmd := command(AddEvidence, ana)
	cmd.Evidence.Origin = "tertiary"
	if _, err := ideal(Research).Apply(cmd, now); !errors.Is(err, errs.Invalid) {
		t.Errorf("Apply = %v", err)
	}
}

func TestAFileComesWithEvidenceAlone(t *testing.T) {
	cmd := command(Return, edith)
	cmd.File = fileFor(AttachFile)
	if _, err := ideal(Editing).Apply(cmd, now); !errors.Is(err, errs.Invalid) {
		t.Errorf("a file with another action: %v", err)
	}
	o := apply(t, ideal(Research), command(AttachFile, ben))
	if len(o.Event.Changes) != 1 || !strings.Contains(o.Event.Changes[0].To, "to [1]: table.pdf, 1200 bytes, SHA-256 c3c3") {
		t.Errorf("the history says %+v", o.Event.Changes)
	}
	if !slices.ContainsFunc(o.Contributed, func(c Contribution) bool { return c.PersonID == ben.ID && c.How == ChangedSources }) {
		t.Error("whoever added a file does not count as a contributor")
	}
}

func TestCitesAreTheNumbersInTheRationale(t *testing.T) {
	tests := []struct {
		text string
		want []int
	}{
		{"The table [2] and the audit [1] say so [2].", []int{1, 2}},
		{"Both [1, 3] and [10,11].", []int{1, 3, 10, 11}},
		{"A [link](x), a [] and [12345], [x].", nil},
		{"[[4]] of a note", []int{4}},
	}
	for _, tt := range tests {
		if got := Cites(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("Cites(%q) = %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestARevisionKeepsWhichEvidenceItCites(t *testing.T) {
	cmd := command(SaveVerdict, ana)
	cmd.Verdict.Rationale = "See [2], and [9] that is not there."
	if o := apply(t, ideal(Research), cmd); !slices.Equal(o.Cites, []int64{71}) {
		t.Errorf("cites %v, want the piece number 2 alone", o.Cites)
	}
}

func TestTheAlertOfAScheduleStandsUntilSomebodyActs(t *testing.T) {
	d := ideal(Scheduled)
	cmd := command(Unschedule, program)
	cmd.Note = "Not published at its time: on hold."
	o := apply(t, d, cmd)
	if o.Review.Alert != cmd.Note {
		t.Fatalf("the alert is %q", o.Review.Alert)
	}
	d = ideal(Approved)
	d.Review.Alert = cmd.Note
	if about := d.Circumstances(); len(about) == 0 || about[0].Code != "alert" || about[0].Sentence != cmd.Note {
		t.Errorf("the page says %v", about)
	}
	if notes := (Row{State: Approved, Alert: cmd.Note}).Notes(now); !slices.Contains(notes, "not published at its time") {
		t.Errorf("the list says %v", notes)
	}
	for _, a := range []Action{Schedule, Publish, Return, SaveVerdict} {
		by := edith
		if a == SaveVerdict {
			by = ana
		}
		if o := apply(t, d, command(a, by)); o.Review.Alert != "" {
			t.Errorf("%s leaves the alert", a)
		}
	}
	if o := apply(t, ideal(Scheduled), command(Unschedule, edith)); o.Review.Alert != "" {
		t.Error("an editor who takes it off the schedule is alerted")
	}
}
