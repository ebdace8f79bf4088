package earlier

import (
	"errors"
	"log/slog"
	"os"

	"factcheck/internal/match"
)

// newRecords is an empty index whose vectors, when there are many, lie in a file
// that has no name: it is gone when the program ends, however it ends.
func newRecords() *match.Index {
	x := match.NewIndex()
	x.KeepRows(manyVectors, openRows)
	return x
}

// manyVectors is from how many on vectors lie in a file: below, they take less
// memory than the program itself.
const manyVectors = 50_000

// rowsDirs are where the file may lie, the first that can be written: a folder
// that is kept on disk rather than in memory, as /tmp often is.
func rowsDirs() []string {
	if os.Getenv("TMPDIR") != "" {
		return []string{os.TempDir()}
	}
	return []string{"/var/tmp", os.TempDir()}
}

// openRows makes the file. That it cannot be made is logged.
func openRows() (match.Rows, error) {
	var all error
	for _, dir := range rowsDirs() {
		f, err := os.CreateTemp(dir, "factcheck-vectors-")
		if err == nil {
			if err = os.Remove(f.Name()); err == nil {
				return rowsFile{f}, nil
			}
			err = errors.Join(err, f.Close())
		}
		all = errors.Join(all, err)
	}
	slog.Warn("no file for sentence vectors can be made: they stay in memory, about half a kilobyte each; TMPDIR names the folder", "err", all)
	return nil, all
}

// rowsFile logs what goes wrong with it.
type rowsFile struct{ *os.File }

// WriteAt is that of a file. The index goes on in memory when it fails.
func (f rowsFile) WriteAt(b []byte, at int64) (int, error) {
	n, err := f.File.WriteAt(b, at)
	if err != nil {
		slog.Warn("the file of sentence vectors cannot be written: they go on in memory, about half a kilobyte each; TMPDIR names its folder", "err", err)
	}
	return n, err
}
