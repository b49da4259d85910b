DROP INDEX "source_record_record_type_record_id_index";--> statement-breakpoint
ALTER TABLE "source_record" ALTER COLUMN "values" SET DATA TYPE json;--> statement-breakpoint
CREATE INDEX "source_record_record_id_index" ON "source_record" USING btree ("record_id");