package extract

import (
	"io/fs"
	"strings"
	"testing"

	"factcheck/data"
)

func TestEveryClassHasWords(t *testing.T) {
	got := lex(0)
	for _, e := range words().words {
		got |= e.bits
		for _, p := range e.phrases {
			got |= p.bits
		}
	}
	for name, bit := range classes {
		if got&bit == 0 {
			t.Errorf("class %q has no words in data/cues", name)
		}
	}
	if len(words().abbr) == 0 {
		t.Error("there are no abbreviations")
	}
}

func TestEverySectionIsAClass(t *testing.T) {
	files, err := fs.Glob(data.Cues, "cues/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cue files: %v", err)
	}
	for _, name := range files {
		b, err := fs.ReadFile(data.Cues, name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), "# Source:") || !strings.Contains(string(b), "# Licence:") {
			t.Errorf("%s does not state its source and licence", name)
		}
		for line := range strings.Lines(string(b)) {
			line = strings.TrimSpace(line)
			if !strings.HasPrefix(line, "[") {
				continue
			}
			class := strings.Trim(line, "[]")
			if _, ok := classes[class]; !ok && abbrClasses[class] == 0 {
				t.Errorf("%s: class %q is unknown", name, class)
			}
		}
	}
}

func TestSeenAnyIsAllOfSeen(t *testing.T) {
	all := lex(0)
	for _, s := range seen {
		all |= s.bits
	}
	if all != seenAny {
		t.Errorf("seenAny is %b, want %b", seenAny, all)
	}
}
