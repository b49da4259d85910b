CREATE SEQUENCE "public"."application_number" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "application" (
	"number" text COLLATE "C" PRIMARY KEY NOT NULL,
	"consumer_code" text NOT NULL,
	"department_code" text NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"legal_basis" text NOT NULL,
	"scenario" text NOT NULL,
	"purpose" text NOT NULL,
	"matters" text[] NOT NULL,
	"valid_from" date,
	"valid_to" date NOT NULL,
	"activated_at" timestamp(3) with time zone,
	"supersedes" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "application_line" (
	"application_number" text COLLATE "C" NOT NULL,
	"line" integer NOT NULL,
	"item" text NOT NULL,
	"uses" text[] NOT NULL,
	"modes" text[] NOT NULL,
	"mask" text,
	"bounds" jsonb NOT NULL,
	"quota_per_day" integer,
	"reviewed_by" text,
	"decision" text,
	"reason" text,
	CONSTRAINT "application_line_application_number_line_pk" PRIMARY KEY("application_number","line"),
	CONSTRAINT "application_line_decision" CHECK ("application_line"."decision" in ('APPROVED', 'REFUSED')),
	CONSTRAINT "application_line_reason" CHECK ("application_line"."decision" is distinct from 'REFUSED' or "application_line"."reason" is not null)
);
--> statement-breakpoint
CREATE TABLE "application_move" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "application_move_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"application_number" text COLLATE "C" NOT NULL,
	"review_of" text,
	"verb" text NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"by" text NOT NULL,
	"by_role" text,
	"by_department" text,
	"party" text NOT NULL,
	"words" text,
	"content" jsonb
);
--> statement-breakpoint
CREATE TABLE "application_review" (
	"application_number" text COLLATE "C" NOT NULL,
	"department_code" text NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "application_review_application_number_department_code_pk" PRIMARY KEY("application_number","department_code")
);
--> statement-breakpoint
ALTER TABLE "application" ADD CONSTRAINT "application_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application" ADD CONSTRAINT "application_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application" ADD CONSTRAINT "application_supersedes_application_number_fk" FOREIGN KEY ("supersedes") REFERENCES "public"."application"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application_line" ADD CONSTRAINT "application_line_application_number_application_number_fk" FOREIGN KEY ("application_number") REFERENCES "public"."application"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application_line" ADD CONSTRAINT "application_line_reviewed_by_department_code_fk" FOREIGN KEY ("reviewed_by") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application_move" ADD CONSTRAINT "application_move_application_number_application_number_fk" FOREIGN KEY ("application_number") REFERENCES "public"."application"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application_review" ADD CONSTRAINT "application_review_application_number_application_number_fk" FOREIGN KEY ("application_number") REFERENCES "public"."application"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application_review" ADD CONSTRAINT "application_review_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "application_consumer_code_index" ON "application" USING btree ("consumer_code");--> statement-breakpoint
CREATE INDEX "application_department_code_index" ON "application" USING btree ("department_code");--> statement-breakpoint
CREATE INDEX "application_supersedes_index" ON "application" USING btree ("supersedes");--> statement-breakpoint
CREATE INDEX "application_state_valid_to_index" ON "application" USING btree ("state","valid_to");--> statement-breakpoint
CREATE INDEX "application_move_application_number_seq_index" ON "application_move" USING btree ("application_number","seq");--> statement-breakpoint
CREATE INDEX "application_review_department_code_state_index" ON "application_review" USING btree ("department_code","state");