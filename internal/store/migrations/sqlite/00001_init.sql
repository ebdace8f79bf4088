-- +goose Up
-- Times are microseconds since 1970-01-01 00:00 UTC; empty where unknown.

-- People of the desk. Accounts are closed, never deleted: their names stay on what they did.
CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE CHECK (email = lower(email)),
    password_hash TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL
);

-- What each person may do.
CREATE TABLE person_roles (
    person_id INTEGER NOT NULL REFERENCES people (id),
    role TEXT NOT NULL CHECK (role IN ('viewer', 'checker', 'editor', 'standards', 'admin')),
    PRIMARY KEY (person_id, role)
);

-- Browser sessions, by the hash of their token.
CREATE TABLE sessions (
    token TEXT NOT NULL PRIMARY KEY,
    data BLOB NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Failed sign-ins, for throttling by account and by address.
CREATE TABLE sign_in_failures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL,
    failed_at INTEGER NOT NULL
);
CREATE INDEX sign_in_failures_subject ON sign_in_failures (subject, failed_at);

-- One-time links to create the first account, by the hash of their token.
CREATE TABLE setup_tokens (
    token_hash TEXT NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
);

-- Versions of rating scales. A version is never changed.
CREATE TABLE scales (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (key, version)
);

-- Decisions of the desk about its own work; the newest is in force.
CREATE TABLE policies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL,
    author_id INTEGER REFERENCES people (id),
    created_at INTEGER NOT NULL
);

-- Immutable texts. A changed page is a new row with the same source and the next version.
CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    version INTEGER NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    publisher TEXT NOT NULL,
    author TEXT NOT NULL,
    lang TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    text TEXT NOT NULL CHECK (text <> ''),
    published_at INTEGER,
    added_at INTEGER NOT NULL,
    added_by INTEGER REFERENCES people (id),
    UNIQUE (source, version),
    UNIQUE (source, sha256)
);
CREATE INDEX articles_added ON articles (added_at, id);

-- Who says claims.
CREATE TABLE claimants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation', 'unknown'))
);

-- Checkable statements. The fingerprint is of the words as they were found, and of who said them.
CREATE TABLE claims (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text TEXT NOT NULL CHECK (text <> ''),
    short_form TEXT NOT NULL,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL,
    claimant_id INTEGER REFERENCES claimants (id),
    unattributed BOOLEAN NOT NULL,
    said_at INTEGER,
    fingerprint TEXT NOT NULL UNIQUE,
    merged_into INTEGER REFERENCES claims (id),
    created_at INTEGER NOT NULL,
    CHECK (claimant_id IS NULL OR NOT unattributed)
);
CREATE INDEX claims_claimant ON claims (claimant_id);

-- Where claims were made.
CREATE TABLE appearances (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    claim_id INTEGER NOT NULL REFERENCES claims (id),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    quote TEXT NOT NULL,
    prefix TEXT NOT NULL,
    suffix TEXT NOT NULL,
    sentence_start INTEGER NOT NULL,
    sentence_end INTEGER NOT NULL,
    attribution TEXT NOT NULL,
    score REAL NOT NULL,
    reasons TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    added_by INTEGER REFERENCES people (id),
    UNIQUE (article_id, span_start, span_end),
    CHECK (span_start >= 0 AND span_end > span_start)
);
CREATE INDEX appearances_claim ON appearances (claim_id, id);

-- The work on a claim.
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    claim_id INTEGER NOT NULL REFERENCES claims (id),
    state TEXT NOT NULL CHECK (state IN ('triage', 'queued', 'research', 'editing', 'approved', 'scheduled', 'published', 'retracted', 'dismissed', 'merged')),
    version INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    round INTEGER NOT NULL,
    verdict_id INTEGER,
    assignee_id INTEGER REFERENCES people (id),
    submitter_id INTEGER REFERENCES people (id),
    submitted_at INTEGER,
    score REAL NOT NULL,
    chosen TEXT NOT NULL,
    dismissal TEXT NOT NULL,
    correction_kind TEXT NOT NULL,
    correction_note TEXT NOT NULL,
    correction_by INTEGER REFERENCES people (id),
    risk TEXT NOT NULL,
    scheduled_at INTEGER,
    scheduled_by INTEGER REFERENCES people (id),
    embargo_until INTEGER,
    hold TEXT NOT NULL,
    hold_until INTEGER,
    hold_note TEXT NOT NULL,
    retraction TEXT NOT NULL,
    override_by INTEGER REFERENCES people (id),
    override_due INTEGER,
    merged_into INTEGER REFERENCES reviews (id),
    merged_from TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    CHECK (assignee_id IS NOT NULL OR state <> 'research'),
    CHECK (scheduled_at IS NOT NULL OR state <> 'scheduled'),
    CHECK (merged_into IS NOT NULL OR state <> 'merged'),
    CHECK (merged_into <> id)
);
CREATE INDEX reviews_changed ON reviews (state, changed_at, id);
CREATE INDEX reviews_score ON reviews (state, score, id);
CREATE INDEX reviews_assignee ON reviews (assignee_id, state);
CREATE INDEX reviews_due ON reviews (scheduled_at) WHERE state = 'scheduled';
CREATE INDEX reviews_submitter ON reviews (submitter_id, state);
CREATE INDEX reviews_held ON reviews (changed_at, id) WHERE hold <> '';
CREATE INDEX reviews_open_ends ON reviews (changed_at, id) WHERE (retraction <> '' OR override_by IS NOT NULL);

