-- +goose Up
-- What the index of earlier claims has to read anew: each of our claims and each check by others with when it changed last. Numbers rise in the order in which changes are committed.
CREATE TABLE index_changes (
    kind TEXT NOT NULL CHECK (kind IN ('claim', 'check')),
    item_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (kind, item_id)
);
CREATE INDEX index_changes_seq ON index_changes (seq, kind, item_id);

-- Sentence vectors of what the index holds, by the model that made them; empty for a text that the model does not know the language of.
CREATE TABLE embeddings (
    model TEXT NOT NULL CHECK (model <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('claim', 'check')),
    item_id INTEGER NOT NULL,
    digest BLOB NOT NULL,
    vectors BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (model, kind, item_id)
);

-- What people decided about a claim and an earlier one. The newest of a pair counts.
CREATE TABLE match_decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    claim_id INTEGER NOT NULL REFERENCES claims (id),
    other_claim_id INTEGER REFERENCES claims (id),
    check_id INTEGER REFERENCES library_checks (id),
    same BOOLEAN NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('joined', 'dismissed', 'kept', 'rejected')),
    method TEXT NOT NULL CHECK (method <> ''),
    model TEXT NOT NULL,
    score REAL NOT NULL,
    reasons TEXT NOT NULL,
    note TEXT NOT NULL,
    key TEXT UNIQUE,
    person_id INTEGER NOT NULL REFERENCES people (id),
    decided_at INTEGER NOT NULL,
    CHECK ((other_claim_id IS NULL) <> (check_id IS NULL)),
    CHECK (other_claim_id <> claim_id),
    CHECK ((outcome = 'rejected') = (NOT same))
);
CREATE INDEX match_decisions_claim ON match_decisions (claim_id, id);
CREATE INDEX match_decisions_other ON match_decisions (other_claim_id, id) WHERE other_claim_id IS NOT NULL;
CREATE TRIGGER match_decisions_frozen BEFORE UPDATE ON match_decisions BEGIN SELECT RAISE(ABORT, 'match_decisions is append-only'); END;
CREATE TRIGGER match_decisions_kept BEFORE DELETE ON match_decisions BEGIN SELECT RAISE(ABORT, 'match_decisions is append-only'); END;

-- What was said in which articles, by when it was found.
CREATE INDEX appearances_added ON appearances (added_at, claim_id, article_id);

-- Who said what is published, and how it is rated: a row for each live check, of the edition that readers see.
CREATE TABLE published_ratings (
    review_id INTEGER PRIMARY KEY REFERENCES reviews (id),
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    rating TEXT NOT NULL,
    colour TEXT NOT NULL,
    retracted BOOLEAN NOT NULL,
    published_at INTEGER NOT NULL
);
CREATE INDEX published_ratings_name ON published_ratings (name_key, published_at, review_id) WHERE name_key <> '';
INSERT INTO published_ratings (review_id, name_key, name, rating, colour, retracted, published_at)
SELECT k.review_id, COALESCE((SELECT c.name_key FROM claimants AS c WHERE c.name = json_extract(CAST(p.snapshot AS TEXT), '$.claimant.name')), ''),
    COALESCE(json_extract(CAST(p.snapshot AS TEXT), '$.claimant.name'), ''), COALESCE(json_extract(CAST(p.snapshot AS TEXT), '$.rating.label'), ''),
    COALESCE(json_extract(CAST(p.snapshot AS TEXT), '$.rating.colour'), ''), json_extract(CAST(p.snapshot AS TEXT), '$.retracted') IS NOT NULL, k.published_at
FROM checks AS k JOIN publications AS p ON p.id = k.publication_id;

-- Appearances of a claim after it was rated, until somebody has seen them.
CREATE TABLE said_again (
    appearance_id INTEGER PRIMARY KEY REFERENCES appearances (id),
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    said_at INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    seen_by INTEGER REFERENCES people (id),
    seen_at INTEGER,
    CHECK ((seen_by IS NULL) = (seen_at IS NULL))
);
CREATE INDEX said_again_open ON said_again (found_at, appearance_id) WHERE seen_at IS NULL;
CREATE INDEX said_again_review ON said_again (review_id, appearance_id);

