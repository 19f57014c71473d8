CREATE TABLE known (
    connection INTEGER NOT NULL,
    name TEXT NOT NULL,
    fact TEXT NOT NULL,
    PRIMARY KEY (connection, name)
) STRICT, WITHOUT ROWID;
