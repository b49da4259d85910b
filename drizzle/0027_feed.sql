CREATE TABLE "dead_letter" (
	"target" text NOT NULL,
	"record_type" text NOT NULL,
	"source" text NOT NULL,
	"source_key" text NOT NULL,
	"version" text NOT NULL,
	"reason" text NOT NULL,
	"field" text,
	"tries" integer DEFAULT 1 NOT NULL,
	"first_at" timestamp(3) with time zone NOT NULL,
	"last_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "dead_letter_target_record_type_source_source_key_pk" PRIMARY KEY("target","record_type","source","source_key")
);
--> statement-breakpoint
CREATE TABLE "feed_delivery" (
	"consumer_code" text NOT NULL,
	"record_type" text NOT NULL,
	"record_id" uuid NOT NULL,
	CONSTRAINT "feed_delivery_consumer_code_record_type_record_id_pk" PRIMARY KEY("consumer_code","record_type","record_id")
);
--> statement-breakpoint
CREATE TABLE "hub_epoch" (
	"epoch" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"began_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "push_state" (
	"target" text PRIMARY KEY NOT NULL,
	"place" json NOT NULL,
	"passed_up" bigint DEFAULT 0 NOT NULL,
	"last_success_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "record_change" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "record_change_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"mark" uuid DEFAULT gen_random_uuid() NOT NULL,
	"record_type" text NOT NULL,
	"record_ids" uuid[] NOT NULL,
	"records" integer GENERATED ALWAYS AS (cardinality(record_ids)) STORED NOT NULL,
	"corrections" json,
	"origin" text,
	"recorded_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "source_record" ADD COLUMN "effective_from" date;--> statement-breakpoint
ALTER TABLE "source_record" ADD COLUMN "effective_to" date;--> statement-breakpoint
ALTER TABLE "consumer" ADD COLUMN "hub_division" text;--> statement-breakpoint
ALTER TABLE "feed_delivery" ADD CONSTRAINT "feed_delivery_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consumer" ADD CONSTRAINT "consumer_hub_division" CHECK ("consumer"."hub_division" ~ '^[0-9]{6}$');--> statement-breakpoint
INSERT INTO "hub_epoch" DEFAULT VALUES;
