CREATE SEQUENCE "public"."catalog_draft_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "catalog_draft" (
	"number" text COLLATE "C" PRIMARY KEY NOT NULL,
	"resource_code" text NOT NULL,
	"department_code" text NOT NULL,
	"action" text NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"base" text,
	"content" jsonb NOT NULL,
	CONSTRAINT "catalog_draft_action" CHECK ("catalog_draft"."action" in ('PUBLISH', 'WITHDRAW'))
);
--> statement-breakpoint
CREATE TABLE "catalog_draft_move" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "catalog_draft_move_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"draft_number" text COLLATE "C" NOT NULL,
	"verb" text NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"by" text NOT NULL,
	"words" text
);
--> statement-breakpoint
CREATE TABLE "catalog_resource" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"department_code" text NOT NULL,
	"provider_uscc" text DEFAULT '' NOT NULL,
	"abstract" text NOT NULL,
	"format_category" text NOT NULL,
	"format_type" text NOT NULL,
	"format_note" text DEFAULT '' NOT NULL,
	"share_mode" text NOT NULL,
	"open_condition" text DEFAULT '' NOT NULL,
	"update_cycle" text NOT NULL,
	"related_codes" text[] DEFAULT '{}' NOT NULL,
	"published_on" date NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "catalog_resource_state" CHECK ("catalog_resource"."state" in ('PUBLISHED', 'WITHDRAWN'))
);
--> statement-breakpoint
ALTER TABLE "catalog_item" ADD COLUMN "resource_code" text;--> statement-breakpoint
ALTER TABLE "catalog_item" ADD COLUMN "data_type" text;--> statement-breakpoint
ALTER TABLE "catalog_item" ADD COLUMN "data_length" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "catalog_draft" ADD CONSTRAINT "catalog_draft_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog_draft_move" ADD CONSTRAINT "catalog_draft_move_draft_number_catalog_draft_number_fk" FOREIGN KEY ("draft_number") REFERENCES "public"."catalog_draft"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog_resource" ADD CONSTRAINT "catalog_resource_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "catalog_draft_department_code_state_index" ON "catalog_draft" USING btree ("department_code","state");--> statement-breakpoint
CREATE INDEX "catalog_draft_move_draft_number_seq_index" ON "catalog_draft_move" USING btree ("draft_number","seq");