ALTER TABLE "person" DROP CONSTRAINT "person_ethnicity_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_birth_country_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_birth_division_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_native_division_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_nationality_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_education_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_employment_status_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_registered_division_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_residence_division_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_township_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_village_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_police_station_code";--> statement-breakpoint
ALTER TABLE "person" DROP CONSTRAINT "person_relation_to_head_code";--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_ethnicity_code" CHECK (octet_length("person"."ethnicity_code") = 2 and rtrim("person"."ethnicity_code", '0123456789') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_birth_country_code" CHECK (octet_length("person"."birth_country_code") = 3 and rtrim("person"."birth_country_code", 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_birth_division_code" CHECK (octet_length("person"."birth_division_code") = 6 and rtrim("person"."birth_division_code", '0123456789') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_native_division_code" CHECK (octet_length("person"."native_division_code") = 6 and rtrim("person"."native_division_code", '0123456789') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_nationality_code" CHECK (octet_length("person"."nationality_code") = 3 and rtrim("person"."nationality_code", 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_education_code" CHECK (octet_length("person"."education_code") = 2 and rtrim("person"."education_code", '0123456789') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_employment_status_code" CHECK (octet_length("person"."employment_status_code") = 2 and rtrim("person"."employment_status_code", '0123456789') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_registered_division_code" CHECK (octet_length("person"."registered_division_code") = 12 and rtrim("person"."registered_division_code", '0123456789') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_residence_division_code" CHECK (octet_length("person"."residence_division_code") = 12 and rtrim("person"."residence_division_code", '0123456789') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_township_code" CHECK (octet_length("person"."township_code") = 9 and rtrim("person"."township_code", '0123456789') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_village_code" CHECK (octet_length("person"."village_code") = 12 and rtrim("person"."village_code", '0123456789') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_police_station_code" CHECK (octet_length("person"."police_station_code") = 12 and rtrim("person"."police_station_code", '0123456789') = '');--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_relation_to_head_code" CHECK (octet_length("person"."relation_to_head_code") = 2 and rtrim("person"."relation_to_head_code", '0123456789') = '');