package watch

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"factcheck/internal/errs"
	"factcheck/internal/ingest"
)

// quiet is how long a file must not have changed before it is read: one that is
// being written would be half an article.
const quiet = 5 * time.Second

// listFolder lists the files of a folder and of those below it, hidden ones and
// links left out. A file that changes is another item.
func listFolder(ctx context.Context, dir string, now time.Time) (List, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return List{}, &errs.Error{Op: "watch.listFolder", Kind: errs.Invalid, Err: err, Msg: "The folder is not there or cannot be read. Put it back, or watch another."}
	}
	defer root.Close() //nolint:errcheck // it was only read from
	l := List{Kind: Folder, Title: filepath.Base(dir)}
	seen := 0
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case path != "." && strings.HasPrefix(d.Name(), ".") && d.IsDir():
			return fs.SkipDir
		case err != nil && path == ".":
			return err
		case err != nil || d.IsDir() || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), "."):
			return nil //nolint:nilerr // what cannot be looked into has nothing to take
		}
		if seen++; seen > maxEntries {
			return fs.SkipAll
		}
		info, err := d.Info()
		if err != nil || now.Sub(info.ModTime()) < quiet {
			return nil //nolint:nilerr // gone again, or not whole yet: another look finds it
		}
		key := keyOf(fmt.Sprintf("%s\n%d\n%d", path, info.Size(), info.ModTime().UnixNano()))
		l.Items = append(l.Items, Item{Key: key, Address: path, At: info.ModTime().UTC()})
		return nil
	})
	if err != nil {
		return List{}, &errs.Error{Op: "watch.listFolder", Kind: errs.Invalid, Err: err, Msg: "The folder cannot be read to its end. Check who may read it."}
	}
	l.Items = newest(l.Items)
	return l, nil
}

// fileOf is a file of a folder as an article is read from it.
func fileOf(dir, path string) (ingest.Input, error) {
	const op = "watch.fileOf"
	root, err := os.OpenRoot(dir)
	if err == nil {
		defer root.Close() //nolint:errcheck // it was only read from
		var f *os.File
		if f, err = root.Open(path); err == nil {
			defer f.Close()
			data, err := ingest.ReadAll(f)
			return ingest.Input{Data: data, Name: filepath.Base(path)}, err
		}
	}
	return ingest.Input{}, &errs.Error{Op: op, Kind: errs.Invalid, Err: err, Msg: "The file cannot be read. Check who may read it."}
}
