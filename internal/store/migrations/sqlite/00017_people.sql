-- +goose Up
-- When a person wants what they were not told in the app as a letter, and up to which notice they were told.
CREATE TABLE digests (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    hour INTEGER CHECK (hour BETWEEN 0 AND 23),
    next_at INTEGER,
    told INTEGER NOT NULL,
    CHECK ((hour IS NULL) = (next_at IS NULL))
);
CREATE INDEX digests_next ON digests (next_at) WHERE next_at IS NOT NULL;

-- Interests that people of the desk have declared. One that ends stays on record.
CREATE TABLE interests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL CHECK (kind IN ('speaker', 'organisation', 'topic')),
    subject TEXT NOT NULL CHECK (subject <> ''),
    subject_key TEXT NOT NULL CHECK (subject_key <> ''),
    since INTEGER,
    until INTEGER,
    note TEXT NOT NULL,
    declared_at INTEGER NOT NULL,
    ended_at INTEGER,
    CHECK (until IS NULL OR since IS NULL OR until >= since)
);
CREATE INDEX interests_person ON interests (person_id, id);
CREATE INDEX interests_subject ON interests (subject_key) WHERE ended_at IS NULL;

-- What a claim is about.
CREATE TABLE topics (
    claim_id INTEGER NOT NULL REFERENCES claims (id),
    key TEXT NOT NULL CHECK (key <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    PRIMARY KEY (claim_id, key)
);
CREATE INDEX topics_key ON topics (key, claim_id);

-- Who has seen that a source is not what it was, and what they make of it.
CREATE TABLE drift_seen (
    capture_id INTEGER NOT NULL PRIMARY KEY REFERENCES captures (id),
    note TEXT NOT NULL CHECK (note <> ''),
    by_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL
);

-- Letters to people of the desk, beside those to people without an account: each tells what came up to one notice.
CREATE TABLE letters_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL CHECK (event IN ('reply_request', 'reply_reminder', 'guest_read', 'confirm', 'correction', 'digest')),
    request_id INTEGER REFERENCES reply_requests (id),
    guest_id INTEGER REFERENCES guest_readers (id),
    subscriber_id INTEGER REFERENCES subscribers (id),
    publication_id INTEGER REFERENCES publications (id),
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    dropped TEXT NOT NULL,
    person_id INTEGER REFERENCES people (id),
    after_notice INTEGER,
    up_to_notice INTEGER,
    CHECK ((event IN ('reply_request', 'reply_reminder')) = (request_id IS NOT NULL)),
    CHECK ((event = 'guest_read') = (guest_id IS NOT NULL)),
    CHECK ((event IN ('confirm', 'correction')) = (subscriber_id IS NOT NULL)),
    CHECK ((event = 'correction') = (publication_id IS NOT NULL)),
    CHECK ((event = 'digest') = (person_id IS NOT NULL)),
    CHECK ((person_id IS NULL) = (up_to_notice IS NULL))
);
INSERT INTO letters_new (id, event, request_id, guest_id, subscriber_id, publication_id, created_at, sent_at, dropped)
    SELECT id, event, request_id, guest_id, subscriber_id, publication_id, created_at, sent_at, dropped FROM letters;
DROP TABLE letters;
ALTER TABLE letters_new RENAME TO letters;
CREATE UNIQUE INDEX letters_request ON letters (request_id, event) WHERE request_id IS NOT NULL;
CREATE UNIQUE INDEX letters_guest ON letters (guest_id, event) WHERE guest_id IS NOT NULL;
CREATE UNIQUE INDEX letters_confirm ON letters (subscriber_id, event) WHERE publication_id IS NULL AND subscriber_id IS NOT NULL;
CREATE UNIQUE INDEX letters_delivery ON letters (publication_id, subscriber_id, event) WHERE publication_id IS NOT NULL;
CREATE UNIQUE INDEX letters_digest ON letters (person_id, up_to_notice) WHERE person_id IS NOT NULL;

-- +goose StatementBegin
CREATE TRIGGER interests_no_delete BEFORE DELETE ON interests BEGIN SELECT RAISE(ABORT, 'interests is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER interests_no_update BEFORE UPDATE OF person_id, kind, subject, subject_key, since, until, declared_at ON interests BEGIN SELECT RAISE(ABORT, 'interests is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER interests_note_no_update BEFORE UPDATE OF note ON interests WHEN NEW.note <> OLD.note AND NEW.note <> '' BEGIN SELECT RAISE(ABORT, 'interests is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER interests_ended BEFORE UPDATE OF ended_at ON interests WHEN OLD.ended_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'interests is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER drift_seen_no_update BEFORE UPDATE ON drift_seen BEGIN SELECT RAISE(ABORT, 'drift_seen is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER drift_seen_no_delete BEFORE DELETE ON drift_seen BEGIN SELECT RAISE(ABORT, 'drift_seen is append-only'); END;
-- +goose StatementEnd
