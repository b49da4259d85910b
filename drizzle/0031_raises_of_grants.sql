ALTER TABLE "application" DROP CONSTRAINT "application_raises_application_number_fk";
--> statement-breakpoint
CREATE INDEX "application_raises_index" ON "application" USING btree ("raises");