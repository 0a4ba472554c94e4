-- Whom a sign-out is told. A row begins when a relying party gets its first code in a session, and waits for the end of the session:
-- from then on it is due, until the relying party has taken it. Each try has a name, as with attempts. Spread by the session's name,
-- like everything of one session.

CREATE TABLE logout_notice (
    session BYTEA NOT NULL,
    client TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    due_at BIGINT,
    taken_by BYTEA,
    attempts BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (session, client)
);
CREATE INDEX logout_notice_due ON logout_notice (due_at);
CREATE INDEX logout_notice_end ON logout_notice (expires_at);
