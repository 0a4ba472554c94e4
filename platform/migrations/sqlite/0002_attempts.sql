-- Who did what happens once: an attempt that lost its connection asks again under the same name, and learns that it was itself.

ALTER TABLE interaction ADD COLUMN challenge_taken_by BLOB;
ALTER TABLE interaction ADD COLUMN ended_by BLOB;
ALTER TABLE pushed_request ADD COLUMN taken_by BLOB;
ALTER TABLE client_assertion ADD COLUMN remembered_by BLOB;
ALTER TABLE client ADD COLUMN added_by BLOB;
