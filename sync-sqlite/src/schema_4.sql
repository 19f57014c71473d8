-- What a sweep compares rows with has a table of its own, as small as can be: it is read in no
-- order, and so has to fit in memory. A record is a keyed hash of its place.
CREATE TABLE imprints (
    record INTEGER PRIMARY KEY,
    imprint INTEGER NOT NULL
) STRICT;

DROP INDEX links_by_left;
DROP INDEX links_by_right;
ALTER TABLE links DROP COLUMN left_print;
ALTER TABLE links DROP COLUMN right_print;
CREATE INDEX links_by_left ON links (connection, kind, left_id);
CREATE INDEX links_by_right ON links (connection, kind, right_id);
