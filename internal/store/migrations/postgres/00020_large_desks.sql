-- +goose Up
-- A person's own lists are read in their order, however much others have in the same state.
DROP INDEX reviews_assignee;
CREATE INDEX reviews_assignee ON reviews (assignee_id, state, changed_at, id);
DROP INDEX reviews_submitter;
CREATE INDEX reviews_submitter ON reviews (submitter_id, state, changed_at, id);
-- The page of corrections pages by the number of the publication.
DROP INDEX corrections_created;
CREATE INDEX corrections_created ON corrections (created_at, publication_id);
-- The balance of ratings is that of a period.
CREATE INDEX published_ratings_published ON published_ratings (published_at);
-- What a speaker said last.
DROP INDEX claims_claimant;
CREATE INDEX claims_claimant ON claims (claimant_id, id);
CREATE INDEX claims_kind ON claims (kind);

-- The reviews that a place might be of are found by their claims: an OR of two conditions had PostgreSQL read all reviews for every place that was added.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION note_said_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM said_again WHERE appearance_id = NEW.id;
    END IF;
    INSERT INTO said_again (appearance_id, review_id, said_at, found_at)
    SELECT NEW.id, r.id, COALESCE(ar.published_at, NEW.added_at), NEW.added_at
    FROM (SELECT NEW.claim_id AS id UNION SELECT d.other_claim_id FROM match_decisions AS d
            WHERE d.claim_id = NEW.claim_id AND d.other_claim_id IS NOT NULL AND d.outcome IN ('dismissed', 'kept')) AS family
        JOIN reviews AS r ON r.claim_id = family.id JOIN articles AS ar ON ar.id = NEW.article_id
    WHERE r.state <> 'retracted' AND COALESCE(ar.published_at, NEW.added_at) > (SELECT MIN(p.published_at) FROM publications AS p WHERE p.review_id = r.id)
    ORDER BY r.id + 0 LIMIT 1
    ON CONFLICT (appearance_id) DO NOTHING;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
