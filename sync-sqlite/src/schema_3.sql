-- What a sweep compares rows with. Links of an older release have none until they are read again.
ALTER TABLE links ADD COLUMN left_print BLOB;
ALTER TABLE links ADD COLUMN right_print BLOB;
