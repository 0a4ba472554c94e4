-- The part of its grant that an access token is for (RFC 6749 section 6, RFC 8707), sealed; the whole where there is none.
ALTER TABLE token ADD COLUMN part BYTEA;
