-- Thumbprint of the key that a token is bound to (RFC 9449).
ALTER TABLE token ADD COLUMN bound_to BYTEA;

-- Proofs count once.
CREATE TABLE dpop_proof (
    name BYTEA NOT NULL PRIMARY KEY,
    remembered_by BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX dpop_proof_end ON dpop_proof (expires_at);