-- At most one review of a claim.
CREATE UNIQUE INDEX reviews_claim ON reviews (claim_id);

-- Immutable revisions of what the desk found.
CREATE TABLE verdicts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    number INTEGER NOT NULL,
    scale_id INTEGER NOT NULL REFERENCES scales (id),
    rating TEXT NOT NULL,
    summary TEXT NOT NULL,
    rationale TEXT NOT NULL,
    one_source TEXT NOT NULL,
    none_found BOOLEAN NOT NULL,
    no_conflict BOOLEAN NOT NULL,
    author_id INTEGER NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    UNIQUE (review_id, number)
);

-- Sources. A changed piece is a new row; the old one is marked as removed.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    number INTEGER NOT NULL,
    url TEXT NOT NULL,
    archive_url TEXT NOT NULL,
    title TEXT NOT NULL,
    publisher TEXT NOT NULL,
    quote TEXT NOT NULL,
    stance TEXT NOT NULL CHECK (stance IN ('supports', 'refutes', 'context')),
    note TEXT NOT NULL,
    accessed_at INTEGER,
    added_in INTEGER NOT NULL,
    added_by INTEGER NOT NULL REFERENCES people (id),
    added_at INTEGER NOT NULL,
    removed_in INTEGER NOT NULL,
    removed_by INTEGER REFERENCES people (id),
    removed_at INTEGER
);
CREATE INDEX evidence_review ON evidence (review_id, number);

-- At most one piece stands under each number.
CREATE UNIQUE INDEX evidence_number ON evidence (review_id, number) WHERE removed_in = 0;

-- An editor's yes to one content in one round.
CREATE TABLE approvals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    edition INTEGER NOT NULL,
    round INTEGER NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('publication', 'retraction')),
    verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
    content_hash TEXT NOT NULL,
    editor_id INTEGER NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    UNIQUE (review_id, round, purpose, editor_id)
);

-- What somebody with no part in an edition would rate it, before they saw the author's rating.
CREATE TABLE second_readings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    round INTEGER NOT NULL,
    verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
    reader_id INTEGER NOT NULL REFERENCES people (id),
    rating TEXT NOT NULL,
    note TEXT NOT NULL,
    agrees BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (review_id, round, reader_id)
);

-- An editor's written answer to a second reader who disagrees.
CREATE TABLE resolutions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    reading_id INTEGER NOT NULL REFERENCES second_readings (id) UNIQUE,
    editor_id INTEGER NOT NULL REFERENCES people (id),
    note TEXT NOT NULL CHECK (note <> ''),
    created_at INTEGER NOT NULL
);

-- Why a person may not approve an edition.
CREATE TABLE contributions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    edition INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES people (id),
    how TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (review_id, edition, person_id, how)
);

-- What readers see. Never changed; a correction adds the next edition.
CREATE TABLE publications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    edition INTEGER NOT NULL,
    slug TEXT NOT NULL,
    verdict_id INTEGER NOT NULL REFERENCES verdicts (id),
    content_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    snapshot BLOB NOT NULL,
    published_at INTEGER NOT NULL,
    published_by INTEGER NOT NULL REFERENCES people (id),
    UNIQUE (review_id, edition)
);
CREATE INDEX publications_published ON publications (published_at, id);

-- Which edition of each check is live: at most one a review, one a slug.
CREATE TABLE checks (
    review_id INTEGER PRIMARY KEY REFERENCES reviews (id),
    slug TEXT NOT NULL UNIQUE,
    publication_id INTEGER NOT NULL REFERENCES publications (id) UNIQUE,
    published_at INTEGER NOT NULL
);
CREATE INDEX checks_published ON checks (published_at, review_id);

-- Public notes on why an edition replaced the one before.
CREATE TABLE corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    publication_id INTEGER NOT NULL REFERENCES publications (id) UNIQUE,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    kind TEXT NOT NULL CHECK (kind IN ('correction', 'clarification', 'update', 'verdict_change', 'retraction')),
    note TEXT NOT NULL CHECK (note <> ''),
    author_id INTEGER NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL
);
CREATE INDEX corrections_created ON corrections (created_at, id);

