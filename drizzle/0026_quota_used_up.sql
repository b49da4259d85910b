-- Takes back a statement that could not take all the uses of its batch (src/audit/quota.ts): nothing is counted, and no record written.
CREATE FUNCTION hub_quota_used_up() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'something is used up' USING ERRCODE = 'HQ001';
END $$;
