package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"factcheck/internal/backup"
	"factcheck/internal/errs"
	"factcheck/internal/evidence"
	"factcheck/internal/store"
)

// backupCmd is "factcheck backup".
type backupCmd struct {
	database
	folder
	File string `arg:"" type:"path" help:"New file for the backup."`
}

// Help is the example under --help.
func (backupCmd) Help() string {
	return "Puts database and evidence of one desk into one file, while it is being served. The file holds all that the desk keeps secret, but nobody's session: keep it as you keep the desk. Each further desk of the installation has its own backup (--desk).\n\nExample: factcheck backup desk-2026-03-01.tar"
}

// Run writes the backup. It appears whole or not at all, and never in the place
// of another file.
func (cmd backupCmd) Run(ctx context.Context, e *env) (err error) {
	const op = "cmd.backup"
	if _, err := os.Lstat(cmd.File); err == nil {
		return errs.Newf(op, errs.Invalid, "%s is there already, and a backup never overwrites. Name a new file.", cmd.File)
	}
	st, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	temp, err := os.MkdirTemp(filepath.Dir(cmd.File), ".factcheck-backup-*")
	if err != nil {
		return errs.Newf(op, errs.Invalid, "The folder of %q cannot be written to.", cmd.File)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	db := filepath.Join(temp, "desk.db")
	if err := st.Snapshot(ctx, db); err != nil {
		return err
	}
	m, err := cmd.pack(ctx, e, db, filepath.Join(temp, "backup.tar"))
	if err != nil {
		return err
	}
	if err := appear(filepath.Join(temp, "backup.tar"), cmd.File); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s: the database (%d bytes, SHA-256 %s) and %d files of evidence.\n", cmd.File, m.Bytes, m.Database, m.Files)
	return cmd.others(ctx, e, st)
}

// pack puts a snapshot and the folder of evidence into an archive.
func (cmd backupCmd) pack(ctx context.Context, e *env, db, path string) (m backup.Manifest, err error) {
	files, err := evidence.OpenFiles(cmd.dir(cmd.DB, cmd.Desk))
	if err != nil {
		return m, err
	}
	defer closing(files, &err)
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return m, err
	}
	m, err = backup.Write(ctx, out, db, files, backup.Manifest{Program: version, Made: e.now().UTC().Truncate(time.Second)})
	return m, errors.Join(err, out.Sync(), out.Close())
}

// others names the desks that have to be backed up by themselves.
func (cmd backupCmd) others(ctx context.Context, e *env, st *store.Store) error {
	if cmd.Desk != "" {
		return nil
	}
	all, err := st.Workspaces(ctx)
	for _, w := range all {
		fmt.Fprintf(e.stdout, "%s is not in it: it has a database of its own. Back it up with --desk %s.\n", w.Title, w.Name)
	}
	return err
}

// restoreCmd is "factcheck restore".
type restoreCmd struct {
	database
	folder
	encoding
	File string `arg:"" type:"existingfile" help:"A file that 'factcheck backup' wrote."`
}

// Help is the example under --help.
func (restoreCmd) Help() string {
	return "Takes a backup apart, checks that it is whole and that its record holds, as 'factcheck verify' does, and only then puts it in place. It never overwrites a desk.\n\nExample: factcheck restore desk-2026-03-01.tar --db desk.db"
}

// Run restores the desk next to where it will lie, verifies it there, and moves
// it into place.
func (cmd restoreCmd) Run(ctx context.Context, e *env) (err error) {
	db, err := store.DeskFile(cmd.DB, cmd.Desk)
	if err != nil {
		return err
	}
	dir := cmd.dir(cmd.DB, cmd.Desk)
	if err := mustBeFree(db, dir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return errs.Wrap("cmd.restore", errs.Invalid, err)
	}
	temp, err := os.MkdirTemp(filepath.Dir(db), ".factcheck-restore-*")
	if err != nil {
		return errs.Newf("cmd.restore", errs.Invalid, "The folder of %q cannot be written to.", db)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	newDB := filepath.Join(temp, "desk.db")
	newDir, err := os.MkdirTemp(filepath.Dir(dir), ".factcheck-restore-*") // on the disk where it will lie
	if err != nil {
		return errs.Newf("cmd.restore", errs.Invalid, "The folder of %q cannot be written to.", dir)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(newDir)) }()
	m, err := unpack(ctx, cmd.File, newDB, newDir)
	if err != nil {
		return err
	}
	if err := verifyRestored(ctx, e, newDB, newDir, cmd.encoding); err != nil {
		return err
	}
	if err := settle(newDB, db, newDir, dir); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "%s is restored as it was on %s, with %s. Everybody has to sign in again.\n", db, m.Made.Format("2006-01-02 15:04 UTC"), dir)
	return err
}

// mustBeFree is Invalid if a desk, or what is left of one, lies there.
func mustBeFree(db, dir string) error {
	for _, path := range []string{db, db + "-wal", db + "-journal"} {
		if _, err := os.Lstat(path); err == nil {
			return errs.Newf("cmd.restore", errs.Invalid, "%s is there already, and restoring never overwrites. Move it away, or name another with --db.", path)
		}
	}
	if all, err := os.ReadDir(dir); err == nil && len(all) > 0 {
		return errs.Newf("cmd.restore", errs.Invalid, "The folder %s has files in it, and restoring never overwrites. Move it away, or name another with --evidence.", dir)
	}
	return nil
}

func unpack(ctx context.Context, path, db, dir string) (m backup.Manifest, err error) {
	files, err := evidence.OpenFiles(dir)
	if err != nil {
		return m, err
	}
	defer closing(files, &err)
	in, err := os.Open(path)
	if err != nil {
		return m, errs.Newf("cmd.restore", errs.Invalid, "%s cannot be read.", path)
	}
	m, err = backup.Read(ctx, in, db, files)
	return m, errors.Join(err, in.Close())
}

func verifyRestored(ctx context.Context, e *env, db, dir string, in encoding) (err error) {
	st, err := store.Open(ctx, db)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	return verifyDesk(ctx, e, st, dir, in)
}

// settle moves what was verified into place, the evidence first: a database
// never stands without it.
func settle(newDB, db, newDir, dir string) error {
	err := os.Remove(dir) // an empty folder, if it is there
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	if err == nil {
		err = os.Rename(newDir, dir)
	}
	if err == nil {
		err = appear(newDB, db)
	}
	if err != nil {
		return errs.Wrap("cmd.restore", errs.Internal, err)
	}
	return nil
}

// appear gives a finished file its name, and waits until the disk has that too.
// Unlike a rename, a link cannot overwrite.
func appear(temp, path string) error {
	if err := os.Link(temp, path); err != nil {
		return errs.Wrap("cmd.appear", errs.Internal, err)
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return errs.Wrap("cmd.appear", errs.Internal, err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}
