package demo

import (
	"context"

	"factcheck/internal/auth"
	"factcheck/internal/review"
)

// Password signs everybody of the sample desk in. It is no secret.
const Password = "for the demo only"

// SignIn is how one person of the sample desk signs in.
type SignIn struct {
	Name     string
	Email    string
	Password string
	About    string // what this person can do, for choosing
}

// somebody is a person of the sample desk by first name.
type somebody string

// The people of the sample desk.
const (
	ana    somebody = "ana"
	ben    somebody = "ben"
	edith  somebody = "edith"
	omar   somebody = "omar"
	stella somebody = "stella"
	vera   somebody = "vera"
	adam   somebody = "adam"
)

// staff is who works on the sample desk.
var staff = []struct {
	who   somebody
	name  string
	roles []review.Role
	about string
}{
	{ana, "Ana Ruiz", []review.Role{review.Checker}, "fact-checker"},
	{ben, "Ben Okafor", []review.Role{review.Checker}, "fact-checker"},
	{edith, "Edith Lang", []review.Role{review.Editor}, "editor"},
	{omar, "Omar Haddad", []review.Role{review.Editor}, "editor"},
	{stella, "Stella Berg", []review.Role{review.Standards}, "standards editor"},
	{vera, "Vera Quist", []review.Role{review.Viewer}, "reads along"},
	{adam, "Adam Novak", []review.Role{review.Admin}, "administrator"},
}

// SignIns is how everybody of the sample desk signs in.
func SignIns() []SignIn {
	var all []SignIn
	for _, s := range staff {
		all = append(all, SignIn{Name: s.name, Email: string(s.who) + "@desk.example", Password: Password, About: s.name + ", " + s.about})
	}
	return all
}

// hire adds everybody and returns them by first name.
func hire(ctx context.Context, accounts *auth.Service) (map[somebody]review.Person, error) {
	people := map[somebody]review.Person{}
	for i, in := range SignIns() {
		p, err := accounts.Add(ctx, auth.NewAccount{Name: in.Name, Email: in.Email, Password: in.Password, Roles: staff[i].roles})
		if err != nil {
			return nil, err
		}
		people[staff[i].who] = p
	}
	return people, nil
}
