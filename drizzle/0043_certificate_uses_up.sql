CREATE TABLE "certificate_use_up" (
	"use_id" bigint PRIMARY KEY NOT NULL,
	"key" uuid DEFAULT gen_random_uuid() NOT NULL,
	"source" text NOT NULL,
	"source_key" text NOT NULL,
	"state" text DEFAULT 'WAITING' NOT NULL,
	CONSTRAINT "certificate_use_up_state" CHECK ("certificate_use_up"."state" in ('WAITING', 'SENT', 'REFUSED'))
);
--> statement-breakpoint
ALTER TABLE "certificate_use" DROP CONSTRAINT "certificate_use_copy_id_certificate_copy_id_fk";
--> statement-breakpoint
ALTER TABLE "certificate_use" DROP CONSTRAINT "certificate_use_consumer_code_consumer_code_fk";
--> statement-breakpoint
ALTER TABLE "certificate_use" DROP CONSTRAINT "certificate_use_department_code_department_code_fk";
--> statement-breakpoint
ALTER TABLE "certificate_use" ADD COLUMN "told_by" text;--> statement-breakpoint
ALTER TABLE "certificate_use" ADD COLUMN "told_key" uuid;--> statement-breakpoint
ALTER TABLE "certificate_use" ADD COLUMN "told_from" text;--> statement-breakpoint
ALTER TABLE "certificate_use_up" ADD CONSTRAINT "certificate_use_up_use_id_certificate_use_id_fk" FOREIGN KEY ("use_id") REFERENCES "public"."certificate_use"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "certificate_use_up_waiting" ON "certificate_use_up" USING btree ("use_id") WHERE "certificate_use_up"."state" = 'WAITING';--> statement-breakpoint
ALTER TABLE "certificate_use" ADD CONSTRAINT "certificate_use_told_by_consumer_code_fk" FOREIGN KEY ("told_by") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "certificate_use_copy" ON "certificate_use" USING btree ("copy_id") WHERE "certificate_use"."told_by" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "certificate_use_told" ON "certificate_use" USING btree ("told_by","told_key") WHERE "certificate_use"."told_by" is not null;