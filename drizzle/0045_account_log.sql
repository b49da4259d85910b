-- Who has an account at the console stands in the log of policy. What it is signed in with does not: a log that is never changed keeps no secrets.
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON account FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('name');
