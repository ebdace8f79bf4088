package evidence

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
	"syscall"

	"factcheck/internal/errs"
)

// Files is a folder in which each file is known by the SHA-256 of its content,
// in hex. It is safe for concurrent use, also by several processes.
type Files struct {
	root *os.Root
}

// incoming is the folder for files that are being written.
const incoming = "incoming"

// OpenFiles opens the folder dir, and makes it where there is none. Only the
// user of this process may look into it. Invalid if that cannot be.
func OpenFiles(dir string) (*Files, error) {
	const op = "evidence.OpenFiles"
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var root *os.Root
		if root, err = os.OpenRoot(dir); err == nil {
			if err = root.MkdirAll(incoming, 0o700); err == nil {
				return &Files{root}, nil
			}
			err = errors.Join(err, root.Close())
		}
	}
	return nil, &errs.Error{Op: op, Kind: errs.Invalid, Msg: "The folder for evidence cannot be used: it is no folder, or cannot be written to. Name another one.", Err: err}
}

// Close closes the folder.
func (f *Files) Close() error { return f.root.Close() }

// Put keeps data and returns the hash under which it can be opened. When it
// returns, the file is on disk. What is there already is checked, and written
// anew if it is damaged.
func (f *Files) Put(data []byte) (string, error) {
	const op = "evidence.Put"
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	if f.Verify(hash) == nil {
		return hash, nil
	}
	if err := f.write(hash, data); err != nil {
		if errors.Is(err, syscall.ENOSPC) {
			return "", &errs.Error{Op: op, Kind: errs.Internal, Msg: "The disk of the server is full. Nothing was kept; tell whoever runs it.", Err: err}
		}
		return "", errs.Wrap(op, errs.Internal, err)
	}
	return hash, nil
}

// write makes the file under another name first, so that a crash never leaves
// half of it, and waits until the disk has it and its name.
func (f *Files) write(hash string, data []byte) error {
	temp := path.Join(incoming, rand.Text())
	file, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	err = errors.Join(err, file.Sync(), file.Close())
	folder, name := place(hash)
	if err == nil {
		err = f.root.MkdirAll(folder, 0o700)
	}
	if err == nil {
		err = f.root.Rename(temp, name)
	}
	if err != nil {
		return errors.Join(err, f.root.Remove(temp))
	}
	return errors.Join(f.sync(folder), f.sync("."))
}

func (f *Files) sync(folder string) error {
	d, err := f.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// place is where a file lies: by its first two digits, since some systems are
// slow with many files in one folder.
func place(hash string) (folder, name string) { return hash[:2], path.Join(hash[:2], hash) }

// isHash reports whether s is a SHA-256 as this package writes it.
func isHash(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}

// Open opens a file for reading. NotFound.
func (f *Files) Open(hash string) (*os.File, error) {
	const op = "evidence.Open"
	if !isHash(hash) {
		return nil, missing(op, nil)
	}
	_, name := place(hash)
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(op, err)
	}
	if err != nil {
		return nil, errs.Wrap(op, errs.Internal, err)
	}
	return file, nil
}

func missing(op string, err error) error {
	return &errs.Error{Op: op, Kind: errs.NotFound, Msg: "This file is not among the evidence. If it was, restore the folder of evidence from a backup.", Err: err}
}

// Verify is nil if a file has the content that its name says. NotFound if it is
// not there; Internal if it is damaged.
func (f *Files) Verify(hash string) error {
	const op = "evidence.Verify"
	file, err := f.Open(hash)
	if err != nil {
		return err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return errs.Wrap(op, errs.Internal, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != hash {
		return errs.Newf(op, errs.Internal, "The file %s is damaged: its content is that of %s. Restore it from a backup.", hash, got)
	}
	return nil
}

// read is the content of a file of at most limit bytes.
func (f *Files) read(hash string, limit int) ([]byte, error) {
	const op = "evidence.read"
	file, err := f.Open(hash)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var b bytes.Buffer
	if _, err := io.Copy(&b, io.LimitReader(file, int64(limit)+1)); err != nil {
		return nil, errs.Wrap(op, errs.Internal, err)
	}
	if b.Len() > limit {
		return nil, errs.Wrap(op, errs.TooLarge, fmt.Errorf("%s has more than %d bytes", hash, limit))
	}
	return b.Bytes(), nil
}

// All walks the hashes of all files, in order. What else lies in the folder is
// passed over.
func (f *Files) All(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		err := fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case ctx.Err() != nil:
				return ctx.Err()
			case d.IsDir() && name == incoming:
				return fs.SkipDir
			case d.Type().IsRegular() && isHash(d.Name()) && !yield(d.Name(), nil):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", errs.Wrap("evidence.All", errs.Internal, err))
		}
	}
}
