-- +goose Up
-- What people say of a source, and why no copy of it can be kept.
ALTER TABLE evidence ADD COLUMN origin TEXT NOT NULL DEFAULT '' CHECK (origin IN ('', 'primary', 'secondary'));
ALTER TABLE evidence ADD COLUMN behind TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN interest TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN no_copy TEXT NOT NULL DEFAULT '';

-- Why something was not published at its time.
ALTER TABLE reviews ADD COLUMN alert TEXT NOT NULL DEFAULT '';

-- Which revision cites which piece of evidence.
CREATE TABLE citations (
    verdict_id BIGINT NOT NULL REFERENCES verdicts (id),
    evidence_id BIGINT NOT NULL REFERENCES evidence (id),
    PRIMARY KEY (verdict_id, evidence_id)
);
CREATE INDEX citations_evidence ON citations (evidence_id);
INSERT INTO citations (verdict_id, evidence_id)
    SELECT v.id, e.id FROM verdicts AS v JOIN evidence AS e ON e.review_id = v.review_id
    WHERE v.rationale LIKE '%[' || e.number || ']%' AND e.added_at <= v.created_at AND (e.removed_at IS NULL OR e.removed_at > v.created_at);

-- The last job for one thing, and the pieces whose source is not what it was.
CREATE INDEX jobs_of ON jobs (kind, key, id) WHERE key <> '';
CREATE INDEX captures_drift ON captures (id) WHERE verdict IN ('changed', 'vanished', 'unreachable');

CREATE TRIGGER citations_frozen BEFORE UPDATE OR DELETE ON citations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER citations_kept BEFORE TRUNCATE ON citations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
