-- Every state of a published resource stands in the log of policy, as those of items do; a draft's moves are only added to.
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON catalog_resource FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('code');
--> statement-breakpoint
CREATE FUNCTION hub_draft_moves_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'catalog_draft_move is only added to' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER catalog_draft_move_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON catalog_draft_move FOR EACH STATEMENT EXECUTE FUNCTION hub_draft_moves_are_final();
