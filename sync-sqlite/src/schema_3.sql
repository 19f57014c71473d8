-- What a sweep compares rows with stands in the index by which a link is found, so that it reads
-- no link. Links of an older release have none until they are read again.
CREATE TABLE printed (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    connection INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    left_id TEXT NOT NULL,
    right_id TEXT NOT NULL,
    left_parent TEXT,
    right_parent TEXT,
    left_print BLOB,
    right_print BLOB,
    link BLOB NOT NULL,
    UNIQUE (connection, kind, id)
) STRICT;

INSERT INTO printed
    (row, connection, kind, id, left_id, right_id, left_parent, right_parent, link)
SELECT row, connection, kind, id, left_id, right_id, left_parent, right_parent, link FROM links;

-- Rows count from the last one of these: nothing may be left of those that are gone.
DELETE FROM link_keys WHERE link NOT IN (SELECT row FROM links);

DROP TABLE links;
ALTER TABLE printed RENAME TO links;

-- Not unique: a record is refused a second link before anything is written.
CREATE INDEX links_by_left ON links (connection, kind, left_id, left_print);
CREATE INDEX links_by_right ON links (connection, kind, right_id, right_print);

CREATE INDEX links_under_left ON links (connection, kind, left_parent)
WHERE left_parent IS NOT NULL;
CREATE INDEX links_under_right ON links (connection, kind, right_parent)
WHERE right_parent IS NOT NULL;
