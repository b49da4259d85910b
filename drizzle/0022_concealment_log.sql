-- What is kept from those whom it is about stands in the log of policy: in force, and out of force, in every process at once.
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON concealment FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('code');
