-- What was moved stays moved: the story of an application is only added to.
CREATE FUNCTION hub_application_moves_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'application_move is only added to' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER application_move_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON application_move FOR EACH STATEMENT EXECUTE FUNCTION hub_application_moves_are_final();
