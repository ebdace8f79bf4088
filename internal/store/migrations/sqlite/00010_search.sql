-- +goose Up
-- What the desk's one box finds. The program writes a row, and its words, in the transaction of what it is about.
CREATE TABLE search_docs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('claim', 'check', 'article', 'evidence', 'speaker', 'colleague')),
    ref_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (kind, ref_id)
);
CREATE INDEX search_docs_kind ON search_docs (kind, id);
CREATE VIRTUAL TABLE search_fts USING fts5 (title, body, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'");
