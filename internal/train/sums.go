package train

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// SumsFile pins the bytes of every model of a folder, as sha256sum -c reads it.
const SumsFile = "models.sha256"

// modelFiles are the endings of the files that a model is made of.
var modelFiles = []string{"*.gz", "*.bin", "*.fcm", "*.int8", "words.txt"}

// WriteSums writes SumsFile in dir.
func WriteSums(dir string) error {
	sums, err := Sums(dir)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, SumsFile), sums, 0o644); err != nil {
		return fmt.Errorf("sum models: %w", err)
	}
	return nil
}

// Sums lists the SHA-256 of every file in dir that a model is made of, by name.
func Sums(dir string) ([]byte, error) {
	var files []string
	for _, p := range modelFiles {
		some, err := filepath.Glob(filepath.Join(dir, p))
		if err != nil {
			return nil, fmt.Errorf("sum models: %w", err)
		}
		files = append(files, some...)
	}
	slices.Sort(files)
	var out []byte
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("sum models: %w", err)
		}
		out = fmt.Appendf(out, "%x  %s\n", sha256.Sum256(b), filepath.Base(f))
	}
	return out, nil
}
