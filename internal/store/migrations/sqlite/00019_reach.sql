-- +goose Up
-- How often and how widely the claim of a review was said, and what it is worth by that: the order of triage. The first estimate takes each claim as said once, when its review was opened; rows with weighed = 0 are counted by the program.
ALTER TABLE reviews ADD COLUMN worth REAL NOT NULL DEFAULT 0;
ALTER TABLE reviews ADD COLUMN said_times INTEGER NOT NULL DEFAULT 1;
ALTER TABLE reviews ADD COLUMN said_articles INTEGER NOT NULL DEFAULT 1;
ALTER TABLE reviews ADD COLUMN said_outlets INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reviews ADD COLUMN said_feeds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reviews ADD COLUMN weighed INTEGER NOT NULL DEFAULT 0;
UPDATE reviews SET worth = opened_at / 604800000000.0 + 4 * (score - 1);
CREATE INDEX reviews_worth ON reviews (state, worth, id);
CREATE INDEX reviews_unweighed ON reviews (id) WHERE weighed = 0;
CREATE INDEX appearances_lately ON appearances (claim_id, added_at);

-- Which watched sources listed an article. It stays when a source is watched no more.
CREATE TABLE article_feeds (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    feed TEXT NOT NULL CHECK (feed <> ''),
    at INTEGER NOT NULL,
    PRIMARY KEY (article_id, feed)
);
