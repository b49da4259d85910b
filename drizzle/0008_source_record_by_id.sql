DROP INDEX "source_record_record_type_record_id_index";--> statement-breakpoint
CREATE INDEX "source_record_record_id_index" ON "source_record" USING btree ("record_id");