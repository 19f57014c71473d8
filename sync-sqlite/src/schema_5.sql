-- Imprints by buckets: a bucket is one row, and its entries stand in it one after the other. A sweep
-- reads them in no order, so that each row that has to be found costs what memory is slow at.
DROP TABLE imprints;
CREATE TABLE imprints (
    bucket INTEGER PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;
