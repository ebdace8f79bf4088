package earlier_test

import (
	"testing"
	"time"

	"factcheck/internal/earlier"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestAChartHasTheFinestBarsThatCanBeRead(t *testing.T) {
	tests := []struct {
		name        string
		days        []earlier.Day
		bars, total int
		first       string
	}{
		{"nothing", nil, 0, 0, ""},
		{"one day", []earlier.Day{{At: day("2026-05-03"), N: 2}}, 1, 2, "May 2026"},
		{"months with a gap", []earlier.Day{{At: day("2026-01-31"), N: 1}, {At: day("2026-04-01"), N: 3}}, 4, 4, "Jan 2026"},
		{"quarters", []earlier.Day{{At: day("2022-02-28"), N: 1}, {At: day("2026-04-01"), N: 1}}, 18, 2, "Jan–Mar 2022"},
		{"years", []earlier.Day{{At: day("2001-02-28"), N: 1}, {At: day("2026-04-01"), N: 1}}, 26, 2, "2001"},
		{"centuries", []earlier.Day{{At: day("0003-02-28"), N: 1}, {At: day("2026-04-01"), N: 1}}, 21, 2, "from 0000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := earlier.Bars(tt.days)
			total := 0
			for _, b := range got {
				total += b.N
			}
			if len(got) != tt.bars || total != tt.total || len(got) > 0 && got[0].Label != tt.first {
				t.Errorf("%d bars, %d in all, first %+v", len(got), total, got)
			}
		})
	}
}

func TestARefComesBackAsItWas(t *testing.T) {
	for _, r := range []earlier.Ref{{Kind: earlier.Claim, ID: 12}, {Kind: earlier.Check, ID: 1 << 40}} {
		if got, err := earlier.ParseRef(r.String()); err != nil || got != r {
			t.Errorf("%v came back as %v, %v", r, got, err)
		}
	}
	for _, bad := range []string{"", "claim", "claim-", "claim-0", "claim--1", "check-1x", "other-1", "check-99999999999999999999"} {
		if got, err := earlier.ParseRef(bad); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}
