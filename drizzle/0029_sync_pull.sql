CREATE TABLE "city_condition" (
	"item" text PRIMARY KEY NOT NULL,
	"share_type" text NOT NULL,
	"condition" text NOT NULL,
	CONSTRAINT "city_condition_share_type" CHECK ("city_condition"."share_type" in ('UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'))
);
--> statement-breakpoint
CREATE TABLE "sync_feed" (
	"registry" text PRIMARY KEY NOT NULL,
	"cursor" text,
	"epoch" text,
	"phase" text,
	"in_step" boolean DEFAULT false NOT NULL,
	"conditions" text,
	"shown" json,
	"behind" bigint DEFAULT 0 NOT NULL,
	"entries" bigint DEFAULT 0 NOT NULL,
	"recent" integer DEFAULT 0 NOT NULL,
	"recent_deletions" integer DEFAULT 0 NOT NULL,
	"recent_missing" integer DEFAULT 0 NOT NULL,
	"allow_deletes" boolean DEFAULT false NOT NULL,
	"last_success_at" timestamp(3) with time zone,
	"in_step_at" timestamp(3) with time zone,
	"last_failure_at" timestamp(3) with time zone,
	"last_failure" text,
	"failures" integer DEFAULT 0 NOT NULL,
	"halted" text,
	"halted_at" timestamp(3) with time zone,
	"reconcile_due" text,
	"breaker" text,
	CONSTRAINT "sync_feed_phase" CHECK ("sync_feed"."phase" in ('LOST', 'SNAPSHOT', 'FEED'))
);
--> statement-breakpoint
CREATE TABLE "sync_lease" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"token" bigint NOT NULL,
	"until" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_quarantine" (
	"code" text PRIMARY KEY NOT NULL,
	"registry" text NOT NULL,
	"record_type" text,
	"city_id" text,
	"source" text,
	"source_key" text,
	"cursor" text,
	"field" text NOT NULL,
	"reason" text NOT NULL,
	"raw" text NOT NULL,
	"tries" integer NOT NULL,
	"state" text NOT NULL,
	"first_seen_at" timestamp(3) with time zone NOT NULL,
	"last_seen_at" timestamp(3) with time zone NOT NULL,
	"next_try_at" timestamp(3) with time zone NOT NULL,
	"edited_by" text,
	CONSTRAINT "sync_quarantine_state" CHECK ("sync_quarantine"."state" in ('WAITING', 'POISONED'))
);
--> statement-breakpoint
CREATE TABLE "sync_unknown" (
	"record_type" text NOT NULL,
	"source" text NOT NULL,
	"source_key" text NOT NULL,
	"version" text NOT NULL,
	"values" json NOT NULL,
	"seen_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "sync_unknown_record_type_source_source_key_pk" PRIMARY KEY("record_type","source","source_key")
);
--> statement-breakpoint
CREATE INDEX "sync_quarantine_registry_state_next_try_at_index" ON "sync_quarantine" USING btree ("registry","state","next_try_at");--> statement-breakpoint
CREATE TRIGGER policy_log AFTER INSERT OR UPDATE OR DELETE ON city_condition FOR EACH ROW EXECUTE FUNCTION hub_policy_changed('item');
