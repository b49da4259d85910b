CREATE TABLE "certificate_copy" (
	"id" text PRIMARY KEY NOT NULL,
	"record_id" uuid NOT NULL,
	"certificate_identifier" text NOT NULL,
	"consumer_code" text NOT NULL,
	"issued_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"person_keys" text[] NOT NULL,
	"pdf" "bytea",
	"digest" text NOT NULL,
	"signed_at" timestamp(3) with time zone NOT NULL,
	"key_version" integer NOT NULL,
	"signature" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "certificate_use" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "certificate_use_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp(3) with time zone NOT NULL,
	"certificate_identifier" text NOT NULL,
	"issuer_code" text,
	"mode" text NOT NULL,
	"copy_id" text,
	"consumer_code" text,
	"department_code" text,
	"operator" text,
	"matter_code" text,
	"case_no" text,
	"cause" text,
	"fields" text[] NOT NULL,
	"result" text NOT NULL,
	CONSTRAINT "certificate_use_mode" CHECK ("certificate_use"."mode" in ('COPY', 'DOWNLOAD', 'CHECK'))
);
--> statement-breakpoint
ALTER TABLE "department" ADD COLUMN "uscc" text;--> statement-breakpoint
ALTER TABLE "certificate_type" ADD COLUMN "copy_needs_authorization" boolean;--> statement-breakpoint
ALTER TABLE "certificate_type_version" ADD COLUMN "copy_needs_authorization" boolean;--> statement-breakpoint
ALTER TABLE "certificate_copy" ADD CONSTRAINT "certificate_copy_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_use" ADD CONSTRAINT "certificate_use_copy_id_certificate_copy_id_fk" FOREIGN KEY ("copy_id") REFERENCES "public"."certificate_copy"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_use" ADD CONSTRAINT "certificate_use_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_use" ADD CONSTRAINT "certificate_use_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "certificate_copy_record_id_index" ON "certificate_copy" USING btree ("record_id");--> statement-breakpoint
CREATE INDEX "certificate_copy_consumer_code_id_index" ON "certificate_copy" USING btree ("consumer_code","id");--> statement-breakpoint
CREATE INDEX "certificate_copy_files" ON "certificate_copy" USING btree ("expires_at") WHERE "certificate_copy"."pdf" is not null;--> statement-breakpoint
CREATE INDEX "certificate_use_certificate_identifier_id_index" ON "certificate_use" USING btree ("certificate_identifier","id");--> statement-breakpoint
CREATE INDEX "certificate_use_issuer_code_id_index" ON "certificate_use" USING btree ("issuer_code","id");--> statement-breakpoint
ALTER TABLE "department" ADD CONSTRAINT "department_uscc_unique" UNIQUE("uscc");