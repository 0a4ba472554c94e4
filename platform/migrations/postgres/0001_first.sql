-- Every table is spread by the first column of its primary key. Times are seconds since 1970.

CREATE TABLE client (
    id TEXT NOT NULL PRIMARY KEY,
    registration TEXT NOT NULL,
    suspended_at BIGINT,
    created_at BIGINT NOT NULL
);

-- A person's key is a keyed hash: no number of a person stands anywhere in this database.
CREATE TABLE account_key (
    person BYTEA NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE session (
    id BYTEA NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    authenticated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_end ON session (expires_at);

CREATE TABLE interaction (
    id BYTEA NOT NULL PRIMARY KEY,
    browser BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    challenge TEXT,
    challenge_expires_at BIGINT,
    agreed_by BYTEA,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX interaction_end ON interaction (expires_at);

CREATE TABLE pushed_request (
    id BYTEA NOT NULL PRIMARY KEY,
    client TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX pushed_request_end ON pushed_request (expires_at);

CREATE TABLE consent (
    account TEXT NOT NULL,
    client TEXT NOT NULL,
    claims TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (account, client)
);

CREATE TABLE access_grant (
    id TEXT NOT NULL PRIMARY KEY,
    client TEXT NOT NULL,
    account TEXT NOT NULL,
    code BYTEA NOT NULL,
    code_used_at BIGINT,
    code_expires_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    revoked_at BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX access_grant_end ON access_grant (expires_at);

CREATE TABLE token (
    access_grant TEXT NOT NULL,
    hash BYTEA NOT NULL,
    kind TEXT NOT NULL,
    used_at BIGINT,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (access_grant, hash)
);
CREATE INDEX token_end ON token (expires_at);

CREATE TABLE client_assertion (
    name BYTEA NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX client_assertion_end ON client_assertion (expires_at);
