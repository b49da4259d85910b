ALTER TABLE "service_case" ADD COLUMN "operator_verified" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "service_case" ADD COLUMN "closed_by" text;--> statement-breakpoint
ALTER TABLE "service_case" ADD CONSTRAINT "service_case_closed_by_consumer_code_fk" FOREIGN KEY ("closed_by") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "case_subject_subject_key_index" ON "case_subject" USING btree ("subject_key");