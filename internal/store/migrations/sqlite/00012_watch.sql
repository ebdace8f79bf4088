-- +goose Up
-- Places that are looked at again and again for what is new.
CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('feed', 'sitemap', 'folder', 'checks')),
    address TEXT NOT NULL UNIQUE CHECK (address <> ''),
    title TEXT NOT NULL,
    every_seconds INTEGER NOT NULL CHECK (every_seconds >= 300),
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    next_at INTEGER NOT NULL,
    last_at INTEGER,
    last_error TEXT NOT NULL,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    paused BOOLEAN NOT NULL,
    articles INTEGER NOT NULL CHECK (articles >= 0),
    claims INTEGER NOT NULL CHECK (claims >= 0),
    checks INTEGER NOT NULL CHECK (checks >= 0),
    added_by INTEGER REFERENCES people (id),
    added_at INTEGER NOT NULL
);
CREATE INDEX sources_due ON sources (next_at) WHERE NOT paused;
-- What a source listed. An item is taken once; one that is not settled is tried again.
CREATE TABLE source_items (
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    address TEXT NOT NULL,
    title TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    settled BOOLEAN NOT NULL,
    tries INTEGER NOT NULL CHECK (tries >= 0),
    problem TEXT NOT NULL,
    PRIMARY KEY (source_id, key)
);
CREATE INDEX source_items_problems ON source_items (source_id, seen_at) WHERE problem <> '';
