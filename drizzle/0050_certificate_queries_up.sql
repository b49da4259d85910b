CREATE TABLE "certificate_query_place" (
	"writer" bigint PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"done" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "certificate_query_up" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "certificate_query_up_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" uuid NOT NULL,
	"source" text NOT NULL,
	"source_key" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"consumer_code" text,
	"department_code" text,
	"operator" text,
	"matter_code" text,
	"case_no" text,
	"items" text[] NOT NULL,
	"state" text DEFAULT 'WAITING' NOT NULL,
	CONSTRAINT "certificate_query_up_key_unique" UNIQUE("key"),
	CONSTRAINT "certificate_query_up_state" CHECK ("certificate_query_up"."state" in ('WAITING', 'REFUSED'))
);
--> statement-breakpoint
ALTER TABLE "certificate_use" DROP CONSTRAINT "certificate_use_mode";--> statement-breakpoint
ALTER TABLE "certificate_use" ADD COLUMN "items" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE INDEX "certificate_query_up_waiting" ON "certificate_query_up" USING btree ("id") WHERE "certificate_query_up"."state" = 'WAITING';--> statement-breakpoint
ALTER TABLE "certificate_use" ADD CONSTRAINT "certificate_use_mode" CHECK ("certificate_use"."mode" in ('COPY', 'DOWNLOAD', 'CHECK', 'QUERY'));