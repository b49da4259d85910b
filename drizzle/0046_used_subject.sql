CREATE TABLE "used_subject" (
	"consumer_code" text NOT NULL,
	"matter_code" text NOT NULL,
	"case_no" text NOT NULL,
	"role" text NOT NULL,
	"place" integer NOT NULL,
	"subject_type" text NOT NULL,
	"subject_key" text COLLATE "C" NOT NULL,
	"keys" text ARRAY COLLATE "C" NOT NULL,
	"fields" text[] NOT NULL,
	"version" integer,
	"receipt_id" uuid,
	"request" uuid NOT NULL,
	"used_at" timestamp(3) with time zone NOT NULL,
	"until" timestamp(3) with time zone NOT NULL,
	"with_case" boolean NOT NULL,
	CONSTRAINT "used_subject_pk" PRIMARY KEY("consumer_code","matter_code","case_no","role","subject_key")
);
--> statement-breakpoint
ALTER TABLE "used_subject" ADD CONSTRAINT "used_subject_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "used_subject" ADD CONSTRAINT "used_subject_matter_code_matter_code_fk" FOREIGN KEY ("matter_code") REFERENCES "public"."matter"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "used_subject_keys_index" ON "used_subject" USING gin ("keys");--> statement-breakpoint
CREATE INDEX "used_subject_until_index" ON "used_subject" USING btree ("until");