-- Months of the audit that are in files and no longer here (src/audit/retired.ts). Their chains, seals and sealed ends stay.
CREATE TABLE audit_retired (
  month integer NOT NULL,
  at timestamptz(3) NOT NULL,
  by text NOT NULL,
  writers bigint[] NOT NULL,
  records bigint NOT NULL,
  file text NOT NULL,
  digest text COLLATE "C" NOT NULL,
  key_version integer NOT NULL,
  signature text COLLATE "C" NOT NULL,
  PRIMARY KEY (month, at)
);
--> statement-breakpoint
CREATE TRIGGER audit_retired_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_retired FOR EACH STATEMENT EXECUTE FUNCTION hub_audit_is_final();
