package extract_test

import (
	"testing"
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/extract"
)

func TestDueDaysOfOtherLanguages(t *testing.T) {
	tests := []struct{ lang, text, want string }{
		{"de", "Die Stadt will bis 2030 alle 40 Schulen sanieren.", "2030-12-31"},
		{"de", "Am 3. September 2026 stimmt der Rat über 12 neue Gesetze ab.", "2026-09-03"},
		{"de", "Im März 2027 sollen 400 Wohnungen fertig sein.", "2027-03-31"},
		{"es", "El hospital abrirá con 200 camas el 15 de octubre de 2026.", "2026-10-15"},
		{"es", "El gobierno promete 3.000 viviendas para 2028.", "2028-12-31"},
		{"nl", "Op 1 januari 2027 stijgen de huren met 5 procent.", "2027-01-01"},
		{"nl", "Tegen 2030 moeten er 12.000 woningen zijn.", "2030-12-31"},
		{"it", "Il ponte aprirà il 20 giugno 2026 dopo 14 anni.", "2026-06-20"},
		{"it", "Entro il 2029 saranno assunti 5.000 medici.", "2029-12-31"},
		{"de", "Die Fabrik hat 14 Hallen und 2030 Beschäftigte.", ""},
		{"de", "Im Jahr 2019 wurden 300 Wohnungen gebaut.", ""},
		{"es", "El 3 de mayo de 2020 murieron 12 personas.", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			found := extract.Find(claims.Article{Text: tt.text, Lang: tt.lang, PublishedAt: time.Date(2025, 8, 15, 9, 0, 0, 0, time.UTC)})
			if len(found) != 1 {
				t.Fatalf("%d found", len(found))
			}
			got := ""
			if !found[0].Due.IsZero() {
				got = found[0].Due.Format(time.DateOnly)
			}
			if got != tt.want {
				t.Errorf("due %q, want %q", got, tt.want)
			}
		})
	}
}
