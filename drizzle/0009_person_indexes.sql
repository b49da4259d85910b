DROP INDEX "person_standard_address_code_index";--> statement-breakpoint
DROP INDEX "person_name_birth_date_index";--> statement-breakpoint
DROP INDEX "person_name_registered_division_code_index";--> statement-breakpoint
DROP INDEX "person_name_residence_division_code_index";--> statement-breakpoint
DROP INDEX "person_version_standard_address_code_index";--> statement-breakpoint
DROP INDEX "person_version_name_birth_date_index";--> statement-breakpoint
DROP INDEX "person_version_name_registered_division_code_index";--> statement-breakpoint
DROP INDEX "person_version_name_residence_division_code_index";--> statement-breakpoint
CREATE INDEX "person_name_and_3_more_index" ON "person" USING btree ("name","birth_date","registered_division_code","residence_division_code");--> statement-breakpoint
CREATE INDEX "person_version_name_and_3_more_index" ON "person_version" USING btree ("name","birth_date","registered_division_code","residence_division_code");