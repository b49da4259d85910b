CREATE TABLE "deadline" (
	"subject" text NOT NULL,
	"rule" text NOT NULL,
	"department_code" text NOT NULL,
	"started_on" date NOT NULL,
	"working_days" integer NOT NULL,
	"due_on" date NOT NULL,
	"provisional" boolean NOT NULL,
	"met_on" date,
	"escalated_at" timestamp(3) with time zone,
	CONSTRAINT "deadline_subject_rule_department_code_pk" PRIMARY KEY("subject","rule","department_code")
);
--> statement-breakpoint
CREATE TABLE "working_day" (
	"day" date PRIMARY KEY NOT NULL,
	"year" integer NOT NULL,
	"working" boolean NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "working_day_year" CHECK (extract(year from "working_day"."day") = "working_day"."year")
);
--> statement-breakpoint
CREATE TABLE "working_year" (
	"year" integer PRIMARY KEY NOT NULL,
	"entered_at" timestamp(3) with time zone NOT NULL,
	"entered_by" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "deadline" ADD CONSTRAINT "deadline_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "working_day" ADD CONSTRAINT "working_day_year_working_year_year_fk" FOREIGN KEY ("year") REFERENCES "public"."working_year"("year") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deadline_open" ON "deadline" USING btree ("due_on","subject","rule","department_code") WHERE "deadline"."met_on" is null;