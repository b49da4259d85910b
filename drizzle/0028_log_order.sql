-- The order of the log of written records (src/sync/feed-log.ts): whoever writes a row holds, from before the row has its number until
-- he has committed, a shared lock whose key is the last number that was given before. By a trigger, so that it cannot be gone around.

CREATE FUNCTION hub_log_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The first 24 bits say what the lock is for (0x486C67), the other 40 are the number.
  PERFORM pg_advisory_xact_lock_shared((4746343::bigint << 40) | (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM record_change_seq_seq));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER record_change_hold BEFORE INSERT ON record_change FOR EACH STATEMENT EXECUTE FUNCTION hub_log_hold();
--> statement-breakpoint
-- The least key that is held in this database; null: none is.
CREATE FUNCTION hub_log_held_from() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT min(((classid::bigint & 255) << 32) | objid::bigint) FROM pg_locks
  WHERE locktype = 'advisory' AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid::bigint >> 8 = 4746343
$$;
