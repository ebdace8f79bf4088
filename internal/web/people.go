package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"factcheck/internal/auth"
	"factcheck/internal/review"
	"factcheck/ui"
)

// peoplePage is the data of pages/people.html.
type peoplePage struct {
	Done   string
	Errors []string
	People []memberView
	Add    addView
	Min    int // characters of a password
}

// memberView is an account in the list.
type memberView struct {
	ID     int64
	Name   string
	Email  string
	Role   string // in words
	Closed bool
	Gone   bool // forgotten
	Me     bool
	Since  ui.Moment
	Roles  []boxField
	Open   bool // its form failed
}

// addView is the form for a new person. A password never comes back.
type addView struct {
	Name, Email string
	Roles       []boxField
	Open        bool
}

// peoplePage handles GET /desk/people.
func (s *Server) peoplePage(c *gin.Context) error {
	p, err := s.showPeople(c, form{}, 0)
	if err != nil {
		return err
	}
	p.Done = s.flashed(c)
	return s.page(c, http.StatusOK, "people", p)
}

// addPerson handles POST /desk/people.
func (s *Server) addPerson(c *gin.Context) error {
	f, err := readForm(c)
	if err == nil {
		err = f.only(append(roleFields(), "name", "email", "password")...)
	}
	if err == nil {
		_, err = s.Accounts.Add(c.Request.Context(), auth.NewAccount{
			Name: f.text("name"), Email: f.text("email"), Password: f.text("password"), Roles: rolesIn(f), By: s.person(c).ID,
		})
	}
	return s.afterPeople(c, f, 0, review.AddPerson, err)
}

// changeRoles handles POST /desk/people/:id/roles.
func (s *Server) changeRoles(c *gin.Context) error {
	return s.keepAccount(c, review.ChangeRoles, roleFields(), func(id int64, f form) error {
		return s.Accounts.SetRoles(c.Request.Context(), s.person(c), id, rolesIn(f))
	})
}

// closeAccount handles POST /desk/people/:id/close.
func (s *Server) closeAccount(c *gin.Context) error {
	return s.keepAccount(c, review.CloseAccount, nil, func(id int64, _ form) error {
		return s.Accounts.Close(c.Request.Context(), s.person(c), id)
	})
}

// reopenAccount handles POST /desk/people/:id/reopen.
func (s *Server) reopenAccount(c *gin.Context) error {
	return s.keepAccount(c, review.ReopenAccount, nil, func(id int64, _ form) error {
		return s.Accounts.Reopen(c.Request.Context(), s.person(c), id)
	})
}

// forgetPerson handles POST /desk/people/:id/forget.
func (s *Server) forgetPerson(c *gin.Context) error {
	return s.keepAccount(c, review.ForgetPerson, nil, func(id int64, _ form) error {
		return s.Accounts.Forget(c.Request.Context(), s.person(c), id)
	})
}

func (s *Server) keepAccount(c *gin.Context, a review.Action, fields []string, do func(int64, form) error) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err == nil {
		err = f.only(fields...)
	}
	if err == nil {
		err = do(id, f)
	}
	return s.afterPeople(c, f, id, a, err)
}

// afterPeople answers a form of the page: with a redirect, or with what was
// wrong and what was typed.
func (s *Server) afterPeople(c *gin.Context, f form, id int64, a review.Action, err error) error {
	if err == nil {
		s.flash(c, "Done: you "+review.Event{Action: a}.Done()+".")
		c.Redirect(http.StatusSeeOther, "/desk/people")
		return nil
	}
	st := s.note(c, err)
	p, pageErr := s.showPeople(c, f, id)
	if pageErr != nil {
		return pageErr
	}
	p.Errors = sentencesOf(err, st.text)
	p.Add.Open = id == 0
	return s.page(c, st.code, "people", p)
}

// showPeople is the page; f is the form that failed, of account id or of a new
// person.
func (s *Server) showPeople(c *gin.Context, f form, id int64) (peoplePage, error) {
	members, err := s.Store.Members(c.Request.Context())
	if err != nil {
		return peoplePage{}, err
	}
	p := peoplePage{Min: auth.MinPassword, Add: addView{Roles: roleBoxes(nil)}}
	if id == 0 {
		p.Add = addView{Name: f.text("name"), Email: f.text("email"), Roles: roleBoxes(rolesIn(f))}
	}
	for _, m := range members {
		v := memberView{
			ID: m.ID, Name: m.Name, Email: m.Email, Role: rolesOf(review.Person{Roles: m.Roles}), Closed: !m.Active, Gone: m.Forgotten(),
			Me: m.ID == s.person(c).ID, Since: s.moment(m.CreatedAt), Roles: roleBoxes(m.Roles), Open: m.ID == id,
		}
		p.People = append(p.People, v)
	}
	return p, nil
}

const rolePrefix = "role_"

func roleFields() []string {
	var names []string
	for _, r := range review.Roles {
		names = append(names, rolePrefix+string(r))
	}
	return names
}

// rolesIn are the roles that are ticked.
func rolesIn(f form) []review.Role {
	var out []review.Role
	for _, r := range review.Roles {
		if f.on(rolePrefix + string(r)) {
			out = append(out, r)
		}
	}
	return out
}

func roleBoxes(on []review.Role) []boxField {
	var out []boxField
	for _, r := range review.Roles {
		out = append(out, boxField{Name: rolePrefix + string(r), Label: roles[r], On: review.Person{Roles: on, Active: true}.Is(r)})
	}
	return out
}
