CREATE TABLE "division_count" (
	"division_code" text NOT NULL,
	"record_type" text NOT NULL,
	"count" bigint NOT NULL,
	"counted_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "division_count_division_code_record_type_pk" PRIMARY KEY("division_code","record_type")
);
--> statement-breakpoint
CREATE TABLE "division_hull" (
	"division_code" text PRIMARY KEY NOT NULL,
	"hull" text NOT NULL
);
