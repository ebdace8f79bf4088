package main

import (
	"factcheck/internal/errs"
	"factcheck/internal/export"
	"factcheck/internal/mail"
	"factcheck/internal/outreach"
	"factcheck/internal/pipeline"
	"factcheck/internal/store"
)

// mailing are the flags of a command that sends mail. Without a host none goes
// out: the pages offer letters to copy instead.
type mailing struct {
	SMTPHost     string `name:"smtp-host" env:"FACTCHECK_SMTP_HOST" placeholder:"mail.example.org" help:"Mail server (default: none; people send letters themselves)."`
	SMTPPort     int    `name:"smtp-port" default:"587" env:"FACTCHECK_SMTP_PORT" help:"Port of the mail server."`
	SMTPUser     string `name:"smtp-user" env:"FACTCHECK_SMTP_USER" help:"Account on the mail server, if it asks for one."`
	SMTPPassword string `name:"smtp-password" env:"FACTCHECK_SMTP_PASSWORD" placeholder:"…" help:"Its password; better in the environment than on the command line."`
	SMTPFrom     string `name:"smtp-from" env:"FACTCHECK_SMTP_FROM" placeholder:"desk@example.org" help:"Whom mail comes from."`
	SMTPTLS      string `name:"smtp-tls" default:"required" enum:"required,implicit,none" env:"FACTCHECK_SMTP_TLS" help:"How the connection is protected: required (STARTTLS), implicit, or none for a server on this machine."`
}

// mailer is the way to the mail server; nil if none is named. Invalid if it is
// named wrongly, or if mail would hold links to this machine.
func (m mailing) mailer(s site) (outreach.Mailer, error) {
	if m.SMTPHost == "" {
		return nil, nil
	}
	if s.BaseURL == "" {
		return nil, errs.New("cmd.mailer", errs.Invalid, "Mail holds links: say under which address this site is reached, with --base-url or FACTCHECK_BASE_URL.")
	}
	settings := mail.Settings{Host: m.SMTPHost, Port: m.SMTPPort, User: m.SMTPUser, Password: m.SMTPPassword, From: m.SMTPFrom, TLS: mail.TLS(m.SMTPTLS)}
	return mail.Sender{Settings: settings}, settings.Check()
}

// outside is the service for people without an account.
func (cmd serveCmd) outside(e *env, st *store.Store, work *pipeline.Work, site export.Site) (*outreach.Service, error) {
	mailer, err := cmd.mailer(cmd.site)
	return &outreach.Service{
		Store: st, Reviews: work.Reviews, Jobs: work.Queue,
		Mail: mailer, Name: site.Name, BaseURL: site.BaseURL, Now: e.now,
	}, err
}
