package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"factcheck/data"
	"factcheck/internal/extract"
	"factcheck/internal/worth"
)

// Models names the models that Find works with: the first 12 hex digits of the
// SHA-256 over their files. Other models, another name.
var Models = sync.OnceValue(func() string {
	h := sha256.New()
	for _, name := range []string{extract.BreaksFile, extract.VoicesFile} {
		if b, err := data.AttrModel(name); err == nil {
			h.Write(b)
		}
	}
	for _, name := range worth.Files() {
		if b, err := data.Models.ReadFile("models/" + name); err == nil {
			h.Write(b)
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
})
