-- Which certificates an answer held: ids of their records, parted by blanks; null: none. It is hashed where it is there.
ALTER TABLE audit_record ADD COLUMN certificates text COLLATE "C";
--> statement-breakpoint
CREATE INDEX audit_record_certificates ON audit_record (at, writer, seq) WHERE certificates IS NOT NULL;
