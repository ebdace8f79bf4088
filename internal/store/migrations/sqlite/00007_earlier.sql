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

-- Lists of what was said, by time.
CREATE INDEX appearances_added ON appearances (added_at, id);

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
