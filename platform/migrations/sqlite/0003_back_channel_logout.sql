-- Whom a sign-out is told. A row begins when a relying party gets its first code in a session, and waits for the end of the session:
-- from then on it is due, until the relying party has taken it. Each try has a name, as with attempts. Spread by the session's name,
-- like everything of one session.

CREATE TABLE logout_notice (
    session BLOB NOT NULL,
    client TEXT NOT NULL,
    sealed BLOB NOT NULL,
    due_at INTEGER,
    taken_by BLOB,
    attempts INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (session, client)
) WITHOUT ROWID;
CREATE INDEX logout_notice_due ON logout_notice (due_at);
CREATE INDEX logout_notice_end ON logout_notice (expires_at);
