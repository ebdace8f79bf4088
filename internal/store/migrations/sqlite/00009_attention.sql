-- +goose Up
-- How soon a review matters, and when its work is due.
ALTER TABLE reviews ADD COLUMN priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN -1 AND 2);
ALTER TABLE reviews ADD COLUMN due_at INTEGER;
ALTER TABLE reviews ADD COLUMN held_at INTEGER;
ALTER TABLE reviews ADD COLUMN dismissed_by INTEGER REFERENCES people (id);
CREATE INDEX reviews_priority ON reviews (state, priority, changed_at, id);
CREATE INDEX reviews_work_due ON reviews (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX reviews_merged ON reviews (merged_into) WHERE merged_into IS NOT NULL;

-- Who wants to be told what happens to a review.
CREATE TABLE watchers (
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    since INTEGER NOT NULL,
    PRIMARY KEY (review_id, person_id)
);

-- What somebody was told, once for each event.
CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES people (id),
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    event_seq INTEGER NOT NULL REFERENCES events (seq),
    read_at INTEGER,
    UNIQUE (person_id, event_seq)
);
CREATE INDEX notices_person ON notices (person_id, id);
CREATE INDEX notices_unread ON notices (person_id) WHERE read_at IS NULL;

-- Lists of the queue that people keep under a name.
CREATE TABLE views (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES people (id),
    name TEXT NOT NULL CHECK (name <> ''),
    query TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (person_id, name)
);

-- Who is on the page of a review: advice that expires.
CREATE TABLE presences (
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    editing BOOLEAN NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (review_id, person_id)
);
