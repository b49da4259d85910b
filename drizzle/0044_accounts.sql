CREATE TABLE "account" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"administrator_code" text NOT NULL,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"reset_at" timestamp(3) with time zone NOT NULL,
	"reset_by" text NOT NULL,
	"closed_at" timestamp(3) with time zone,
	CONSTRAINT "account_administrator_code_unique" UNIQUE("administrator_code")
);
--> statement-breakpoint
CREATE TABLE "account_secret" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"digest" text NOT NULL,
	"must_change" boolean NOT NULL,
	"expires_at" timestamp(3) with time zone,
	"changed_at" timestamp(3) with time zone NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"failed_at" timestamp(3) with time zone,
	"locked_until" timestamp(3) with time zone,
	"code_secret" text,
	"code_pending" text,
	"code_step" bigint,
	CONSTRAINT "account_secret_failed" CHECK ("account_secret"."failed" >= 0)
);
--> statement-breakpoint
CREATE TABLE "console_session" (
	"digest" text PRIMARY KEY NOT NULL,
	"administrator_code" text NOT NULL,
	"account_name" text COLLATE "C",
	"token_subject" text,
	"started_at" timestamp(3) with time zone NOT NULL,
	"used_at" timestamp(3) with time zone NOT NULL,
	"ends_at" timestamp(3) with time zone NOT NULL,
	"locked_at" timestamp(3) with time zone,
	CONSTRAINT "console_session_by" CHECK (num_nonnulls("console_session"."account_name", "console_session"."token_subject") = 1)
);
--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_administrator_code_administrator_code_fk" FOREIGN KEY ("administrator_code") REFERENCES "public"."administrator"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_secret" ADD CONSTRAINT "account_secret_name_account_name_fk" FOREIGN KEY ("name") REFERENCES "public"."account"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "console_session" ADD CONSTRAINT "console_session_administrator_code_administrator_code_fk" FOREIGN KEY ("administrator_code") REFERENCES "public"."administrator"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "console_session" ADD CONSTRAINT "console_session_account_name_account_name_fk" FOREIGN KEY ("account_name") REFERENCES "public"."account"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "console_session_administrator_code_index" ON "console_session" USING btree ("administrator_code");--> statement-breakpoint
CREATE INDEX "console_session_ends_at_index" ON "console_session" USING btree ("ends_at");