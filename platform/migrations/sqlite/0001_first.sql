-- Every table is spread by the first column of its primary key. Times are seconds since 1970.

CREATE TABLE client (
    id TEXT NOT NULL PRIMARY KEY,
    registration TEXT NOT NULL,
    suspended_at INTEGER,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

-- A person's key is a keyed hash: no number of a person stands anywhere in this database.
CREATE TABLE account_key (
    person BLOB NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE session (
    id BLOB NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    sealed BLOB NOT NULL,
    authenticated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_end ON session (expires_at);

CREATE TABLE interaction (
    id BLOB NOT NULL PRIMARY KEY,
    browser BLOB NOT NULL,
    sealed BLOB NOT NULL,
    challenge TEXT,
    challenge_expires_at INTEGER,
    agreed_by BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX interaction_end ON interaction (expires_at);

CREATE TABLE pushed_request (
    id BLOB NOT NULL PRIMARY KEY,
    client TEXT NOT NULL,
    sealed BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX pushed_request_end ON pushed_request (expires_at);

CREATE TABLE consent (
    account TEXT NOT NULL,
    client TEXT NOT NULL,
    claims TEXT NOT NULL,
    given_at INTEGER NOT NULL,
    PRIMARY KEY (account, client)
) WITHOUT ROWID;

CREATE TABLE access_grant (
    id TEXT NOT NULL PRIMARY KEY,
    client TEXT NOT NULL,
    account TEXT NOT NULL,
    code BLOB NOT NULL,
    code_used_at INTEGER,
    code_expires_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    revoked_at INTEGER,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX access_grant_end ON access_grant (expires_at);

CREATE TABLE token (
    access_grant TEXT NOT NULL,
    hash BLOB NOT NULL,
    kind TEXT NOT NULL,
    used_at INTEGER,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (access_grant, hash)
) WITHOUT ROWID;
CREATE INDEX token_end ON token (expires_at);

CREATE TABLE client_assertion (
    name BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX client_assertion_end ON client_assertion (expires_at);
