CREATE TABLE "city_copy" (
	"record_type" text NOT NULL,
	"record_id" uuid NOT NULL,
	"fetched" jsonb NOT NULL,
	CONSTRAINT "city_copy_record_type_record_id_pk" PRIMARY KEY("record_type","record_id")
);
