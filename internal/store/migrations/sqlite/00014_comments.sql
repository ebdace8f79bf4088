-- +goose Up
-- What people of the desk say to each other about a review. The first comment of a thread is anchored; replies follow it.
CREATE TABLE comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    thread_id INTEGER REFERENCES comments (id),
    anchor TEXT NOT NULL CHECK (anchor IN ('', 'claim', 'article', 'rating', 'summary', 'rationale', 'evidence')),
    number INTEGER NOT NULL,
    article_id INTEGER REFERENCES articles (id),
    span_start INTEGER,
    span_end INTEGER,
    quote TEXT NOT NULL,
    blocking BOOLEAN NOT NULL,
    text TEXT NOT NULL CHECK (text <> ''),
    by_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    CHECK ((anchor = '') = (thread_id IS NOT NULL)),
    CHECK ((anchor = 'evidence') = (number > 0)),
    CHECK ((anchor = 'article') = (article_id IS NOT NULL)),
    CHECK ((span_start IS NULL AND span_end IS NULL AND quote = '') OR (span_start >= 0 AND span_end > span_start AND quote <> '')),
    CHECK (thread_id IS NULL OR NOT blocking)
);
CREATE INDEX comments_review ON comments (review_id, id);
CREATE INDEX comments_blocking ON comments (review_id) WHERE blocking;

-- Who resolved a thread, and who took the words of a comment from view: each once.
CREATE TABLE comment_marks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    mark TEXT NOT NULL CHECK (mark IN ('resolved', 'redacted')),
    by_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    UNIQUE (comment_id, mark)
);

-- +goose StatementBegin
CREATE TRIGGER comments_no_update BEFORE UPDATE ON comments BEGIN SELECT RAISE(ABORT, 'comments is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_no_delete BEFORE DELETE ON comments BEGIN SELECT RAISE(ABORT, 'comments is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comment_marks_no_update BEFORE UPDATE ON comment_marks BEGIN SELECT RAISE(ABORT, 'comment_marks is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comment_marks_no_delete BEFORE DELETE ON comment_marks BEGIN SELECT RAISE(ABORT, 'comment_marks is append-only'); END;
-- +goose StatementEnd
