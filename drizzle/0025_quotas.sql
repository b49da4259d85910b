CREATE TABLE "quota_use" (
	"day" date NOT NULL,
	"who" text COLLATE "C" NOT NULL,
	"what" text COLLATE "C" NOT NULL,
	"used" integer NOT NULL,
	"most" integer NOT NULL,
	CONSTRAINT "quota_use_day_who_what_pk" PRIMARY KEY("day","who","what"),
	CONSTRAINT "quota_use_used" CHECK ("quota_use"."used" >= 0)
);
--> statement-breakpoint
ALTER TABLE "application" ADD COLUMN "raises" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "application" ADD CONSTRAINT "application_raises_application_number_fk" FOREIGN KEY ("raises") REFERENCES "public"."application"("number") ON DELETE no action ON UPDATE no action;