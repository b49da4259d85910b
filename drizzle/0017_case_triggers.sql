-- Open cases are kept in memory by every process (src/matters/open-cases.ts): a case says of itself which transaction changed it
-- last, or whom it covers, and every process is told. By triggers, so that it cannot be gone around.

CREATE FUNCTION hub_case_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.changed := pg_current_xact_id();
  NOTIFY hub_case;
  RETURN new;
END $$;
--> statement-breakpoint
CREATE FUNCTION hub_case_subjects_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE service_case SET changed = pg_current_xact_id() WHERE id IN (SELECT case_id FROM moved);
  RETURN NULL;
END $$;
--> statement-breakpoint
-- A row that is gone says nothing any more.
CREATE FUNCTION hub_case_stays_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tg_op = 'DELETE' AND old.closed_at IS NOT NULL THEN
    RETURN old;
  END IF;
  RAISE EXCEPTION 'a case is closed before it is deleted' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER case_changed BEFORE INSERT OR UPDATE ON service_case FOR EACH ROW EXECUTE FUNCTION hub_case_changed();
--> statement-breakpoint
CREATE TRIGGER case_stays_open BEFORE DELETE ON service_case FOR EACH ROW EXECUTE FUNCTION hub_case_stays_open();
--> statement-breakpoint
CREATE TRIGGER case_stays BEFORE TRUNCATE ON service_case FOR EACH STATEMENT EXECUTE FUNCTION hub_case_stays_open();
--> statement-breakpoint
CREATE TRIGGER case_covers AFTER INSERT ON case_subject REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION hub_case_subjects_changed();
--> statement-breakpoint
CREATE TRIGGER case_covers_no_more AFTER DELETE ON case_subject REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION hub_case_subjects_changed();
--> statement-breakpoint
CREATE TRIGGER case_covers_others AFTER UPDATE ON case_subject REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION hub_case_subjects_changed();
--> statement-breakpoint
CREATE TRIGGER case_covered_others AFTER UPDATE ON case_subject REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION hub_case_subjects_changed();
