CREATE TABLE "sync_hidden" (
	"record_type" text NOT NULL,
	"source" text NOT NULL,
	"source_key" text NOT NULL,
	"fields" text[] NOT NULL,
	CONSTRAINT "sync_hidden_record_type_source_source_key_pk" PRIMARY KEY("record_type","source","source_key")
);
--> statement-breakpoint
CREATE TABLE "sync_reconcile" (
	"run" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sync_reconcile_run_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"registry" text NOT NULL,
	"side" text NOT NULL,
	"because" text NOT NULL,
	"dry_run" boolean NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	"calls" integer DEFAULT 0 NOT NULL,
	"rows" bigint DEFAULT 0 NOT NULL,
	"missing" integer DEFAULT 0 NOT NULL,
	"surplus" integer DEFAULT 0 NOT NULL,
	"different" integer DEFAULT 0 NOT NULL,
	"healed" integer DEFAULT 0 NOT NULL,
	"refused" integer DEFAULT 0 NOT NULL,
	"sample" json,
	"halted" text,
	CONSTRAINT "sync_reconcile_side" CHECK ("sync_reconcile"."side" in ('CITY', 'LOCAL'))
);
--> statement-breakpoint
CREATE INDEX "sync_reconcile_registry_side_started_at_index" ON "sync_reconcile" USING btree ("registry","side","started_at");