-- +goose Up
-- What extraction was when it found a place, and when a person put other words in its stead.
ALTER TABLE appearances ADD COLUMN engine TEXT NOT NULL DEFAULT '';
ALTER TABLE appearances ADD COLUMN replaced_at INTEGER;

-- What people taught about spans: what was missed, in other words, or no claim at all.
CREATE TABLE span_corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    kind TEXT NOT NULL CHECK (kind IN ('added', 'adjusted', 'removed')),
    old_start INTEGER,
    old_end INTEGER,
    old_quote TEXT NOT NULL,
    new_start INTEGER,
    new_end INTEGER,
    new_quote TEXT NOT NULL,
    score REAL NOT NULL,
    reason TEXT NOT NULL,
    engine TEXT NOT NULL,
    by_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    CHECK ((kind = 'added') = (old_start IS NULL)),
    CHECK ((kind = 'removed') = (new_start IS NULL)),
    CHECK ((old_start IS NULL AND old_end IS NULL) OR (old_start >= 0 AND old_end > old_start)),
    CHECK ((new_start IS NULL AND new_end IS NULL) OR (new_start >= 0 AND new_end > new_start))
);
CREATE INDEX span_corrections_review ON span_corrections (review_id, id);

-- +goose StatementBegin
CREATE TRIGGER span_corrections_no_update BEFORE UPDATE ON span_corrections BEGIN SELECT RAISE(ABORT, 'span_corrections is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER span_corrections_no_delete BEFORE DELETE ON span_corrections BEGIN SELECT RAISE(ABORT, 'span_corrections is append-only'); END;
-- +goose StatementEnd

-- What people typed and have not sent: each person's own, a row a field.
CREATE TABLE drafts (
    person_id INTEGER NOT NULL REFERENCES people (id),
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    form TEXT NOT NULL CHECK (form <> ''),
    field TEXT NOT NULL CHECK (field <> ''),
    value TEXT NOT NULL CHECK (length(value) <= 65536),
    version INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, review_id, form, field)
);
CREATE INDEX drafts_saved ON drafts (person_id, saved_at);
