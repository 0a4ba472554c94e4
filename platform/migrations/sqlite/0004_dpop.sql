-- Thumbprint of the key that a token is bound to (RFC 9449).
ALTER TABLE token ADD COLUMN bound_to BLOB;

-- Proofs count once.
CREATE TABLE dpop_proof (
    name BLOB NOT NULL PRIMARY KEY,
    remembered_by BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX dpop_proof_end ON dpop_proof (expires_at);
