CREATE TABLE "desk_request" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"matter_code" text NOT NULL,
	"version" integer NOT NULL,
	"fact" text NOT NULL,
	"role" text NOT NULL,
	"subject_key" text NOT NULL,
	"subject_number" text NOT NULL,
	"department_code" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp(3) with time zone NOT NULL,
	"verdict" text,
	"words" text,
	"answered_by" text,
	"answered_at" timestamp(3) with time zone,
	CONSTRAINT "desk_request_verdict" CHECK ("desk_request"."verdict" in ('HELD', 'NOT_HELD', 'TRUE', 'FALSE', 'UNKNOWN')),
	CONSTRAINT "desk_request_answered" CHECK (num_nonnulls("desk_request"."verdict", "desk_request"."answered_by", "desk_request"."answered_at") in (0, 3))
);
--> statement-breakpoint
CREATE TABLE "matter_version" (
	"matter_code" text NOT NULL,
	"version" integer NOT NULL,
	"definition" json NOT NULL,
	"state" text NOT NULL,
	"drafted_by" text NOT NULL,
	"drafted_at" timestamp(3) with time zone NOT NULL,
	"tested_at" timestamp(3) with time zone,
	"published_by" text,
	"published_at" timestamp(3) with time zone,
	CONSTRAINT "matter_version_matter_code_version_pk" PRIMARY KEY("matter_code","version"),
	CONSTRAINT "matter_version_state" CHECK ("matter_version"."state" in ('DRAFT', 'PUBLISHED')),
	CONSTRAINT "matter_version_published" CHECK (("matter_version"."state" = 'PUBLISHED') = ("matter_version"."published_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "receipt" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"consumer_code" text NOT NULL,
	"department_code" text NOT NULL,
	"matter_code" text NOT NULL,
	"case_no" text,
	"document" text NOT NULL,
	"signed" text NOT NULL,
	"signature" text NOT NULL,
	"key_id" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "matter" ADD COLUMN "published_version" integer;--> statement-breakpoint
ALTER TABLE "service_case" ADD COLUMN "matter_version" integer;--> statement-breakpoint
ALTER TABLE "desk_request" ADD CONSTRAINT "desk_request_case_id_service_case_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."service_case"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "desk_request" ADD CONSTRAINT "desk_request_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "desk_request" ADD CONSTRAINT "desk_request_asked_by_consumer_code_fk" FOREIGN KEY ("asked_by") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "matter_version" ADD CONSTRAINT "matter_version_matter_code_matter_code_fk" FOREIGN KEY ("matter_code") REFERENCES "public"."matter"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "desk_request_fact" ON "desk_request" USING btree ("case_id","fact","role","subject_key");--> statement-breakpoint
CREATE INDEX "desk_request_department_code_index" ON "desk_request" USING btree ("department_code") WHERE "desk_request"."answered_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "matter_version_draft" ON "matter_version" USING btree ("matter_code") WHERE "matter_version"."state" = 'DRAFT';--> statement-breakpoint
CREATE INDEX "receipt_matter_code_case_no_index" ON "receipt" USING btree ("matter_code","case_no");