-- +goose Up
-- The party or side of a speaker, as the desk calls it; empty if it says nothing.
ALTER TABLE claimants ADD COLUMN side TEXT NOT NULL DEFAULT '';
CREATE INDEX claimants_side ON claimants (side) WHERE side <> '';
CREATE INDEX reviews_opened ON reviews (opened_at, id);
