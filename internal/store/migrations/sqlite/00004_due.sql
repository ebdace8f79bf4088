-- +goose Up
-- The day from which a promise, a prediction or a scheduled event can be checked.
ALTER TABLE claims ADD COLUMN due_at INTEGER;
CREATE INDEX claims_due ON claims (due_at, id) WHERE due_at IS NOT NULL;
