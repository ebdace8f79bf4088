-- +goose Up
-- In triage the priority that a person has set comes before what is counted.
DROP INDEX reviews_worth;
CREATE INDEX reviews_worth ON reviews (state, priority, worth, id);

-- What is published about a topic: rows for each live check, of the edition that readers see.
CREATE TABLE published_topics (
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    key TEXT NOT NULL CHECK (key <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    published_at INTEGER NOT NULL,
    PRIMARY KEY (review_id, key)
);
CREATE INDEX published_topics_key ON published_topics (key, published_at, review_id);
INSERT INTO published_topics (review_id, key, name, published_at)
SELECT DISTINCT k.review_id, t.key, t.name, k.published_at
FROM checks AS k JOIN publications AS p ON p.id = k.publication_id JOIN reviews AS r ON r.id = k.review_id, json_each(CAST(p.snapshot AS TEXT), '$.claim.topics') AS named
    JOIN topics AS t ON t.name = named.value AND t.claim_id = r.claim_id;

-- What a check by others is about, as a list in JSON.
ALTER TABLE library_checks ADD COLUMN topics TEXT NOT NULL DEFAULT '[]';
