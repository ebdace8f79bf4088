-- +goose Up
-- What readers say is wrong with one edition of a check, who looked at it again, and what was decided. Texts never change; a mail address can be forgotten.
CREATE TABLE complaints (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    version INTEGER NOT NULL,
    text TEXT NOT NULL CHECK (text <> ''),
    proof TEXT NOT NULL,
    email TEXT NOT NULL CHECK (email = lower(email)),
    received_at INTEGER NOT NULL,
    policy_id INTEGER REFERENCES policies (id),
    hours INTEGER NOT NULL CHECK (hours > 0),
    due_at INTEGER NOT NULL,
    erased_at INTEGER,
    taken_by INTEGER REFERENCES people (id),
    taken_at INTEGER,
    finding TEXT NOT NULL,
    found_at INTEGER,
    outcome TEXT NOT NULL CHECK (outcome IN ('', 'upheld', 'partly_upheld', 'rejected')),
    reason TEXT NOT NULL,
    decided_by INTEGER REFERENCES people (id),
    decided_at INTEGER,
    answer_id INTEGER REFERENCES publications (id),
    told_at INTEGER,
    untold TEXT NOT NULL,
    CHECK (erased_at IS NULL OR email = ''),
    CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
    CHECK ((finding = '') = (found_at IS NULL)),
    CHECK (finding = '' OR taken_by IS NOT NULL),
    CHECK ((outcome = '') = (decided_at IS NULL)),
    CHECK ((outcome = '') = (decided_by IS NULL)),
    CHECK (outcome = '' OR (finding <> '' AND reason <> '' AND decided_by <> taken_by)),
    CHECK (answer_id IS NULL OR outcome IN ('upheld', 'partly_upheld')),
    CHECK (told_at IS NULL OR outcome <> '')
);
CREATE INDEX complaints_due ON complaints (due_at, id) WHERE outcome = '';
CREATE INDEX complaints_decided ON complaints (decided_at, id) WHERE outcome <> '';
CREATE INDEX complaints_review ON complaints (review_id, outcome);
CREATE INDEX complaints_answer ON complaints (answer_id) WHERE answer_id IS NOT NULL;

-- +goose StatementBegin
CREATE TRIGGER complaints_no_delete BEFORE DELETE ON complaints BEGIN SELECT RAISE(ABORT, 'complaints is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER complaints_no_update BEFORE UPDATE OF review_id, publication_id, text, proof, received_at, policy_id, hours, due_at ON complaints BEGIN SELECT RAISE(ABORT, 'complaints is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER complaints_found_no_update BEFORE UPDATE OF finding ON complaints WHEN OLD.finding <> '' AND NEW.finding <> OLD.finding BEGIN SELECT RAISE(ABORT, 'complaints is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER complaints_decision_no_update BEFORE UPDATE OF outcome, reason, decided_by, decided_at ON complaints WHEN OLD.outcome <> '' AND (NEW.outcome <> OLD.outcome OR NEW.reason <> OLD.reason OR NEW.decided_by <> OLD.decided_by OR NEW.decided_at <> OLD.decided_at) BEGIN SELECT RAISE(ABORT, 'complaints is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER complaints_address_no_update BEFORE UPDATE OF email ON complaints WHEN NEW.email <> '' AND NEW.email <> OLD.email BEGIN SELECT RAISE(ABORT, 'complaints is append-only'); END;
-- +goose StatementEnd
