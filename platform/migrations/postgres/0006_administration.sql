-- What two operators signed for a relying party, and one to suspend it; when one that registered itself is forgotten.
ALTER TABLE client ADD COLUMN proposal TEXT;
ALTER TABLE client ADD COLUMN approval TEXT;
ALTER TABLE client ADD COLUMN suspension TEXT;
ALTER TABLE client ADD COLUMN expires_at BIGINT;
CREATE INDEX client_end ON client (expires_at);

-- What waits for an authoriser: one for each relying party.
CREATE TABLE client_proposal (
    client TEXT NOT NULL PRIMARY KEY,
    registration TEXT NOT NULL,
    proposal TEXT NOT NULL
);

-- What operators signed, a chain for each of them.
CREATE TABLE administration_entry (
    operator TEXT NOT NULL,
    number BIGINT NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (operator, number)
);
