// Package mail hands letters to a mail server over SMTP. It knows how a letter
// is put together and nothing of what is in it.
package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"factcheck/internal/errs"
)

// Limits of a letter.
const (
	MaxText    = 64 << 10 // bytes
	MaxSubject = 400      // code points
	maxHeader  = 1_000    // bytes of any other line
)

// sendTimeout is how long the mail server may take.
const sendTimeout = 30 * time.Second

// TLS says how the connection is protected.
type TLS string

// The ways to protect it.
const (
	Required TLS = "required" // STARTTLS, or nothing is sent
	Implicit TLS = "implicit" // TLS from the first byte
	NoTLS    TLS = "none"     // for a server on this machine
)

// Settings name the mail server and who writes.
type Settings struct {
	Host     string
	Port     int
	User     string // empty: the server asks for none
	Password string
	From     string // "The Desk <desk@example.org>" or an address alone
	TLS      TLS
}

// Check is Invalid unless the settings can be used.
func (s Settings) Check() error {
	const op = "mail.Settings"
	switch {
	case s.Host == "" || strings.ContainsFunc(s.Host, unicode.IsSpace):
		return errs.New(op, errs.Invalid, "Name the mail server, such as mail.example.org.")
	case s.Port < 1 || s.Port > 65535:
		return errs.New(op, errs.Invalid, "The port of the mail server is a number from 1 to 65535.")
	case s.TLS != Required && s.TLS != Implicit && s.TLS != NoTLS:
		return errs.New(op, errs.Invalid, "Mail is protected by TLS: required, implicit or none.")
	case gomail.NewMsg().From(s.From) != nil || oneLine(s.From) != nil:
		return errs.New(op, errs.Invalid, "Say from whom mail comes, such as desk@example.org.")
	}
	return nil
}

// Letter is one message to one person, in plain text.
type Letter struct {
	ID          string // Message-ID without brackets: a letter that is sent again has the same, so that mail programs show it once
	To          string // one address
	Subject     string // one line
	Text        string
	Unsubscribe string // web address that ends the subscription with one POST (RFC 8058); empty: none
}

// Sender sends letters.
type Sender struct{ Settings }

// Send hands l to the mail server. Invalid if l can never be sent, also where
// the server says so; Upstream if it may work later.
func (s Sender) Send(ctx context.Context, l Letter) error {
	const op = "mail.Send"
	m, err := s.message(l)
	if err != nil {
		return err
	}
	opts := []gomail.Option{gomail.WithPort(s.Port), gomail.WithTimeout(sendTimeout), gomail.WithTLSPolicy(gomail.TLSMandatory)}
	switch s.TLS {
	case Implicit:
		opts = append(opts, gomail.WithSSL())
	case NoTLS:
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	case Required:
	}
	if s.User != "" {
		opts = append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	c, err := gomail.NewClient(s.Host, opts...)
	if err != nil {
		return errs.Wrap(op, errs.Invalid, err)
	}
	err = c.DialAndSendWithContext(ctx, m)
	var refused *gomail.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && refused.ErrorCode() >= 500:
		return &errs.Error{Op: op, Kind: errs.Invalid, Msg: "The mail server refuses this letter.", Err: err}
	}
	return &errs.Error{Op: op, Kind: errs.Upstream, Msg: "The mail server did not take the letter.", Err: err}
}

// message is l as it goes over the wire. Every line of its head is checked, so
// that nothing that was typed can add one.
func (s Sender) message(l Letter) (*gomail.Msg, error) {
	const op = "mail.message"
	for _, line := range []string{l.ID, l.To, l.Subject, l.Unsubscribe} {
		if err := oneLine(line); err != nil {
			return nil, err
		}
	}
	if l.ID == "" || l.Subject == "" || utf8.RuneCountInString(l.Subject) > MaxSubject || len(l.Text) > MaxText || !utf8.ValidString(l.Text) {
		return nil, errs.New(op, errs.Invalid, "This letter has no subject or is too long to be sent.")
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(m.From(s.From), m.To(l.To)); err != nil {
		return nil, &errs.Error{Op: op, Kind: errs.Invalid, Msg: "That is not a mail address.", Err: err}
	}
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.ID)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if l.Unsubscribe != "" {
		m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+l.Unsubscribe+">")
		m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	return m, nil
}

// oneLine is Invalid if s could break the head of a letter.
func oneLine(s string) error {
	if len(s) > maxHeader || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return errs.Wrap("mail.oneLine", errs.Invalid, fmt.Errorf("%q cannot stand in the head of a letter", s[:min(len(s), 80)]))
	}
	return nil
}
