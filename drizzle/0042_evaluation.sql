CREATE TABLE "evaluation_day" (
	"day" date PRIMARY KEY NOT NULL,
	"counted_at" timestamp(3) with time zone NOT NULL,
	"complete" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "evaluation_figure" (
	"day" date NOT NULL,
	"department_code" text NOT NULL,
	"figure" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "evaluation_figure_day_department_code_figure_pk" PRIMARY KEY("day","department_code","figure")
);
--> statement-breakpoint
CREATE TABLE "evaluation_item" (
	"day" date NOT NULL,
	"consumer_code" text NOT NULL,
	"item" text NOT NULL,
	"delivered" integer NOT NULL,
	"used" integer NOT NULL,
	CONSTRAINT "evaluation_item_day_consumer_code_item_pk" PRIMARY KEY("day","consumer_code","item")
);
--> statement-breakpoint
CREATE INDEX "submission_submitted_at_index" ON "submission" USING btree ("submitted_at");--> statement-breakpoint
CREATE INDEX "receipt_at_index" ON "receipt" USING btree ("at");