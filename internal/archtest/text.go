package archtest

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
)

// ban is something that a line of a file must not hold. The patterns are
// written so that this file does not match them.
type ban struct {
	rule  string
	files *regexp.Regexp // which files; nil means all
	line  *regexp.Regexp
	says  string
}

var bans = []ban{
	{"machine path", nil, regexp.MustCompile("(?:^|[\\s\"'`=(:,<])(?:/(?:work|workspace|builds|root|home/\\w+|Users/\\w+)/|[A-Z]:\\\\Users\\\\)"),
		"a path of one machine is of no use on another: make it relative"},
	{"unfinished", nil, regexp.MustCompile(`\b(?:T[O]DO|FI[X]ME)\b`),
		"finish it, or file it where work is planned"},
	{"registry", regexp.MustCompile(`(^|/)package-lock\.json$`), regexp.MustCompile(`"resolved"\s*:`),
		"the lock file names versions and checksums, no addresses: run npm with ui/.npmrc in force"},
	{"registry", regexp.MustCompile(`(^|/)\.npmrc$`), regexp.MustCompile(`registry\s*=|_auth`),
		"where packages come from is the machine's business"},
	{"replace", regexp.MustCompile(`(^|/)go\.mod$`), regexp.MustCompile(`^\s*replace\b|=>`),
		"require a released version instead"},
}

// Text applies the rules about what may be said to the named files of a tree;
// files that are not text are passed over.
func Text(tree fs.FS, names []string) ([]Finding, error) {
	var found []Finding
	for _, name := range names {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		if bytes.IndexByte(text, 0) >= 0 {
			continue
		}
		found = append(found, lines(path.Clean(name), text)...)
	}
	return found, nil
}

func lines(name string, text []byte) []Finding {
	var found []Finding
	number := 0
	for line := range bytes.Lines(text) {
		number++
		for _, b := range bans {
			if (b.files == nil || b.files.MatchString(name)) && b.line.Match(line) {
				found = append(found, Finding{name, number, b.rule, b.says})
			}
		}
	}
	return found
}
