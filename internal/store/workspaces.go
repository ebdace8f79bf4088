package store

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"factcheck/internal/errs"
)

// Workspace is another desk of an installation. It has a database of its own: a
// file beside the one of the installation, or a schema in its PostgreSQL database.
// See docs/adr/0017-a-desk-is-a-database.md.
type Workspace struct {
	Name      string // of its database: letters, digits and _
	Title     string // as readers know it
	Host      string // by which browsers ask for it, in lower case, without a port
	CreatedAt time.Time
	ClosedAt  time.Time // zero: it is open
}

type workspaceRow struct {
	Name      string `gorm:"primaryKey"`
	Title     string
	Host      string
	CreatedAt time.Time `gorm:"serializer:micros;autoCreateTime:false"`
	ClosedAt  time.Time `gorm:"serializer:micros"`
}

func (workspaceRow) TableName() string { return "workspaces" }

var (
	workspaceName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,30}$`)
	workspaceHost = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
)

// Check is Invalid unless a workspace can be made as it is described.
func (w Workspace) Check() error {
	const op = "store.Workspace"
	switch {
	case !workspaceName.MatchString(w.Name):
		return errs.Newf(op, errs.Invalid, "“%.40s” cannot name a desk. Use a small letter, then up to 30 small letters, digits and “_”.", w.Name)
	case !workspaceHost.MatchString(w.Host) || len(w.Host) > 253:
		return errs.Newf(op, errs.Invalid, "“%.60s” is not a host. It looks like politics.checks.example.org.", w.Host)
	case strings.TrimSpace(w.Title) == "" || len(w.Title) > 200:
		return errs.New(op, errs.Invalid, "Say in up to 200 characters what readers call the desk, with --title.")
	}
	return nil
}

// DeskDSN is where the database of a desk is, in an installation whose own
// database is at dsn.
func DeskDSN(dsn, name string) (string, error) {
	if !isPostgres(dsn) {
		ext := filepath.Ext(dsn)
		return strings.TrimSuffix(dsn, ext) + "." + name + ext, nil
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "", errs.New("store.DeskDSN", errs.Invalid, "The PostgreSQL address cannot be read. It looks like postgres://user:password@host/database.")
	}
	q := u.Query()
	q.Set("search_path", deskSchema(name))
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// deskSchema is the schema of a desk. It is the whole search path, so that not
// even a statement without a schema reaches another desk.
func deskSchema(name string) string { return "desk_" + name }

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// AddWorkspace adds a desk and makes room for its database. Invalid as Check
// says; Conflict if its name or host is taken.
func (s *Store) AddWorkspace(ctx context.Context, w Workspace) error {
	const op = "store.AddWorkspace"
	if err := w.Check(); err != nil {
		return err
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		row := workspaceRow(w)
		err := kind(op, s.write(ctx).Create(&row).Error)
		if errors.Is(err, errs.Conflict) {
			return errs.New(op, errs.Conflict, "A desk with this name or host is there already. See 'factcheck workspace list'.")
		}
		if err != nil || !s.postgres {
			return err
		}
		return kind(op, s.write(ctx).Exec(`CREATE SCHEMA IF NOT EXISTS `+deskSchema(w.Name)).Error) // Check lets only letters, digits and _ through
	})
}

// Workspaces are the desks by name, closed ones included.
func (s *Store) Workspaces(ctx context.Context) ([]Workspace, error) {
	var rows []workspaceRow
	if err := s.read(ctx).Order("name").Find(&rows).Error; err != nil {
		return nil, kind("store.Workspaces", err)
	}
	var out []Workspace
	for _, r := range rows {
		out = append(out, Workspace(r))
	}
	return out, nil
}

// CloseWorkspace takes a desk off its host; its database stays. With again it is
// opened again. NotFound.
func (s *Store) CloseWorkspace(ctx context.Context, name string, again bool, now time.Time) error {
	const op = "store.CloseWorkspace"
	row := workspaceRow{ClosedAt: now}
	if again {
		row.ClosedAt = time.Time{}
	}
	res := s.write(ctx).Model(&workspaceRow{}).Where("name = ?", name).Select("closed_at").Updates(&row)
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.Newf(op, errs.NotFound, "There is no desk “%.40s”. See 'factcheck workspace list'.", name)
	}
	return kind(op, res.Error)
}

// Workspace is one desk. NotFound.
func (s *Store) Workspace(ctx context.Context, name string) (Workspace, error) {
	var row workspaceRow
	err := s.read(ctx).Where("name = ?", name).Take(&row).Error
	return Workspace(row), one("store.Workspace", "There is no such desk. See 'factcheck workspace list'.", err)
}

// OpenDesk opens the database of a desk of the installation at dsn; the empty
// name is the installation's own desk. NotFound if there is no such desk.
func OpenDesk(ctx context.Context, dsn, name string) (*Store, error) {
	main, err := Open(ctx, dsn)
	if err != nil || name == "" {
		return main, err
	}
	_, err = main.Workspace(ctx, name)
	if err = errors.Join(err, main.Close()); err != nil {
		return nil, err
	}
	if dsn, err = DeskDSN(dsn, name); err != nil {
		return nil, err
	}
	return Open(ctx, dsn)
}
