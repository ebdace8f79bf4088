-- +goose Up
-- Fact-checks by others, as they were imported, and the live ones of our own, so that one search finds both.
CREATE TABLE library_checks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key BLOB NOT NULL UNIQUE,
    digest BLOB NOT NULL,
    publication_id INTEGER REFERENCES publications (id),
    slug TEXT NOT NULL,
    publisher TEXT NOT NULL,
    site TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    claim TEXT NOT NULL CHECK (claim <> ''),
    claimant TEXT NOT NULL,
    claim_date INTEGER,
    review_date INTEGER,
    newest INTEGER,
    rating TEXT NOT NULL,
    rating_value REAL,
    rating_best REAL,
    rating_worst REAL,
    bucket TEXT NOT NULL CHECK (bucket IN ('true', 'mostly_true', 'mixed', 'mostly_false', 'false', 'unverifiable', 'other', 'none')),
    rule TEXT NOT NULL,
    lang TEXT NOT NULL,
    first_appearance TEXT NOT NULL,
    appearances TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
);
CREATE INDEX library_checks_site ON library_checks (site, newest DESC, id DESC);
CREATE INDEX library_checks_publication ON library_checks (publication_id) WHERE publication_id IS NOT NULL;

-- The words of library_checks, folded by the program: what is searched.
CREATE VIRTUAL TABLE library_fts USING fts5 (claim, title, claimant, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'");

-- How far each imported file was read.
CREATE TABLE library_imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    format TEXT NOT NULL,
    name TEXT NOT NULL,
    identity TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    at_offset INTEGER NOT NULL,
    at_line INTEGER NOT NULL,
    at_state TEXT NOT NULL,
    version INTEGER NOT NULL,
    added INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    finished_at INTEGER
);

-- At most one unfinished import of a file.
CREATE UNIQUE INDEX library_imports_open ON library_imports (format, identity) WHERE finished_at IS NULL;
