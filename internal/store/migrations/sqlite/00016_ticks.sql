-- +goose Up
-- What somebody said of an item of the checklist in one edition; the last word on an item counts.
CREATE TABLE ticks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    edition INTEGER NOT NULL,
    item TEXT NOT NULL CHECK (item <> ''),
    done BOOLEAN NOT NULL,
    by_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL
);
CREATE INDEX ticks_review ON ticks (review_id, edition, id);

-- +goose StatementBegin
CREATE TRIGGER ticks_no_update BEFORE UPDATE ON ticks BEGIN SELECT RAISE(ABORT, 'ticks is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticks_no_delete BEFORE DELETE ON ticks BEGIN SELECT RAISE(ABORT, 'ticks is append-only'); END;
-- +goose StatementEnd