-- +goose StatementBegin
CREATE TRIGGER claims_indexed AFTER INSERT ON claims BEGIN
    INSERT INTO index_changes (kind, item_id, seq) VALUES ('claim', NEW.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM index_changes))
    ON CONFLICT (kind, item_id) DO UPDATE SET seq = excluded.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER claims_reindexed AFTER UPDATE OF text, short_form, lang, claimant_id, said_at, merged_into ON claims BEGIN
    INSERT INTO index_changes (kind, item_id, seq) VALUES ('claim', NEW.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM index_changes))
    ON CONFLICT (kind, item_id) DO UPDATE SET seq = excluded.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER checks_indexed AFTER INSERT ON checks BEGIN
    INSERT INTO index_changes (kind, item_id, seq) VALUES ('claim', (SELECT claim_id FROM reviews WHERE id = NEW.review_id), (SELECT COALESCE(MAX(seq), 0) + 1 FROM index_changes))
    ON CONFLICT (kind, item_id) DO UPDATE SET seq = excluded.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER checks_reindexed AFTER UPDATE ON checks BEGIN
    INSERT INTO index_changes (kind, item_id, seq) VALUES ('claim', (SELECT claim_id FROM reviews WHERE id = NEW.review_id), (SELECT COALESCE(MAX(seq), 0) + 1 FROM index_changes))
    ON CONFLICT (kind, item_id) DO UPDATE SET seq = excluded.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER library_checks_indexed AFTER INSERT ON library_checks WHEN NEW.publication_id IS NULL BEGIN
    INSERT INTO index_changes (kind, item_id, seq) VALUES ('check', NEW.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM index_changes))
    ON CONFLICT (kind, item_id) DO UPDATE SET seq = excluded.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER library_checks_reindexed AFTER UPDATE ON library_checks BEGIN
    INSERT INTO index_changes (kind, item_id, seq) VALUES ('check', NEW.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM index_changes))
    ON CONFLICT (kind, item_id) DO UPDATE SET seq = excluded.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER library_checks_unindexed AFTER DELETE ON library_checks BEGIN
    INSERT INTO index_changes (kind, item_id, seq) VALUES ('check', OLD.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM index_changes))
    ON CONFLICT (kind, item_id) DO UPDATE SET seq = excluded.seq;
    DELETE FROM embeddings WHERE kind = 'check' AND item_id = OLD.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER embeddings_indexed AFTER INSERT ON embeddings BEGIN
    INSERT INTO index_changes (kind, item_id, seq) VALUES (NEW.kind, NEW.item_id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM index_changes))
    ON CONFLICT (kind, item_id) DO UPDATE SET seq = excluded.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER embeddings_reindexed AFTER UPDATE ON embeddings BEGIN
    INSERT INTO index_changes (kind, item_id, seq) VALUES (NEW.kind, NEW.item_id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM index_changes))
    ON CONFLICT (kind, item_id) DO UPDATE SET seq = excluded.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER appearances_said_again AFTER INSERT ON appearances BEGIN
    INSERT INTO said_again (appearance_id, review_id, said_at, found_at)
    SELECT NEW.id, r.id, COALESCE(ar.published_at, NEW.added_at), NEW.added_at
    FROM reviews AS r JOIN articles AS ar ON ar.id = NEW.article_id
    WHERE (r.claim_id = NEW.claim_id OR r.claim_id IN (SELECT d.other_claim_id FROM match_decisions AS d WHERE d.claim_id = NEW.claim_id AND d.outcome IN ('dismissed', 'kept')))
        AND r.state <> 'retracted' AND COALESCE(ar.published_at, NEW.added_at) > (SELECT MIN(p.published_at) FROM publications AS p WHERE p.review_id = r.id)
    ORDER BY r.id LIMIT 1
    ON CONFLICT (appearance_id) DO NOTHING;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER appearances_moved AFTER UPDATE OF claim_id ON appearances BEGIN
    DELETE FROM said_again WHERE appearance_id = NEW.id;
    INSERT INTO said_again (appearance_id, review_id, said_at, found_at)
    SELECT NEW.id, r.id, COALESCE(ar.published_at, NEW.added_at), NEW.added_at
    FROM reviews AS r JOIN articles AS ar ON ar.id = NEW.article_id
    WHERE (r.claim_id = NEW.claim_id OR r.claim_id IN (SELECT d.other_claim_id FROM match_decisions AS d WHERE d.claim_id = NEW.claim_id AND d.outcome IN ('dismissed', 'kept')))
        AND r.state <> 'retracted' AND COALESCE(ar.published_at, NEW.added_at) > (SELECT MIN(p.published_at) FROM publications AS p WHERE p.review_id = r.id)
    ORDER BY r.id LIMIT 1
    ON CONFLICT (appearance_id) DO NOTHING;
END;
-- +goose StatementEnd
