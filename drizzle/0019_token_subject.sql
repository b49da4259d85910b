CREATE TABLE "token_subject" (
	"code" text PRIMARY KEY GENERATED ALWAYS AS (issuer || ' ' || subject) STORED NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"consumer_code" text,
	"administrator_code" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "token_subject_holder" CHECK (num_nonnulls("token_subject"."consumer_code", "token_subject"."administrator_code") = 1),
	CONSTRAINT "token_subject_issuer" CHECK (position(' ' in "token_subject"."issuer") = 0)
);
--> statement-breakpoint
ALTER TABLE "token_subject" ADD CONSTRAINT "token_subject_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "token_subject" ADD CONSTRAINT "token_subject_administrator_code_administrator_code_fk" FOREIGN KEY ("administrator_code") REFERENCES "public"."administrator"("code") ON DELETE no action ON UPDATE no action;