-- Ids are random: trying to compress them costs more than writing them.
ALTER TABLE audit_record ALTER COLUMN certificates SET STORAGE EXTERNAL;
