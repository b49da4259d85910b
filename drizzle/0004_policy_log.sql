-- The log of policy: every change of what callers' rights hang on, in the order of commits, written by triggers so that
-- it cannot be gone around. `hub.now` and `hub.by` are what the hub says of itself in the transaction; without them (a
-- change by hand) the database's clock and the session's user stand.

CREATE FUNCTION hub_policy_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own jsonb := to_jsonb(coalesce(new, old));
BEGIN
  IF tg_op = 'UPDATE' AND to_jsonb(new) = to_jsonb(old) THEN
    RETURN new;
  END IF;
  -- Whoever writes next gets his number after this transaction has ended: numbers never overtake commits.
  PERFORM pg_advisory_xact_lock(622300003);
  INSERT INTO policy_change (kind, code, body, at, by) VALUES (
    tg_table_name, own->>tg_argv[0],
    CASE WHEN tg_op <> 'DELETE' THEN to_jsonb(new) END,
    coalesce(nullif(current_setting('hub.now', true), '')::timestamptz, clock_timestamp()),
    coalesce(nullif(current_setting('hub.by', true), ''), session_user::text));
  NOTIFY hub_policy;
  RETURN new;
END $$;
--> statement-breakpoint
CREATE FUNCTION hub_policy_log_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'policy_change is only added to' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
-- What is there already begins its history now.
INSERT INTO policy_change (kind, code, body, at, by)
SELECT kind, code, body, clock_timestamp(), 'migration' FROM (
  SELECT 'department' AS kind, code, to_jsonb(d) AS body, 1 AS place FROM department d
  UNION ALL SELECT 'consumer', code, to_jsonb(c), 2 FROM consumer c
  UNION ALL SELECT 'api_key', digest, to_jsonb(k), 3 FROM api_key k
  UNION ALL SELECT 'catalog_item', code, to_jsonb(i), 4 FROM catalog_item i
) there ORDER BY place, code;
--> statement-breakpoint
CREATE TRIGGER policy_change_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_change FOR EACH STATEMENT EXECUTE FUNCTION hub_policy_log_is_final();
--> statement-breakpoint
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON department FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('code');
--> statement-breakpoint
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON consumer FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('code');
--> statement-breakpoint
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON administrator FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('code');
--> statement-breakpoint
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON api_key FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('digest');
--> statement-breakpoint
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON catalog_item FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('code');
--> statement-breakpoint
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON matter FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('code');
--> statement-breakpoint
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON sharing_grant FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('approval_no');
--> statement-breakpoint
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON denial FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('code');
--> statement-breakpoint
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON seal FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('code');
