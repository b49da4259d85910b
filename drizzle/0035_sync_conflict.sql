CREATE TABLE "sync_conflict" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"record_type" text NOT NULL,
	"record_id" uuid NOT NULL,
	"field" text NOT NULL,
	"own_source" text NOT NULL,
	"own_version" text NOT NULL,
	"other_source" text NOT NULL,
	"other_version" text NOT NULL,
	"holds" text NOT NULL,
	"state" text NOT NULL,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"decided_at" timestamp(3) with time zone,
	"decided_by" text,
	"words" text,
	CONSTRAINT "sync_conflict_state" CHECK ("sync_conflict"."state" in ('OPEN', 'KEPT', 'TAKEN', 'CHECKING', 'SETTLED'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "sync_conflict_standing" ON "sync_conflict" USING btree ("record_type","record_id","field","own_source","other_source") WHERE "sync_conflict"."state" in ('OPEN', 'KEPT', 'CHECKING');--> statement-breakpoint
CREATE INDEX "sync_conflict_queue" ON "sync_conflict" USING btree ("opened_at","id");