-- +goose Up
-- Work that waits for others. Written in the transaction that needs it; rows that are done are forgotten after a while.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind <> ''),
    args TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'replaced', 'dead')),
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL CHECK (max_attempts > 0),
    worker TEXT NOT NULL,
    lease_ends INTEGER,
    last_error TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    CHECK ((state = 'running') = (lease_ends IS NOT NULL)),
    CHECK ((state IN ('done', 'replaced', 'dead')) = (finished_at IS NOT NULL))
);
CREATE INDEX jobs_waiting ON jobs (run_at, id) WHERE state = 'waiting';
CREATE INDEX jobs_running ON jobs (lease_ends, id) WHERE state = 'running';
CREATE INDEX jobs_finished ON jobs (state, finished_at, id) WHERE finished_at IS NOT NULL;

-- The same work waits at most once.
CREATE UNIQUE INDEX jobs_key ON jobs (kind, key) WHERE state = 'waiting' AND key <> '';

-- What was found at the address of a piece of evidence, or uploaded for it. A piece that is replaced keeps its captures.
CREATE TABLE captures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    evidence_id INTEGER NOT NULL REFERENCES evidence (id),
    kind TEXT NOT NULL CHECK (kind IN ('web', 'upload')),
    address TEXT NOT NULL,
    final_address TEXT NOT NULL,
    status INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    media_type TEXT NOT NULL,
    title TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    body_bytes INTEGER NOT NULL,
    text_sha256 TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('first', 'same', 'changed', 'vanished', 'unreachable')),
    problem TEXT NOT NULL,
    compared_id INTEGER REFERENCES captures (id),
    captured_at INTEGER NOT NULL,
    captured_by INTEGER REFERENCES people (id)
);
CREATE INDEX captures_evidence ON captures (evidence_id, id);

-- The files of a capture, by the hash under which the data folder keeps them.
CREATE TABLE capture_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    capture_id INTEGER NOT NULL REFERENCES captures (id),
    role TEXT NOT NULL CHECK (role IN ('warc', 'text', 'upload', 'screenshot', 'mhtml')),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    media_type TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (capture_id, role)
);
CREATE INDEX capture_files_sha256 ON capture_files (sha256);

-- +goose StatementBegin
CREATE TRIGGER captures_no_update BEFORE UPDATE ON captures BEGIN SELECT RAISE(ABORT, 'captures is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER captures_no_delete BEFORE DELETE ON captures BEGIN SELECT RAISE(ABORT, 'captures is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER capture_files_no_update BEFORE UPDATE ON capture_files BEGIN SELECT RAISE(ABORT, 'capture_files is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER capture_files_no_delete BEFORE DELETE ON capture_files BEGIN SELECT RAISE(ABORT, 'capture_files is append-only'); END;
-- +goose StatementEnd
