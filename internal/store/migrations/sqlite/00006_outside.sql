-- +goose Up
-- What goes out of the house to people without an account, and what comes back.

-- Keys that the program made for itself: the one that signs links.
CREATE TABLE secrets (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
);

-- The right of reply: who was asked what, and what came of it. The question never changes.
CREATE TABLE reply_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    respondent TEXT NOT NULL CHECK (respondent <> ''),
    channel TEXT NOT NULL CHECK (channel IN ('email', 'phone', 'letter', 'social', 'in_person')),
    address TEXT NOT NULL,
    question TEXT NOT NULL CHECK (question <> ''),
    urgent BOOLEAN NOT NULL,
    urgent_reason TEXT NOT NULL,
    policy_id INTEGER REFERENCES policies (id),
    hours INTEGER NOT NULL CHECK (hours > 0),
    asked_by INTEGER NOT NULL REFERENCES people (id),
    asked_at INTEGER NOT NULL,
    sent_at INTEGER,
    sent_by INTEGER REFERENCES people (id),
    deadline INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('', 'replied', 'no_reply', 'declined', 'waived')),
    outcome_note TEXT NOT NULL,
    closed_by INTEGER REFERENCES people (id),
    closed_at INTEGER,
    revoked_at INTEGER,
    link_ends INTEGER NOT NULL,
    CHECK ((outcome = '') = (closed_at IS NULL)),
    CHECK (outcome <> 'waived' OR outcome_note <> ''),
    CHECK (NOT urgent OR urgent_reason <> ''),
    CHECK (outcome <> 'no_reply' OR closed_at >= deadline)
);
CREATE INDEX reply_requests_review ON reply_requests (review_id, id);

-- Answers, to the letter: one to a request.
CREATE TABLE replies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id INTEGER NOT NULL REFERENCES reply_requests (id) UNIQUE,
    text TEXT NOT NULL CHECK (text <> ''),
    received_at INTEGER NOT NULL,
    late BOOLEAN NOT NULL,
    recorded_by INTEGER REFERENCES people (id)
);

-- Readers from outside, each asked to read one content. Their name is that of an account which nobody can sign in to.
CREATE TABLE guest_readers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    person_id INTEGER NOT NULL REFERENCES people (id) UNIQUE,
    email TEXT NOT NULL,
    round INTEGER NOT NULL,
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    invited_by INTEGER NOT NULL REFERENCES people (id),
    invited_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    revoked_at INTEGER
);
CREATE INDEX guest_readers_review ON guest_readers (review_id, id);

-- Readers who want to be told when a check is corrected. Who ends it is forgotten: the address goes.
CREATE TABLE subscribers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    email TEXT NOT NULL CHECK (email = lower(email)),
    asked_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    ended_at INTEGER,
    CHECK ((email = '') = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX subscribers_email ON subscribers (review_id, email) WHERE email <> '';

-- Links for people without an account, by the hash of their token. A letter that is sent again holds another token to the same thing.
CREATE TABLE links (
    token_hash TEXT NOT NULL PRIMARY KEY CHECK (length(token_hash) = 64),
    purpose TEXT NOT NULL CHECK (purpose IN ('reply', 'read', 'confirm', 'end')),
    request_id INTEGER REFERENCES reply_requests (id),
    guest_id INTEGER REFERENCES guest_readers (id),
    subscriber_id INTEGER REFERENCES subscribers (id),
    made_at INTEGER NOT NULL,
    CHECK ((purpose = 'reply') = (request_id IS NOT NULL)),
    CHECK ((purpose = 'read') = (guest_id IS NOT NULL)),
    CHECK ((purpose IN ('confirm', 'end')) = (subscriber_id IS NOT NULL))
);

-- Letters that have to go out, and when they went: what each tells it tells once.
CREATE TABLE letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL CHECK (event IN ('reply_request', 'reply_reminder', 'guest_read', 'confirm', 'correction')),
    request_id INTEGER REFERENCES reply_requests (id),
    guest_id INTEGER REFERENCES guest_readers (id),
    subscriber_id INTEGER REFERENCES subscribers (id),
    publication_id INTEGER REFERENCES publications (id),
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    dropped TEXT NOT NULL,
    CHECK ((event IN ('reply_request', 'reply_reminder')) = (request_id IS NOT NULL)),
    CHECK ((event = 'guest_read') = (guest_id IS NOT NULL)),
    CHECK ((event IN ('confirm', 'correction')) = (subscriber_id IS NOT NULL)),
    CHECK ((event = 'correction') = (publication_id IS NOT NULL))
);
CREATE UNIQUE INDEX letters_request ON letters (request_id, event) WHERE request_id IS NOT NULL;
CREATE UNIQUE INDEX letters_guest ON letters (guest_id, event) WHERE guest_id IS NOT NULL;
CREATE UNIQUE INDEX letters_confirm ON letters (subscriber_id, event) WHERE publication_id IS NULL AND subscriber_id IS NOT NULL;

-- Each subscriber is told of each edition once.
CREATE UNIQUE INDEX letters_delivery ON letters (publication_id, subscriber_id, event) WHERE publication_id IS NOT NULL;

-- +goose StatementBegin
CREATE TRIGGER replies_no_update BEFORE UPDATE ON replies BEGIN SELECT RAISE(ABORT, 'replies is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER replies_no_delete BEFORE DELETE ON replies BEGIN SELECT RAISE(ABORT, 'replies is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER reply_requests_no_delete BEFORE DELETE ON reply_requests BEGIN SELECT RAISE(ABORT, 'reply_requests is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER reply_requests_no_update BEFORE UPDATE OF review_id, respondent, channel, address, question, urgent, urgent_reason, policy_id, hours, asked_by, asked_at ON reply_requests BEGIN SELECT RAISE(ABORT, 'reply_requests is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guest_readers_no_delete BEFORE DELETE ON guest_readers BEGIN SELECT RAISE(ABORT, 'guest_readers is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER guest_readers_no_update BEFORE UPDATE OF review_id, person_id, round, content_hash, invited_by, invited_at, ends_at ON guest_readers BEGIN SELECT RAISE(ABORT, 'guest_readers is append-only'); END;
-- +goose StatementEnd
