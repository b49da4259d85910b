CREATE TABLE "administrator" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"department_code" text NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "administrator_role" CHECK ("administrator"."role" in ('SYSTEM', 'SECURITY', 'AUDIT', 'STEWARD'))
);
--> statement-breakpoint
CREATE TABLE "case_subject" (
	"case_id" uuid NOT NULL,
	"subject_key" text COLLATE "C" NOT NULL,
	"relation" text NOT NULL,
	CONSTRAINT "case_subject_case_id_subject_key_pk" PRIMARY KEY("case_id","subject_key")
);
--> statement-breakpoint
CREATE TABLE "denial" (
	"code" text PRIMARY KEY NOT NULL,
	"consumer_code" text,
	"department_code" text,
	"item" text NOT NULL,
	"because" text NOT NULL,
	CONSTRAINT "denial_whom" CHECK (num_nonnulls("denial"."consumer_code", "denial"."department_code") = 1)
);
--> statement-breakpoint
CREATE TABLE "holder_authorization" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject_key" text COLLATE "C" NOT NULL,
	"consumer_code" text NOT NULL,
	"matter_code" text,
	"valid_from" timestamp(3) with time zone NOT NULL,
	"valid_to" timestamp(3) with time zone NOT NULL,
	"revoked_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "matter" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"department_code" text NOT NULL,
	"participants" text[] DEFAULT '{}' NOT NULL,
	"kin" text[] DEFAULT '{}' NOT NULL,
	"needs_case" boolean DEFAULT true NOT NULL,
	CONSTRAINT "matter_kin" CHECK ("matter"."kin" <@ array['HOUSEHOLD', 'SPOUSE', 'CHILD', 'PARENT', 'SIBLING', 'OTHER'])
);
--> statement-breakpoint
CREATE TABLE "policy_change" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "policy_change_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"code" text NOT NULL,
	"body" jsonb,
	"at" timestamp(3) with time zone NOT NULL,
	"by" text
);
--> statement-breakpoint
CREATE TABLE "seal" (
	"code" text PRIMARY KEY NOT NULL,
	"person_key" text COLLATE "C" NOT NULL,
	"because" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "service_case" (
	"id" uuid PRIMARY KEY NOT NULL,
	"matter_code" text NOT NULL,
	"case_no" text NOT NULL,
	"opened_by" text NOT NULL,
	"operator" text,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"deadline" date NOT NULL,
	"closed_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "sharing_grant" (
	"approval_no" text PRIMARY KEY NOT NULL,
	"consumer_code" text NOT NULL,
	"tuples" jsonb NOT NULL,
	"seals" text[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "sharing_grant_tuples" CHECK (jsonb_typeof("sharing_grant"."tuples") = 'array')
);
--> statement-breakpoint
CREATE TABLE "subject_list" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subject_list_member" (
	"list_code" text NOT NULL,
	"subject_key" text COLLATE "C" NOT NULL,
	CONSTRAINT "subject_list_member_list_code_subject_key_pk" PRIMARY KEY("list_code","subject_key")
);
--> statement-breakpoint
ALTER TABLE "api_key" ALTER COLUMN "consumer_code" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "api_key" ADD COLUMN "administrator_code" text;--> statement-breakpoint
ALTER TABLE "consumer" ADD COLUMN "service_platform" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "consumer" ADD COLUMN "territory" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "consumer" ADD COLUMN "operator_key" jsonb;--> statement-breakpoint
ALTER TABLE "administrator" ADD CONSTRAINT "administrator_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_subject" ADD CONSTRAINT "case_subject_case_id_service_case_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."service_case"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "denial" ADD CONSTRAINT "denial_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "denial" ADD CONSTRAINT "denial_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holder_authorization" ADD CONSTRAINT "holder_authorization_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holder_authorization" ADD CONSTRAINT "holder_authorization_matter_code_matter_code_fk" FOREIGN KEY ("matter_code") REFERENCES "public"."matter"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "matter" ADD CONSTRAINT "matter_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_case" ADD CONSTRAINT "service_case_matter_code_matter_code_fk" FOREIGN KEY ("matter_code") REFERENCES "public"."matter"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_case" ADD CONSTRAINT "service_case_opened_by_consumer_code_fk" FOREIGN KEY ("opened_by") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sharing_grant" ADD CONSTRAINT "sharing_grant_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subject_list_member" ADD CONSTRAINT "subject_list_member_list_code_subject_list_code_fk" FOREIGN KEY ("list_code") REFERENCES "public"."subject_list"("code") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "holder_authorization_consumer_code_subject_key_index" ON "holder_authorization" USING btree ("consumer_code","subject_key");--> statement-breakpoint
CREATE INDEX "policy_change_kind_code_seq_index" ON "policy_change" USING btree ("kind","code","seq");--> statement-breakpoint
CREATE INDEX "seal_person_key_index" ON "seal" USING btree ("person_key");--> statement-breakpoint
CREATE UNIQUE INDEX "service_case_open" ON "service_case" USING btree ("matter_code","case_no") WHERE "service_case"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "sharing_grant_consumer_code_index" ON "sharing_grant" USING btree ("consumer_code");--> statement-breakpoint
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_administrator_code_administrator_code_fk" FOREIGN KEY ("administrator_code") REFERENCES "public"."administrator"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_holder" CHECK (num_nonnulls("api_key"."consumer_code", "api_key"."administrator_code") = 1);