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

// hire adds everybody and returns them by first name.
func hire(ctx context.Context, accounts *auth.Service) (map[somebody]review.Person, []SignIn, error) {
	people := map[somebody]review.Person{}
	var signIns []SignIn
	for _, s := range staff {
		in := SignIn{Name: s.name, Email: string(s.who) + "@desk.example", Password: Password, About: s.name + ", " + s.about}
		p, err := accounts.Add(ctx, auth.NewAccount{Name: in.Name, Email: in.Email, Password: in.Password, Roles: s.roles})
		if err != nil {
			return nil, nil, err
		}
		people[s.who], signIns = p, append(signIns, in)
	}
	return people, signIns, nil
}
