-- +goose Up
-- The other desks of this installation. Each has a database of its own, so that no request for one can reach rows of another.
CREATE TABLE workspaces (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    host TEXT NOT NULL UNIQUE CHECK (host <> ''),
    created_at INTEGER NOT NULL,
    closed_at INTEGER
);
