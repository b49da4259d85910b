-- The audit: who asked for what, and what was delivered to whom. It is only added to. Records of one server process are a chain
-- (src/audit/record.ts); a chain lies in the partition of the month in which it was begun, so that a month goes as a whole.
-- Made by hand: drizzle-kit knows no partitions, and no statement is built over these tables (src/audit/ writes its own).

CREATE TABLE audit_chain (
  -- Also the fencing token: who was given a later number writes elsewhere, and two cannot write the same place of a chain.
  writer bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- YYYYMM, civil time.
  month integer NOT NULL,
  process text NOT NULL,
  opened_at timestamptz(3) NOT NULL,
  -- The seal after which it was begun, and what that seal hands on.
  seal bigint NOT NULL,
  seal_link text COLLATE "C" NOT NULL
);
--> statement-breakpoint
-- What is the same in all records of one plan, once: caller, matter, document, items delivered and withheld.
CREATE TABLE audit_scope (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest text COLLATE "C" NOT NULL UNIQUE,
  body text NOT NULL
);
--> statement-breakpoint
CREATE INDEX audit_scope_body ON audit_scope USING gin ((body::jsonb) jsonb_path_ops);
--> statement-breakpoint
CREATE TABLE audit_record (
  month integer NOT NULL,
  writer bigint NOT NULL,
  seq bigint NOT NULL,
  at timestamptz(3) NOT NULL,
  scope bigint NOT NULL,
  request text COLLATE "C" NOT NULL,
  -- Of texts, '' is none.
  operator text NOT NULL,
  case_no text NOT NULL,
  variables text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  rows integer NOT NULL,
  reference text COLLATE "C" NOT NULL,
  policy bigint NOT NULL,
  micros bigint NOT NULL,
  subjects text[] COLLATE "C" NOT NULL,
  hash text COLLATE "C" NOT NULL,
  PRIMARY KEY (month, writer, seq)
) PARTITION BY LIST (month);
--> statement-breakpoint
CREATE INDEX audit_record_at ON audit_record (at, writer, seq);
--> statement-breakpoint
CREATE INDEX audit_record_scope ON audit_record (scope, at);
--> statement-breakpoint
-- New entries wait in a list and are sorted in many at a time: a third of what each would cost by itself.
CREATE INDEX audit_record_subjects ON audit_record USING gin (subjects) WITH (gin_pending_list_limit = 16384);
--> statement-breakpoint
CREATE TABLE audit_seal (
  n bigint PRIMARY KEY,
  at timestamptz(3) NOT NULL,
  previous text COLLATE "C" NOT NULL,
  key_version integer NOT NULL,
  hash text COLLATE "C" NOT NULL,
  signature text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE audit_head (
  seal bigint NOT NULL REFERENCES audit_seal (n),
  writer bigint NOT NULL,
  seq bigint NOT NULL,
  hash text COLLATE "C" NOT NULL,
  closed boolean NOT NULL,
  PRIMARY KEY (writer, seal)
);
--> statement-breakpoint
CREATE INDEX audit_head_seal ON audit_head (seal);
--> statement-breakpoint
-- Which chains are done with is asked at each seal, and most of them are.
CREATE INDEX audit_head_closed ON audit_head (writer) WHERE closed;
--> statement-breakpoint
CREATE FUNCTION hub_audit_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', tg_table_name USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_chain_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION hub_audit_is_final();
--> statement-breakpoint
CREATE TRIGGER audit_scope_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_scope FOR EACH STATEMENT EXECUTE FUNCTION hub_audit_is_final();
--> statement-breakpoint
CREATE TRIGGER audit_record_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_record FOR EACH STATEMENT EXECUTE FUNCTION hub_audit_is_final();
--> statement-breakpoint
CREATE TRIGGER audit_seal_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION hub_audit_is_final();
--> statement-breakpoint
CREATE TRIGGER audit_head_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION hub_audit_is_final();
--> statement-breakpoint
-- Makes the partition of a month where it is not there yet. With its owner's rights: the server's role makes no tables.
CREATE FUNCTION hub_audit_month(m integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  name text := 'audit_record_' || m;
BEGIN
  IF m NOT BETWEEN 200001 AND 299912 OR m % 100 NOT BETWEEN 1 AND 12 THEN
    RAISE EXCEPTION '% is no month', m USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(622300004);
  IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF audit_record FOR VALUES IN (%s)', name, m);
  -- A statement that names the partition itself does not meet its parent's triggers.
  EXECUTE format('CREATE TRIGGER audit_record_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION hub_audit_is_final()', name);
END $$;
