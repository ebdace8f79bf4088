package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"time"

	"factcheck/internal/errs"
)

// Files is a folder of evidence, in which each file is known by its SHA-256.
type Files interface {
	All(ctx context.Context) iter.Seq2[string, error]
	Open(hash string) (*os.File, error)
	Put(data []byte) (string, error)
}

// Manifest is what an archive holds.
type Manifest struct {
	Format   int       `json:"format"`  // 1
	Program  string    `json:"program"` // the version that wrote it
	Made     time.Time `json:"made"`
	Database string    `json:"database"` // SHA-256 of the database, hex
	Bytes    int64     `json:"bytes"`    // of the database
	Files    int       `json:"files"`    // of evidence; the name of each is its SHA-256
	Evidence int64     `json:"evidence"` // bytes of them
}

// Names in an archive.
const (
	databaseName = "desk.db"
	manifestName = "manifest.json"
	evidenceDir  = "evidence"
)

// Bounds of what is read from an archive into memory.
const (
	maxManifest = 64 << 10
	maxFile     = 512 << 20 // a file of evidence; what is kept is far smaller
)

// Write writes an archive of the database file db and of all files. The
// database comes first: a row never names a file that was not there before it, so
// files that are read after it are all there.
func Write(ctx context.Context, to io.Writer, db string, files Files, m Manifest) (Manifest, error) {
	const op = "backup.Write"
	archive := tar.NewWriter(to)
	m.Format, m.Files, m.Evidence = 1, 0, 0
	f, err := os.Open(db)
	if err != nil {
		return m, errs.Wrap(op, errs.Internal, err)
	}
	m.Database, m.Bytes, err = add(archive, databaseName, f, m.Made)
	if err = errors.Join(err, f.Close()); err != nil {
		return m, errs.Wrap(op, errs.Internal, err)
	}
	for hash, err := range files.All(ctx) {
		if err != nil {
			return m, err
		}
		n, err := addFile(archive, files, hash, m.Made)
		if err != nil {
			return m, err
		}
		m.Files, m.Evidence = m.Files+1, m.Evidence+n
	}
	body, err := json.MarshalIndent(m, "", "  ")
	if err == nil {
		err = archive.WriteHeader(header(manifestName, int64(len(body)), m.Made))
	}
	if err == nil {
		_, err = archive.Write(body)
	}
	if err = errors.Join(err, archive.Close()); err != nil {
		return m, errs.Wrap(op, errs.Internal, err)
	}
	return m, nil
}

func addFile(archive *tar.Writer, files Files, hash string, at time.Time) (int64, error) {
	const op = "backup.Write"
	f, err := files.Open(hash)
	if err != nil {
		return 0, err
	}
	sum, n, err := add(archive, path.Join(evidenceDir, hash), f, at)
	if err = errors.Join(err, f.Close()); err != nil {
		return n, errs.Wrap(op, errs.Internal, err)
	}
	if sum != hash {
		return n, errs.Newf(op, errs.Invalid, "The file of evidence %s is damaged, so that a backup of it would not help. 'factcheck verify' names all that are; restore them from an older backup, or take them out of the folder.", hash)
	}
	return n, nil
}

func header(name string, size int64, at time.Time) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: at, Format: tar.FormatPAX}
}

// add writes one file and returns its hash and size.
func add(archive *tar.Writer, name string, f *os.File, at time.Time) (string, int64, error) {
	info, err := f.Stat()
	if err == nil {
		err = archive.WriteHeader(header(name, info.Size(), at))
	}
	if err != nil {
		return "", 0, err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(archive, h), f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// Read takes an archive apart: the database into the new file db, each file of
// evidence into files. Invalid unless it is whole and as it was written; what
// was taken out until then is for the caller to remove.
func Read(ctx context.Context, from io.Reader, db string, files Files) (Manifest, error) {
	r := reader{files: files, db: db}
	archive := tar.NewReader(from)
	for {
		if err := ctx.Err(); err != nil {
			return r.found, errs.Wrap("backup.Read", errs.Canceled, err)
		}
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			err = r.check()
			return r.found, err
		}
		if err == nil {
			err = r.take(h, archive)
		}
		if err != nil && errs.KindOf(err) == errs.Internal && errs.Message(err) == "" {
			err = broken("it cannot be read to its end", err)
		}
		if err != nil {
			return r.found, err
		}
	}
}

// reader is what was found in an archive so far.
type reader struct {
	files Files
	db    string
	found Manifest  // counted
	told  *Manifest // by the archive; nil until it was read
}

func (r *reader) take(h *tar.Header, body io.Reader) error {
	name := h.Name
	switch dir, file := path.Split(name); {
	case h.Typeflag != tar.TypeReg || r.told != nil:
		return broken("it holds more than a backup does", nil)
	case name == databaseName && r.found.Database == "":
		return r.takeDatabase(body)
	case dir == evidenceDir+"/" && r.found.Database != "":
		return r.takeFile(file, h.Size, body)
	case name == manifestName && h.Size <= maxManifest:
		r.told = new(Manifest)
		if err := json.NewDecoder(body).Decode(r.told); err != nil {
			return broken("its manifest cannot be read", err)
		}
		return nil
	}
	return broken(fmt.Sprintf("“%.60s” does not belong into it", name), nil)
}

func (r *reader) takeDatabase(body io.Reader) error {
	f, err := os.OpenFile(r.db, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return errs.Wrap("backup.Read", errs.Invalid, err)
	}
	h := sha256.New()
	r.found.Bytes, err = io.Copy(io.MultiWriter(f, h), body)
	r.found.Database = hex.EncodeToString(h.Sum(nil))
	return errors.Join(err, f.Sync(), f.Close())
}

func (r *reader) takeFile(name string, size int64, body io.Reader) error {
	if size > maxFile {
		return broken("a file of evidence is too large", nil)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != name {
		return broken(fmt.Sprintf("the file of evidence %.64s was changed", name), nil)
	}
	_, err = r.files.Put(data)
	r.found.Files, r.found.Evidence = r.found.Files+1, r.found.Evidence+size
	return err
}

// check is Invalid unless what was found is what the manifest tells.
func (r *reader) check() error {
	if r.told == nil {
		return broken("it was cut short", nil)
	}
	is := r.found
	if r.told.Format != 1 {
		return broken("a newer version of factcheck wrote it; install that", nil)
	}
	is.Format, is.Program, is.Made = r.told.Format, r.told.Program, r.told.Made
	if is != *r.told {
		return broken("its parts are not what its manifest tells", nil)
	}
	r.found = is
	return nil
}

func broken(what string, err error) error {
	msg := "This is not a whole backup: " + what + ". Nothing was restored."
	return &errs.Error{Op: "backup.Read", Kind: errs.Invalid, Msg: msg, Err: err}
}
