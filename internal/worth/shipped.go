package worth

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"

	"factcheck/data"
)

// Shipped names the models of data/models: a question and a language.
var Shipped = []string{
	"worthy.en", "worthy.es", "worthy.nl", "worthy.ar",
	"verifiable.en",
	"subjective.en", "subjective.de", "subjective.it", "subjective.ar", "subjective.bg",
}

// The files of data/models beside those of ModelFile.
const (
	WordsFile   = "words.txt"
	EncoderFile = "worth.encoder.en.bin"
)

// ModelFile is the file of a shipped model, packed with gzip.
func ModelFile(name string) string { return name + ".bin.gz" }

// Files lists every file that the models are made of.
func Files() []string {
	out := []string{WordsFile, EncoderFile}
	for _, name := range Shipped {
		out = append(out, ModelFile(name))
	}
	return out
}

// maxModel bounds an unpacked model, in bytes.
const maxModel = 4 << 20

// OpenModel unpacks and reads a model; an error if it is none.
func OpenModel(packed []byte) (*Model, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack model: %w", err)
	}
	b, err := io.ReadAll(io.LimitReader(z, maxModel))
	if err != nil {
		return nil, fmt.Errorf("unpack model: %w", err)
	}
	return ReadModel(b)
}

// file is a shipped file.
func file(name string) []byte {
	b, err := data.Models.ReadFile("models/" + name)
	if err != nil {
		panic("worth: " + err.Error()) // the program was built without its data
	}
	return b
}
