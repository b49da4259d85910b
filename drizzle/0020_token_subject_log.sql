-- Who is meant by a token's subject stands in the log of policy: a link is in force, and out of force, in every process at once.
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON token_subject FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('code');
