-- On which devices an account was used. The name of a device is another for each account, and nobody but its browser can make it.
CREATE TABLE known_device (
    account TEXT NOT NULL,
    device BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (account, device)
);
CREATE INDEX known_device_end ON known_device (expires_at);

-- What was sealed of sessions and grants says now what was shown when: people sign in again.
DELETE FROM session;
DELETE FROM token;
DELETE FROM access_grant;