-- Which reviews of the same claim were merged, and what went along: a merge can be undone.
CREATE TABLE merges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    into_id INTEGER NOT NULL REFERENCES reviews (id),
    merged_by INTEGER NOT NULL REFERENCES people (id),
    merged_at INTEGER NOT NULL,
    undone_by INTEGER REFERENCES people (id),
    undone_at INTEGER
);

-- At most one merge of a review is in force.
CREATE UNIQUE INDEX merges_in_force ON merges (review_id) WHERE undone_at IS NULL;
CREATE TABLE merge_items (
    merge_id INTEGER NOT NULL REFERENCES merges (id),
    kind TEXT NOT NULL CHECK (kind IN ('appearance', 'evidence')),
    item_id INTEGER NOT NULL,
    copy_id INTEGER,
    PRIMARY KEY (merge_id, kind, item_id)
);

-- The audit trail: append-only, each row holds the hash of the one before.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    action TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    actor_id INTEGER REFERENCES people (id),
    note TEXT NOT NULL,
    changes TEXT NOT NULL,
    key TEXT UNIQUE,
    at INTEGER NOT NULL,
    policy_id INTEGER REFERENCES policies (id),
    prev TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);
CREATE INDEX events_subject ON events (subject, subject_id, seq);
CREATE INDEX events_actor ON events (actor_id, seq);
CREATE INDEX events_action ON events (action, seq);

-- What is on record stays as it is.
-- +goose StatementBegin
CREATE TRIGGER scales_no_update BEFORE UPDATE ON scales BEGIN SELECT RAISE(ABORT, 'scales is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER scales_no_delete BEFORE DELETE ON scales BEGIN SELECT RAISE(ABORT, 'scales is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER policies_no_update BEFORE UPDATE ON policies BEGIN SELECT RAISE(ABORT, 'policies is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER policies_no_delete BEFORE DELETE ON policies BEGIN SELECT RAISE(ABORT, 'policies is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER articles_no_update BEFORE UPDATE ON articles BEGIN SELECT RAISE(ABORT, 'articles is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER articles_no_delete BEFORE DELETE ON articles BEGIN SELECT RAISE(ABORT, 'articles is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER verdicts_no_update BEFORE UPDATE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER verdicts_no_delete BEFORE DELETE ON verdicts BEGIN SELECT RAISE(ABORT, 'verdicts is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approvals_no_update BEFORE UPDATE ON approvals BEGIN SELECT RAISE(ABORT, 'approvals is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approvals_no_delete BEFORE DELETE ON approvals BEGIN SELECT RAISE(ABORT, 'approvals is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER contributions_no_update BEFORE UPDATE ON contributions BEGIN SELECT RAISE(ABORT, 'contributions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER contributions_no_delete BEFORE DELETE ON contributions BEGIN SELECT RAISE(ABORT, 'contributions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER second_readings_no_update BEFORE UPDATE ON second_readings BEGIN SELECT RAISE(ABORT, 'second_readings is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER second_readings_no_delete BEFORE DELETE ON second_readings BEGIN SELECT RAISE(ABORT, 'second_readings is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER resolutions_no_update BEFORE UPDATE ON resolutions BEGIN SELECT RAISE(ABORT, 'resolutions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER resolutions_no_delete BEFORE DELETE ON resolutions BEGIN SELECT RAISE(ABORT, 'resolutions is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER merge_items_no_update BEFORE UPDATE ON merge_items BEGIN SELECT RAISE(ABORT, 'merge_items is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER merge_items_no_delete BEFORE DELETE ON merge_items BEGIN SELECT RAISE(ABORT, 'merge_items is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER publications_no_update BEFORE UPDATE ON publications BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER publications_no_delete BEFORE DELETE ON publications BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
-- +goose StatementEnd

-- Nothing a review consists of is deleted, and evidence can only be marked as removed.
-- +goose StatementBegin
CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER claims_no_delete BEFORE DELETE ON claims BEGIN SELECT RAISE(ABORT, 'claims is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER appearances_no_delete BEFORE DELETE ON appearances BEGIN SELECT RAISE(ABORT, 'appearances is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER checks_no_delete BEFORE DELETE ON checks BEGIN SELECT RAISE(ABORT, 'checks is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER merges_no_delete BEFORE DELETE ON merges BEGIN SELECT RAISE(ABORT, 'merges is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER evidence_no_update BEFORE UPDATE OF review_id, number, url, archive_url, title, publisher, quote, stance, note, accessed_at, added_in, added_by, added_at ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER appearances_no_update BEFORE UPDATE OF article_id, span_start, span_end, quote, prefix, suffix ON appearances BEGIN SELECT RAISE(ABORT, 'appearances is append-only'); END;
-- +goose StatementEnd
