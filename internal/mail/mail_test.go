package mail_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"factcheck/internal/errs"
	"factcheck/internal/mail"
	"factcheck/internal/mail/mailtest"
)

var letter = mail.Letter{ID: "1.request@example.org", To: "press@example.net", Subject: "A question — about “tolls”", Text: "Good day,\n\nis it so?\n"}

func TestALetterReachesTheServerOnce(t *testing.T) {
	server := mailtest.Start(t)
	if err := (mail.Sender{Settings: server.Settings}).Send(context.Background(), letter); err != nil {
		t.Fatal(err)
	}
	all := server.Letters()
	if len(all) != 1 || all[0].From != "desk@example.org" || len(all[0].To) != 1 || all[0].To[0] != letter.To {
		t.Fatalf("%+v", all)
	}
	for _, want := range []string{"Message-ID: <1.request@example.org>", "Auto-Submitted: auto-generated", "is it so?"} {
		if !strings.Contains(all[0].Data, want) {
			t.Errorf("%q is not in\n%s", want, all[0].Data)
		}
	}
	if strings.Contains(all[0].Data, "List-Unsubscribe") {
		t.Error("a letter to one person offers to unsubscribe")
	}
}

func TestALetterOfASubscriptionCanBeEndedWithOneClick(t *testing.T) {
	server := mailtest.Start(t)
	l := letter
	l.Unsubscribe = "https://checks.example.org/unsubscribe/abc"
	if err := (mail.Sender{Settings: server.Settings}).Send(context.Background(), l); err != nil {
		t.Fatal(err)
	}
	data := server.Letters()[0].Data
	if !strings.Contains(data, "List-Unsubscribe: <https://checks.example.org/unsubscribe/abc>") || !strings.Contains(data, "List-Unsubscribe-Post: List-Unsubscribe=One-Click") {
		t.Error(data)
	}
}

// TestNothingTypedAddsALineToTheHead tries to smuggle a header or a second
// recipient in by every field of the head.
func TestNothingTypedAddsALineToTheHead(t *testing.T) {
	server := mailtest.Start(t)
	fields := map[string]func(*mail.Letter, string){
		"id":          func(l *mail.Letter, s string) { l.ID += s },
		"to":          func(l *mail.Letter, s string) { l.To += s },
		"subject":     func(l *mail.Letter, s string) { l.Subject += s },
		"unsubscribe": func(l *mail.Letter, s string) { l.Unsubscribe = "https://checks.example.org/" + s },
	}
	for name, put := range fields {
		for _, evil := range []string{"\r\nBcc: all@example.org", "\nBcc: all@example.org", "\rBcc: all@example.org", "\x00", "\u0085Bcc: x@example.org", "\xff"} {
			l := letter
			put(&l, evil)
			if err := (mail.Sender{Settings: server.Settings}).Send(context.Background(), l); !errors.Is(err, errs.Invalid) {
				t.Errorf("%s with %q = %v", name, evil, err)
			}
		}
	}
	l := letter
	l.To = "press@example.net, all@example.org"
	if err := (mail.Sender{Settings: server.Settings}).Send(context.Background(), l); !errors.Is(err, errs.Invalid) {
		t.Errorf("two recipients = %v", err)
	}
	if n := len(server.Letters()); n > 0 {
		t.Errorf("%d letters went out", n)
	}
}

func TestALineInTheTextStaysInTheText(t *testing.T) {
	server := mailtest.Start(t)
	l := letter
	l.Text = "Good day,\n.\r\nBcc: all@example.org\r\n.\r\nMAIL FROM:<x@example.org>\n"
	if err := (mail.Sender{Settings: server.Settings}).Send(context.Background(), l); err != nil {
		t.Fatal(err)
	}
	all := server.Letters()
	head, body, _ := strings.Cut(all[0].Data, "\n\n")
	if len(all) != 1 || strings.Contains(head, "Bcc") || !strings.Contains(body, "Bcc: all@example.org") {
		t.Errorf("%d letters:\n%s", len(all), all[0].Data)
	}
}

func TestARefusalForGoodIsToldFromOneForNow(t *testing.T) {
	server := mailtest.Start(t)
	for line, want := range map[string]errs.Kind{"550 no such person": errs.Invalid, "450 later": errs.Upstream} {
		server.Refuse(line)
		if err := (mail.Sender{Settings: server.Settings}).Send(context.Background(), letter); errs.KindOf(err) != want {
			t.Errorf("%s = %v", line, err)
		}
	}
	gone := server.Settings
	gone.Port = 1
	if err := (mail.Sender{Settings: gone}).Send(context.Background(), letter); !errors.Is(err, errs.Upstream) {
		t.Errorf("nobody listens = %v", err)
	}
}

func TestSettingsAreCheckedAtTheStart(t *testing.T) {
	good := mail.Settings{Host: "mail.example.org", Port: 587, From: "The Desk <desk@example.org>", TLS: mail.Required}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*mail.Settings){
		"host": func(s *mail.Settings) { s.Host = "" },
		"port": func(s *mail.Settings) { s.Port = 0 },
		"tls":  func(s *mail.Settings) { s.TLS = "maybe" },
		"from": func(s *mail.Settings) { s.From = "The Desk" },
	} {
		bad := good
		spoil(&bad)
		if err := bad.Check(); !errors.Is(err, errs.Invalid) || errs.Message(err) == "" {
			t.Errorf("%s = %v", name, err)
		}
	}
}
