package auth

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
	"factcheck/internal/review"
)

// Limits on what a person enters.
const (
	MinPassword = 12    // code points
	MaxPassword = 1_024 // bytes
	MaxEmail    = 254   // bytes: RFC 5321 §4.5.3.1.3, without the angle brackets
)

// NewAccount is what is entered to add a person.
type NewAccount struct {
	Name     string // as readers will see it; at most claims.MaxName code points
	Email    string // plain address, such as "ana@example.org"; case does not count
	Password string // MinPassword code points to MaxPassword bytes
	Roles    []review.Role
	By       int64 // who adds the account; 0: the program
}

// Account is a person with what signs them in.
type Account struct {
	ID           int64
	Name         string
	Email        string // lower case; no two accounts have the same
	PasswordHash string // argon2id in the PHC string format
	Roles        []review.Role
	Active       bool // false: closed; the name stays on what was done
	CreatedAt    time.Time
	AddedBy      int64 // 0: the program; in the event alone
}

// person is the account without what signs it in.
func (a Account) person() review.Person {
	return review.Person{ID: a.ID, Name: a.Name, Roles: a.Roles, Active: a.Active}
}

// Store keeps accounts, wrong tries and set-up tokens. Its methods take part in
// the transaction that InTx put into ctx.
type Store interface {
	// AccountByEmail is the account with that address, in lower case. NotFound.
	AccountByEmail(ctx context.Context, email string) (Account, error)
	// Person is one person. NotFound.
	Person(ctx context.Context, id int64) (review.Person, error)
	// AddAccount writes an account and the event that tells of it, and returns
	// its id. Conflict if the address has one.
	AddAccount(ctx context.Context, a Account) (int64, error)
	// Members are all accounts by name; in a transaction of InTx nobody else
	// changes them until it ends.
	Members(ctx context.Context) ([]Member, error)
	// ChangeMember writes name, address, roles and whether the account is open, and the event
	// that tells of it. NotFound.
	ChangeMember(ctx context.Context, m Member, e review.Event) error
	// HasAccounts reports whether anybody has one, closed ones included.
	HasAccounts(ctx context.Context) (bool, error)
	// AddFailure notes a wrong try.
	AddFailure(ctx context.Context, subject string, at time.Time) error
	// Failures counts those since a time, and says when the oldest of them was.
	Failures(ctx context.Context, subject string, since time.Time) (n int, oldest time.Time, err error)
	// ClearFailures forgets them.
	ClearFailures(ctx context.Context, subject string) error
	// AddSetupToken keeps the hash of a token.
	AddSetupToken(ctx context.Context, hash string, expires time.Time) error
	// UseSetupToken removes a token, so that one use alone can succeed. NotFound
	// if there is none or it has expired.
	UseSetupToken(ctx context.Context, hash string, now time.Time) error
	// InTx runs fn in one transaction: all of it is written, or none.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// account is n, checked and in its normal form, still without a hash. Invalid
// with a sentence that says what is wrong.
func (n NewAccount) account() (Account, error) {
	name, err := checkName(n.Name)
	if err != nil {
		return Account{}, err
	}
	email, err := checkEmail(n.Email)
	if err != nil {
		return Account{}, err
	}
	roles, err := checkRoles(n.Roles)
	if err != nil {
		return Account{}, err
	}
	return Account{Name: name, Email: email, Roles: roles, Active: true, AddedBy: n.By}, checkPassword(n.Password, email, name)
}

func checkName(name string) (string, error) {
	const op = "auth.checkName"
	name = norm.NFC.String(strings.TrimSpace(name))
	switch {
	case name == "":
		return "", errs.New(op, errs.Invalid, "Enter the name, as readers will see it.")
	case !utf8.ValidString(name), strings.ContainsFunc(name, invisible):
		return "", errs.New(op, errs.Invalid, "The name holds characters that cannot be seen. Type it again on one line.")
	case utf8.RuneCountInString(name) > claims.MaxName:
		return "", errs.Newf(op, errs.Invalid, "The name is too long; at most %d characters fit.", claims.MaxName)
	}
	return strings.Join(strings.Fields(name), " "), nil
}

// invisible reports whether r could make a name look like another one. Joiners
// are not: Persian and Hindi names are written with them.
func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) && r != '\u200c' && r != '\u200d'
}

// normalEmail is the one form in which an address is kept and looked up.
func normalEmail(s string) string { return norm.NFC.String(strings.ToLower(strings.TrimSpace(s))) }

func checkEmail(s string) (string, error) {
	const op = "auth.checkEmail"
	email := normalEmail(s)
	a, err := mail.ParseAddress(email)
	switch {
	case email == "":
		return "", errs.New(op, errs.Invalid, "Enter the mail address; it is what this person signs in with.")
	case err != nil || a.Address != email || strings.ContainsFunc(email, invisible):
		return "", errs.New(op, errs.Invalid, "That is not a mail address. Enter it in the form ana@example.org, without a name.")
	case len(email) > MaxEmail:
		return "", errs.Newf(op, errs.Invalid, "The mail address is too long; at most %d bytes fit.", MaxEmail)
	}
	return email, nil
}

// checkRoles returns the roles in the order of review.Roles, each once.
func checkRoles(asked []review.Role) ([]review.Role, error) {
	const op = "auth.checkRoles"
	if len(asked) == 0 {
		return nil, errs.New(op, errs.Invalid, "Choose at least one role.")
	}
	for _, r := range asked {
		if !slices.Contains(review.Roles, r) {
			return nil, errs.Newf(op, errs.Invalid, "There is no role “%.40s”. Choose from viewer, checker, editor, standards and admin.", r)
		}
	}
	return slices.DeleteFunc(slices.Clone(review.Roles), func(r review.Role) bool { return !slices.Contains(asked, r) }), nil
}

func checkPassword(password, email, name string) error {
	const op = "auth.checkPassword"
	if len(password) > MaxPassword {
		return errs.Newf(op, errs.Invalid, "The password is too long; at most %d bytes fit.", MaxPassword)
	}
	plain := normalPassword(password)
	local, _, _ := strings.Cut(email, "@")
	switch {
	case utf8.RuneCountInString(plain) < MinPassword:
		return errs.Newf(op, errs.Invalid, "The password needs at least %d characters. Several words are easier to remember than signs.", MinPassword)
	case slices.Contains([]string{bare(email), bare(local), bare(name)}, bare(plain)):
		return errs.New(op, errs.Invalid, "The password is the name or the address of this account. Choose one that nobody can guess.")
	}
	return nil
}

// normalPassword makes a password the same from every keyboard: RFC 8265 §4.2.2.
func normalPassword(s string) string { return norm.NFC.String(s) }

// bare is s without what people add to a name to make it look like a password.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
