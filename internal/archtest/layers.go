package archtest

import "strings"

// Module is the module path that the import rules are about.
const Module = "factcheck"

// Row is one package of the table: a folder, how high it stands, and what of
// ours it may import besides the words of layer 0, which are everybody's.
type Row struct {
	Dir   string   // slash-separated, from the top; its sub-folders are part of it
	Layer int      // 0 words … 6 wiring
	May   []string // Dirs of other rows
}

// Layers is who may import whom. A folder that holds Go files and has no row
// here is a finding: a new package says first where it stands.
var Layers = []Row{
	{"internal/errs", 0, nil},
	{"ui", 0, nil},
	{"data", 0, nil},
	{"internal/claims", 1, nil},
	{"internal/review", 1, in("claims")},
	{"internal/fetch", 1, nil},
	{"internal/ingest", 2, in("claims", "fetch")},
	{"internal/extract", 2, in("claims")},
	{"internal/encode", 1, nil},
	{"internal/embed", 2, in("claims", "encode")},
	{"internal/match", 2, in("claims")},
	{"internal/worth", 2, in("claims", "encode")},
	{"internal/measure", 2, in("claims")},
	{"internal/train", 3, in("claims", "worth", "measure", "extract", "match", "encode", "embed")},
	{"internal/evidence", 2, in("claims", "fetch")},
	{"internal/export", 2, in("claims", "review")},
	{"internal/record", 2, in("claims", "review")},
	{"internal/backup", 1, nil},
	{"internal/library", 2, in("claims")},
	{"internal/jobs", 2, in("claims")},
	{"internal/auth", 2, in("claims", "review")}, // its people and roles are review's
	{"internal/mail", 1, nil},
	{"internal/outreach", 3, in("claims", "review", "jobs", "mail")},
	{"internal/pipeline", 3, in("claims", "review", "ingest", "extract", "worth", "embed", "match", "evidence", "jobs")},
	{"internal/search", 3, in("claims", "library")},
	{"internal/earlier", 3, in("claims", "review", "embed", "match", "library")},
	{"internal/watch", 3, in("claims", "review", "fetch", "ingest", "library", "jobs")},
	{"internal/demo", 3, in("claims", "review", "auth")},
	{"internal/store", 4, in("claims", "review", "evidence", "export", "record", "library", "auth", "jobs", "match", "earlier", "search", "outreach", "watch")},
	{"internal/web", 5, in("claims", "review", "evidence", "export", "record", "library", "auth", "match", "earlier", "search", "outreach", "watch")},
	{"internal/archtest", 5, nil},
	{"cmd/factcheck", 6, in("claims", "review", "backup", "fetch", "ingest", "extract", "embed", "match", "worth", "measure", "library",
		"evidence", "export", "record", "jobs", "auth", "mail", "outreach", "train", "pipeline", "demo", "earlier", "search", "watch", "store", "web")},
}

// testLayer is the highest layer that a test may build on: a web test uses a
// real store, and none uses the web or the command line but their own.
const testLayer = 4

// Home is where alone a library may be imported.
type Home struct {
	Library string   // an import path, and all below it
	Dirs    []string // folders of ours, and all below them
	Tests   bool     // tests elsewhere may import it too
}

// Homes keeps each library that must not spread in its place.
var Homes = []Home{
	{"gorm.io", in("store"), false},
	{"github.com/mattn/go-sqlite3", in("store"), true},
	{"github.com/jackc/pgx", in("store"), true},
	{"github.com/pressly/goose", in("store"), true},
	{"database/sql", in("store"), true},
	{"github.com/gin-gonic", in("web"), false},
	{"github.com/gin-contrib", in("web"), false},
	{"github.com/wneessen/go-mail", in("mail"), false},
	{"github.com/alecthomas/kong", []string{"cmd/factcheck"}, false},
}

// Pure lists the packages whose answers depend on their arguments alone: no
// file, no network, no clock, no chance.
var Pure = in("claims", "review", "extract", "match", "export")

// impure lists what a pure package cannot need.
var impure = []string{"os", "os/exec", "os/signal", "net", "net/http", "net/rpc", "database/sql", "math/rand", "crypto/rand", "syscall"}

// in turns names of packages into their folders.
func in(names ...string) []string {
	dirs := make([]string, len(names))
	for i, name := range names {
		dirs[i] = "internal/" + name
	}
	return dirs
}

// rowOf finds the row that dir belongs to.
func rowOf(dir string) (Row, bool) {
	for _, row := range Layers {
		if below(dir, row.Dir) {
			return row, true
		}
	}
	return Row{}, false
}

// below says whether a slash-separated path is base or inside it.
func below(path, base string) bool {
	return path == base || strings.HasPrefix(path, base+"/")
}
