CREATE TABLE "concealment" (
	"code" text PRIMARY KEY NOT NULL,
	"matter_code" text NOT NULL,
	"consumer_code" text,
	"delay_days" integer,
	"until" date,
	"legal_basis" text NOT NULL,
	CONSTRAINT "concealment_delay" CHECK ("concealment"."delay_days" between 1 and 36500),
	CONSTRAINT "concealment_basis" CHECK ("concealment"."legal_basis" <> '')
);
--> statement-breakpoint
ALTER TABLE "consumer" ADD COLUMN "citizen_portal" text;--> statement-breakpoint
ALTER TABLE "concealment" ADD CONSTRAINT "concealment_matter_code_matter_code_fk" FOREIGN KEY ("matter_code") REFERENCES "public"."matter"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "concealment" ADD CONSTRAINT "concealment_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;