CREATE TABLE connections (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    epoch INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE pins (
    connection INTEGER NOT NULL,
    side INTEGER NOT NULL,
    account INTEGER NOT NULL,
    PRIMARY KEY (connection, side)
) STRICT, WITHOUT ROWID;

CREATE TABLE lanes (
    connection INTEGER NOT NULL,
    side INTEGER NOT NULL,
    kind TEXT NOT NULL,
    lane TEXT NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (connection, side, kind, lane)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: what was indexed for a link that is gone must not come to another.
CREATE TABLE links (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    connection INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    left_id TEXT NOT NULL,
    right_id TEXT NOT NULL,
    left_parent TEXT,
    right_parent TEXT,
    link BLOB NOT NULL,
    UNIQUE (connection, kind, id),
    UNIQUE (connection, kind, left_id),
    UNIQUE (connection, kind, right_id)
) STRICT;

CREATE INDEX links_under_left ON links (connection, kind, left_parent)
WHERE left_parent IS NOT NULL;
CREATE INDEX links_under_right ON links (connection, kind, right_parent)
WHERE right_parent IS NOT NULL;

-- A link is found under what it once had, too: what is read is compared with the key itself.
CREATE TABLE link_keys (
    connection INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    link INTEGER NOT NULL,
    PRIMARY KEY (connection, digest, link)
) STRICT, WITHOUT ROWID;

CREATE TABLE tombstones (
    connection INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    left_id TEXT NOT NULL,
    right_id TEXT NOT NULL,
    sleeps_until INTEGER NOT NULL,
    tombstone BLOB NOT NULL,
    PRIMARY KEY (connection, kind, id)
) STRICT;

CREATE INDEX tombstones_by_left ON tombstones (connection, kind, left_id);
CREATE INDEX tombstones_by_right ON tombstones (connection, kind, right_id);
CREATE INDEX tombstones_by_sleep ON tombstones (connection, sleeps_until);

CREATE TABLE erased (
    connection INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (connection, hash)
) STRICT, WITHOUT ROWID;

-- One row: the key of these hashes. SQLite seeds its random bytes from the system's.
CREATE TABLE erase_key (
    bytes BLOB NOT NULL
) STRICT;

INSERT INTO erase_key (bytes) VALUES (randomblob(16));

CREATE TABLE claims (
    account INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    connection INTEGER NOT NULL,
    PRIMARY KEY (account, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE observations (
    row INTEGER PRIMARY KEY,
    connection INTEGER NOT NULL,
    kind TEXT NOT NULL,
    side INTEGER NOT NULL,
    id TEXT NOT NULL,
    observation BLOB NOT NULL,
    UNIQUE (connection, kind, side, id)
) STRICT;

CREATE TABLE keys (
    connection INTEGER NOT NULL,
    kind TEXT NOT NULL,
    side INTEGER NOT NULL,
    form TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (connection, kind, side, form, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX keys_of_record ON keys (connection, kind, side, id);

CREATE TABLE dirty (
    connection INTEGER NOT NULL,
    kind TEXT NOT NULL,
    side INTEGER NOT NULL,
    id TEXT NOT NULL,
    mark INTEGER NOT NULL,
    dirty BLOB NOT NULL,
    PRIMARY KEY (connection, kind, side, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE intents (
    connection INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    number INTEGER NOT NULL,
    intent BLOB NOT NULL,
    PRIMARY KEY (connection, epoch, number)
) STRICT;

-- AUTOINCREMENT: who pages by number must not miss a row that took a freed one.
CREATE TABLE holds (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    connection INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    hold BLOB NOT NULL
) STRICT;

CREATE INDEX holds_in_order ON holds (connection);
CREATE INDEX holds_of_subject ON holds (connection, kind, subject);

CREATE TABLE history (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    connection INTEGER NOT NULL,
    kind TEXT NOT NULL,
    left_id TEXT,
    right_id TEXT,
    run INTEGER NOT NULL,
    happened BLOB NOT NULL
) STRICT;

CREATE INDEX history_in_order ON history (connection);
CREATE INDEX history_by_left ON history (connection, kind, left_id);
CREATE INDEX history_by_right ON history (connection, kind, right_id);
CREATE INDEX history_by_run ON history (connection, run);

CREATE TABLE staged (
    connection INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    staged BLOB NOT NULL,
    PRIMARY KEY (connection, sequence)
) STRICT;
