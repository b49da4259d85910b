CREATE TABLE "check_move" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "check_move_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"check_id" uuid NOT NULL,
	"verb" text NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"by" text NOT NULL,
	"by_role" text,
	"by_department" text,
	"party" text NOT NULL,
	"words" text
);
--> statement-breakpoint
CREATE TABLE "check_request" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "check_request_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"report" uuid NOT NULL,
	"reference" text,
	"conflict" uuid,
	"record_type" text NOT NULL,
	"record_id" uuid NOT NULL,
	"field" text NOT NULL,
	"source" text NOT NULL,
	"source_key" text NOT NULL,
	"source_version" text NOT NULL,
	"department" text,
	"reporter" text NOT NULL,
	"reported_for" text NOT NULL,
	"matter" text,
	"case_no" text,
	"words" text NOT NULL,
	"evidence" text,
	"believed" json,
	"subjects" text[] NOT NULL,
	"state" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"reported_at" timestamp(3) with time zone NOT NULL,
	"city_due_on" date,
	"verdict" text,
	"answer" text,
	"corrected_version" text,
	"answered_at" timestamp(3) with time zone,
	CONSTRAINT "check_request_state" CHECK ("check_request"."state" in ('OPEN', 'WAITING', 'SENT', 'REFUSED', 'ANSWERED', 'LAPSED')),
	CONSTRAINT "check_request_verdict" CHECK ("check_request"."verdict" in ('CONFIRMED', 'CORRECTED', 'CANNOT_TELL'))
);
--> statement-breakpoint
ALTER TABLE "check_move" ADD CONSTRAINT "check_move_check_id_check_request_id_fk" FOREIGN KEY ("check_id") REFERENCES "public"."check_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "check_move_check" ON "check_move" USING btree ("check_id");--> statement-breakpoint
CREATE UNIQUE INDEX "check_request_standing" ON "check_request" USING btree ("record_id","field","record_type","reported_for") WHERE "check_request"."state" in ('OPEN', 'WAITING', 'SENT');--> statement-breakpoint
CREATE UNIQUE INDEX "check_request_order" ON "check_request" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "check_request_state" ON "check_request" USING btree ("state","seq");--> statement-breakpoint
CREATE INDEX "check_request_reference" ON "check_request" USING btree ("reporter","reference");--> statement-breakpoint
CREATE INDEX "check_request_conflict" ON "check_request" USING btree ("conflict") WHERE "check_request"."conflict" is not null;--> statement-breakpoint
CREATE FUNCTION hub_check_moves_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'check_move is only added to' USING ERRCODE = 'restrict_violation';
END
$$;--> statement-breakpoint
CREATE TRIGGER check_move_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON check_move FOR EACH STATEMENT EXECUTE FUNCTION hub_check_moves_are_final();
