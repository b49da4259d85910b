CREATE TABLE "comparison" (
	"id" uuid PRIMARY KEY NOT NULL,
	"consumer_code" text NOT NULL,
	"matter_code" text,
	"operator" text NOT NULL,
	"record_type" text NOT NULL,
	"claims" json NOT NULL,
	"digest" text,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"rows" integer DEFAULT 0 NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"refused" integer DEFAULT 0 NOT NULL,
	"matches" integer DEFAULT 0 NOT NULL,
	"mismatches" integer DEFAULT 0 NOT NULL,
	"no_records" integer DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"stop_code" text,
	"stop_reason" text,
	"not_before" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"touched_at" timestamp(3) with time zone,
	"finished_at" timestamp(3) with time zone,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"fetched_at" timestamp(3) with time zone,
	"deleted_at" timestamp(3) with time zone,
	CONSTRAINT "comparison_state" CHECK ("comparison"."state" in ('RECEIVING', 'WAITING', 'RUNNING', 'DONE', 'STOPPED')),
	CONSTRAINT "comparison_stop" CHECK (("comparison"."state" = 'STOPPED') = ("comparison"."stop_code" is not null)),
	CONSTRAINT "comparison_digest" CHECK ("comparison"."digest" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "comparison_chunk" (
	"comparison_id" uuid NOT NULL,
	"n" integer NOT NULL,
	"rows" integer NOT NULL,
	"input" json,
	"result" json,
	CONSTRAINT "comparison_chunk_comparison_id_n_pk" PRIMARY KEY("comparison_id","n"),
	CONSTRAINT "comparison_chunk_input_or_result" CHECK (("comparison_chunk"."input" is null) <> ("comparison_chunk"."result" is null))
);
--> statement-breakpoint
ALTER TABLE "comparison_chunk" ADD CONSTRAINT "comparison_chunk_comparison_id_comparison_id_fk" FOREIGN KEY ("comparison_id") REFERENCES "public"."comparison"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "comparison_consumer_code_created_at_index" ON "comparison" USING btree ("consumer_code","created_at");