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
