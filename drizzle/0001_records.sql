CREATE TABLE "api_key" (
	"digest" text PRIMARY KEY NOT NULL,
	"consumer_code" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone,
	"revoked_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "catalog_item" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"owner_department" text NOT NULL,
	"kind" text NOT NULL,
	"share_type" text NOT NULL,
	"condition" text NOT NULL,
	"key_share_type" text,
	"sensitivity" text NOT NULL,
	"mask" text NOT NULL,
	"update_cycle" text NOT NULL,
	"open" boolean NOT NULL,
	"standard" text NOT NULL,
	CONSTRAINT "catalog_item_kind" CHECK ("catalog_item"."kind" in ('BASIC', 'BUSINESS')),
	CONSTRAINT "catalog_item_share_type" CHECK ("catalog_item"."share_type" in ('UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED')),
	CONSTRAINT "catalog_item_key_share_type" CHECK ("catalog_item"."key_share_type" in ('UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED')),
	CONSTRAINT "catalog_item_condition" CHECK ("catalog_item"."share_type" = 'UNCONDITIONAL' or "catalog_item"."condition" <> ''),
	CONSTRAINT "catalog_item_sensitivity" CHECK ("catalog_item"."sensitivity" in ('S1', 'S2', 'S3', 'S4'))
);
--> statement-breakpoint
CREATE TABLE "code_entry" (
	"code_table" text NOT NULL,
	"standard" text NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"verified" boolean NOT NULL,
	CONSTRAINT "code_entry_code_table_code_pk" PRIMARY KEY("code_table","code")
);
--> statement-breakpoint
CREATE TABLE "consumer" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"department_code" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "department" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "department_role" CHECK ("department"."role" in ('AUTHORITY', 'PROVIDER'))
);
--> statement-breakpoint
CREATE TABLE "due_change" (
	"record_type" text NOT NULL,
	"record_id" uuid NOT NULL,
	"due_on" date NOT NULL,
	CONSTRAINT "due_change_record_type_record_id_due_on_pk" PRIMARY KEY("record_type","record_id","due_on")
);
--> statement-breakpoint
CREATE TABLE "hub_version" (
	"name" text PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "source_record" (
	"record_type" text NOT NULL,
	"source" text NOT NULL,
	"source_key" text NOT NULL,
	"record_id" uuid NOT NULL,
	"version" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"deleted" boolean NOT NULL,
	"values" jsonb NOT NULL,
	CONSTRAINT "source_record_record_type_source_source_key_pk" PRIMARY KEY("record_type","source","source_key")
);
--> statement-breakpoint
CREATE TABLE "submission" (
	"consumer_code" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"digest" text NOT NULL,
	"outcomes" jsonb NOT NULL,
	"submitted_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "submission_consumer_code_idempotency_key_pk" PRIMARY KEY("consumer_code","idempotency_key")
);
--> statement-breakpoint
CREATE TABLE "import_job" (
	"id" uuid PRIMARY KEY NOT NULL,
	"record_type" text NOT NULL,
	"source" text NOT NULL,
	"file_digest" text NOT NULL,
	"file_name" text NOT NULL,
	"rejects_file" text NOT NULL,
	"version" text,
	"effective_from" date,
	"whole" boolean NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"finished_at" timestamp(3) with time zone,
	"next_offset" bigint NOT NULL,
	"next_line" integer NOT NULL,
	"rejects_length" bigint NOT NULL,
	"applied" integer NOT NULL,
	"duplicate" integer NOT NULL,
	"stale" integer NOT NULL,
	"conflict" integer NOT NULL,
	"rejected" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "certificate_type" (
	"id" uuid PRIMARY KEY NOT NULL,
	"type_code" text COLLATE "C",
	"name" text COLLATE "C",
	"defining_authority_name" text COLLATE "C",
	"defining_authority_code" text COLLATE "C",
	"holder_category" text COLLATE "C",
	"validity_range" text COLLATE "C",
	"related_matters" text ARRAY COLLATE "C",
	"face_item_names" text ARRAY COLLATE "C",
	"template_ref" text COLLATE "C",
	"retention" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "certificate_type_type_code" CHECK ("certificate_type"."type_code" ~ '^[0-9A-Z]{21}$'),
	CONSTRAINT "certificate_type_holder_category" CHECK ("certificate_type"."holder_category" in ('自然人', '法人', '混合', '其他'))
);
--> statement-breakpoint
CREATE TABLE "certificate_type_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "certificate_type_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"type_code" text COLLATE "C",
	"name" text COLLATE "C",
	"defining_authority_name" text COLLATE "C",
	"defining_authority_code" text COLLATE "C",
	"holder_category" text COLLATE "C",
	"validity_range" text COLLATE "C",
	"related_matters" text ARRAY COLLATE "C",
	"face_item_names" text ARRAY COLLATE "C",
	"template_ref" text COLLATE "C",
	"retention" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "certificate" (
	"id" uuid PRIMARY KEY NOT NULL,
	"certificate_identifier" text COLLATE "C",
	"type_code" text COLLATE "C",
	"type_name" text COLLATE "C",
	"certificate_name" text COLLATE "C",
	"certificate_number" text COLLATE "C",
	"version" text COLLATE "C",
	"defining_authority_name" text COLLATE "C",
	"defining_authority_code" text COLLATE "C",
	"issuing_authority_name" text COLLATE "C",
	"issuing_authority_code" text COLLATE "C",
	"issued_on" date,
	"valid_from" date,
	"valid_to" date,
	"validity_range" text COLLATE "C",
	"area_code" text COLLATE "C",
	"holder_names" text ARRAY COLLATE "C",
	"holder_codes" text ARRAY COLLATE "C",
	"holder_person_keys" text ARRAY COLLATE "C",
	"holder_code_types" text ARRAY COLLATE "C",
	"holder_usccs" text ARRAY COLLATE "C",
	"face_items" jsonb,
	"related_item_name" text COLLATE "C",
	"related_item_code" text COLLATE "C",
	"status" text COLLATE "C",
	"previous_identifier" text COLLATE "C",
	"file_ref" text COLLATE "C",
	"file_digest" text COLLATE "C",
	"signature" text COLLATE "C",
	"copy_created_at" timestamp(3) with time zone,
	"copy_creator" text COLLATE "C",
	"copy_cause" text COLLATE "C",
	"copy_expires_at" timestamp(3) with time zone,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "certificate_certificate_identifier" CHECK ("certificate"."certificate_identifier" ~ '^1[.]2[.]156[.]3005[.]2[.][0-9A-Z]{21}[.][0-9A-Z]{18}[.][0-9A-Z]{1,64}[.][0-9]{3}[.][0-9A-Z]$'),
	CONSTRAINT "certificate_type_code" CHECK ("certificate"."type_code" ~ '^[0-9A-Z]{21}$'),
	CONSTRAINT "certificate_version" CHECK ("certificate"."version" ~ '^[0-9]{3}$'),
	CONSTRAINT "certificate_area_code" CHECK ("certificate"."area_code" ~ '^[0-9]{6}$'),
	CONSTRAINT "certificate_holder_codes" CHECK (cardinality("certificate"."holder_codes") = cardinality("certificate"."holder_code_types")),
	CONSTRAINT "certificate_face_items" CHECK (jsonb_typeof("certificate"."face_items") = 'object'),
	CONSTRAINT "certificate_status" CHECK ("certificate"."status" in ('01', '02', '03', '04', '05', '06', '07', '99')),
	CONSTRAINT "certificate_valid_to" CHECK ("certificate"."valid_from" <= "certificate"."valid_to"),
	CONSTRAINT "certificate_previous_identifier" CHECK ("certificate"."previous_identifier" <> "certificate"."certificate_identifier"),
	CONSTRAINT "certificate_file_digest" CHECK ("certificate"."file_digest" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "certificate_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "certificate_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"certificate_identifier" text COLLATE "C",
	"type_code" text COLLATE "C",
	"type_name" text COLLATE "C",
	"certificate_name" text COLLATE "C",
	"certificate_number" text COLLATE "C",
	"version" text COLLATE "C",
	"defining_authority_name" text COLLATE "C",
	"defining_authority_code" text COLLATE "C",
	"issuing_authority_name" text COLLATE "C",
	"issuing_authority_code" text COLLATE "C",
	"issued_on" date,
	"valid_from" date,
	"valid_to" date,
	"validity_range" text COLLATE "C",
	"area_code" text COLLATE "C",
	"holder_names" text ARRAY COLLATE "C",
	"holder_codes" text ARRAY COLLATE "C",
	"holder_person_keys" text ARRAY COLLATE "C",
	"holder_code_types" text ARRAY COLLATE "C",
	"holder_usccs" text ARRAY COLLATE "C",
	"face_items" jsonb,
	"related_item_name" text COLLATE "C",
	"related_item_code" text COLLATE "C",
	"status" text COLLATE "C",
	"previous_identifier" text COLLATE "C",
	"file_ref" text COLLATE "C",
	"file_digest" text COLLATE "C",
	"signature" text COLLATE "C",
	"copy_created_at" timestamp(3) with time zone,
	"copy_creator" text COLLATE "C",
	"copy_cause" text COLLATE "C",
	"copy_expires_at" timestamp(3) with time zone,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credit_commitment" (
	"id" uuid PRIMARY KEY NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_type" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"counterparty_person_name" text COLLATE "C",
	"counterparty_id_number" text COLLATE "C",
	"counterparty_person_key" text COLLATE "C",
	"kind" text COLLATE "C",
	"matter_name" text COLLATE "C",
	"matter_code" text COLLATE "C",
	"content" text COLLATE "C",
	"breach_liability" text COLLATE "C",
	"committed_on" date,
	"valid_to" date,
	"received_by_name" text COLLATE "C",
	"received_by_code" text COLLATE "C",
	"fulfilment" text COLLATE "C",
	"fulfilment_confirmed_on" date,
	"source_department_name" text COLLATE "C",
	"source_department_code" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "credit_commitment_counterparty_type" CHECK ("credit_commitment"."counterparty_type" in ('01', '02', '03', '04')),
	CONSTRAINT "credit_commitment_counterparty_uscc" CHECK ("credit_commitment"."counterparty_uscc" ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
	CONSTRAINT "credit_commitment_counterparty_id_number" CHECK ("credit_commitment"."counterparty_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "credit_commitment_one_kind_of_subject" CHECK (case when "credit_commitment"."counterparty_type" = '01'
      then num_nonnulls("credit_commitment"."counterparty_name", "credit_commitment"."counterparty_uscc") = 0
      else num_nonnulls("credit_commitment"."counterparty_person_name", "credit_commitment"."counterparty_id_number") = 0 end),
	CONSTRAINT "credit_commitment_kind" CHECK ("credit_commitment"."kind" in (
      '审批替代型', '容缺受理型', '证明事项告知', '主动公示型', '行业自律型', '信用修复型'
    )),
	CONSTRAINT "credit_commitment_valid" CHECK ("credit_commitment"."committed_on" <= "credit_commitment"."valid_to"),
	CONSTRAINT "credit_commitment_fulfilment" CHECK ("credit_commitment"."fulfilment" in ('履行中', '已履行', '未履行'))
);
--> statement-breakpoint
CREATE TABLE "credit_commitment_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "credit_commitment_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_type" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"counterparty_person_name" text COLLATE "C",
	"counterparty_id_number" text COLLATE "C",
	"counterparty_person_key" text COLLATE "C",
	"kind" text COLLATE "C",
	"matter_name" text COLLATE "C",
	"matter_code" text COLLATE "C",
	"content" text COLLATE "C",
	"breach_liability" text COLLATE "C",
	"committed_on" date,
	"valid_to" date,
	"received_by_name" text COLLATE "C",
	"received_by_code" text COLLATE "C",
	"fulfilment" text COLLATE "C",
	"fulfilment_confirmed_on" date,
	"source_department_name" text COLLATE "C",
	"source_department_code" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credit_grade" (
	"id" uuid PRIMARY KEY NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"scheme" text COLLATE "C",
	"grade" text COLLATE "C",
	"score" numeric(8, 2),
	"evaluated_on" date,
	"valid_from" date,
	"valid_to" date,
	"evaluator_name" text COLLATE "C",
	"evaluator_code" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "credit_grade_counterparty_uscc" CHECK ("credit_grade"."counterparty_uscc" ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
	CONSTRAINT "credit_grade_scheme" CHECK ("credit_grade"."scheme" in ('公共信用综合评价', '纳税信用', '行业信用评价')),
	CONSTRAINT "credit_grade_tax_grade" CHECK ("credit_grade"."scheme" <> '纳税信用' or "credit_grade"."grade" in ('A', 'B', 'M', 'C', 'D')),
	CONSTRAINT "credit_grade_score" CHECK ("credit_grade"."score" >= 0),
	CONSTRAINT "credit_grade_valid" CHECK ("credit_grade"."valid_from" <= "credit_grade"."valid_to")
);
--> statement-breakpoint
CREATE TABLE "credit_grade_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "credit_grade_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"scheme" text COLLATE "C",
	"grade" text COLLATE "C",
	"score" numeric(8, 2),
	"evaluated_on" date,
	"valid_from" date,
	"valid_to" date,
	"evaluator_name" text COLLATE "C",
	"evaluator_code" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credit_listing" (
	"id" uuid PRIMARY KEY NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_type" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"counterparty_person_name" text COLLATE "C",
	"counterparty_id_number" text COLLATE "C",
	"counterparty_person_key" text COLLATE "C",
	"kind" text COLLATE "C",
	"basis" text COLLATE "C",
	"reason" text COLLATE "C",
	"decision_no" text COLLATE "C",
	"listed_on" date,
	"listing_organ_name" text COLLATE "C",
	"listing_organ_code" text COLLATE "C",
	"expected_exit_on" date,
	"removed_on" date,
	"removal_reason" text COLLATE "C",
	"removal_organ_name" text COLLATE "C",
	"status" text COLLATE "C",
	"execution_case_no" text COLLATE "C",
	"execution_state" text COLLATE "C",
	"source_department_name" text COLLATE "C",
	"source_department_code" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "credit_listing_counterparty_type" CHECK ("credit_listing"."counterparty_type" in ('01', '02', '03', '04')),
	CONSTRAINT "credit_listing_counterparty_uscc" CHECK ("credit_listing"."counterparty_uscc" ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
	CONSTRAINT "credit_listing_counterparty_id_number" CHECK ("credit_listing"."counterparty_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "credit_listing_one_kind_of_subject" CHECK (case when "credit_listing"."counterparty_type" = '01'
      then num_nonnulls("credit_listing"."counterparty_name", "credit_listing"."counterparty_uscc") = 0
      else num_nonnulls("credit_listing"."counterparty_person_name", "credit_listing"."counterparty_id_number") = 0 end),
	CONSTRAINT "credit_listing_kind" CHECK ("credit_listing"."kind" in (
      '严重失信主体名单', '经营异常名录', '失信被执行人', '拖欠农民工工资', '重大税收违法', '守信激励'
    )),
	CONSTRAINT "credit_listing_removed_after_listed" CHECK ("credit_listing"."listed_on" <= "credit_listing"."removed_on"),
	CONSTRAINT "credit_listing_status" CHECK ("credit_listing"."status" in ('在列', '移出', '撤销'))
);
--> statement-breakpoint
CREATE TABLE "credit_listing_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "credit_listing_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_type" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"counterparty_person_name" text COLLATE "C",
	"counterparty_id_number" text COLLATE "C",
	"counterparty_person_key" text COLLATE "C",
	"kind" text COLLATE "C",
	"basis" text COLLATE "C",
	"reason" text COLLATE "C",
	"decision_no" text COLLATE "C",
	"listed_on" date,
	"listing_organ_name" text COLLATE "C",
	"listing_organ_code" text COLLATE "C",
	"expected_exit_on" date,
	"removed_on" date,
	"removal_reason" text COLLATE "C",
	"removal_organ_name" text COLLATE "C",
	"status" text COLLATE "C",
	"execution_case_no" text COLLATE "C",
	"execution_state" text COLLATE "C",
	"source_department_name" text COLLATE "C",
	"source_department_code" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credit_penalty" (
	"id" uuid PRIMARY KEY NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_type" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"counterparty_person_name" text COLLATE "C",
	"counterparty_id_number" text COLLATE "C",
	"counterparty_person_key" text COLLATE "C",
	"counterparty_id_type" text COLLATE "C",
	"counterparty_other_id_number" text COLLATE "C",
	"counterparty_registration_no" text COLLATE "C",
	"counterparty_org_code" text COLLATE "C",
	"counterparty_tax_no" text COLLATE "C",
	"counterparty_institution_cert_no" text COLLATE "C",
	"counterparty_social_org_no" text COLLATE "C",
	"legal_rep_name" text COLLATE "C",
	"legal_rep_id_type" text COLLATE "C",
	"legal_rep_id_number" text COLLATE "C",
	"legal_rep_person_key" text COLLATE "C",
	"decision_no" text COLLATE "C",
	"offence_kind" text COLLATE "C",
	"offence_facts" text COLLATE "C",
	"penalty_basis" text COLLATE "C",
	"penalty_kinds" text ARRAY COLLATE "C",
	"procedure" text COLLATE "C",
	"content" text COLLATE "C",
	"fine_amount" numeric(16, 6),
	"confiscated_amount" numeric(16, 6),
	"affected_certificate" text COLLATE "C",
	"decided_on" date,
	"valid_to" date,
	"public_until" date,
	"authority_name" text COLLATE "C",
	"authority_code" text COLLATE "C",
	"public_status" text COLLATE "C",
	"withdrawn_reason" text COLLATE "C",
	"source_department_name" text COLLATE "C",
	"source_department_code" text COLLATE "C",
	"remark" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "credit_penalty_counterparty_type" CHECK ("credit_penalty"."counterparty_type" in ('01', '02', '03', '04')),
	CONSTRAINT "credit_penalty_counterparty_uscc" CHECK ("credit_penalty"."counterparty_uscc" ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
	CONSTRAINT "credit_penalty_counterparty_id_number" CHECK ("credit_penalty"."counterparty_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "credit_penalty_one_kind_of_subject" CHECK (case when "credit_penalty"."counterparty_type" = '01'
      then num_nonnulls("credit_penalty"."counterparty_name", "credit_penalty"."counterparty_uscc") = 0
      else num_nonnulls("credit_penalty"."counterparty_person_name", "credit_penalty"."counterparty_id_number") = 0 end),
	CONSTRAINT "credit_penalty_counterparty_org_code" CHECK ("credit_penalty"."counterparty_org_code" ~ '^[0-9A-Z]{8}[0-9X]$'),
	CONSTRAINT "credit_penalty_legal_rep_id_number" CHECK ("credit_penalty"."legal_rep_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "credit_penalty_penalty_kinds" CHECK ("credit_penalty"."penalty_kinds" <@ array[
      '警告', '通报批评', '罚款', '没收违法所得', '没收非法财物', '暂扣许可证件', '降低资质等级',
      '吊销许可证件', '限制开展生产经营活动', '责令停产停业', '责令关闭', '限制从业', '行政拘留', '其他'
    ]),
	CONSTRAINT "credit_penalty_procedure" CHECK ("credit_penalty"."procedure" in ('01', '02')),
	CONSTRAINT "credit_penalty_fine_amount" CHECK ("credit_penalty"."fine_amount" >= 0),
	CONSTRAINT "credit_penalty_confiscated_amount" CHECK ("credit_penalty"."confiscated_amount" >= 0),
	CONSTRAINT "credit_penalty_public_status" CHECK ("credit_penalty"."public_status" in ('公示中', '终止公示', '不公示'))
);
--> statement-breakpoint
CREATE TABLE "credit_penalty_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "credit_penalty_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_type" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"counterparty_person_name" text COLLATE "C",
	"counterparty_id_number" text COLLATE "C",
	"counterparty_person_key" text COLLATE "C",
	"counterparty_id_type" text COLLATE "C",
	"counterparty_other_id_number" text COLLATE "C",
	"counterparty_registration_no" text COLLATE "C",
	"counterparty_org_code" text COLLATE "C",
	"counterparty_tax_no" text COLLATE "C",
	"counterparty_institution_cert_no" text COLLATE "C",
	"counterparty_social_org_no" text COLLATE "C",
	"legal_rep_name" text COLLATE "C",
	"legal_rep_id_type" text COLLATE "C",
	"legal_rep_id_number" text COLLATE "C",
	"legal_rep_person_key" text COLLATE "C",
	"decision_no" text COLLATE "C",
	"offence_kind" text COLLATE "C",
	"offence_facts" text COLLATE "C",
	"penalty_basis" text COLLATE "C",
	"penalty_kinds" text ARRAY COLLATE "C",
	"procedure" text COLLATE "C",
	"content" text COLLATE "C",
	"fine_amount" numeric(16, 6),
	"confiscated_amount" numeric(16, 6),
	"affected_certificate" text COLLATE "C",
	"decided_on" date,
	"valid_to" date,
	"public_until" date,
	"authority_name" text COLLATE "C",
	"authority_code" text COLLATE "C",
	"public_status" text COLLATE "C",
	"withdrawn_reason" text COLLATE "C",
	"source_department_name" text COLLATE "C",
	"source_department_code" text COLLATE "C",
	"remark" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credit_permit" (
	"id" uuid PRIMARY KEY NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_type" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"counterparty_person_name" text COLLATE "C",
	"counterparty_id_number" text COLLATE "C",
	"counterparty_person_key" text COLLATE "C",
	"counterparty_id_type" text COLLATE "C",
	"counterparty_other_id_number" text COLLATE "C",
	"counterparty_registration_no" text COLLATE "C",
	"counterparty_org_code" text COLLATE "C",
	"counterparty_tax_no" text COLLATE "C",
	"counterparty_institution_cert_no" text COLLATE "C",
	"counterparty_social_org_no" text COLLATE "C",
	"legal_rep_name" text COLLATE "C",
	"legal_rep_id_type" text COLLATE "C",
	"legal_rep_id_number" text COLLATE "C",
	"legal_rep_person_key" text COLLATE "C",
	"decision_no" text COLLATE "C",
	"decision_name" text COLLATE "C",
	"permit_category" text COLLATE "C",
	"certificate_name" text COLLATE "C",
	"permit_no" text COLLATE "C",
	"content" text COLLATE "C",
	"decided_on" date,
	"valid_from" date,
	"valid_to" date,
	"authority_name" text COLLATE "C",
	"authority_code" text COLLATE "C",
	"status" text COLLATE "C",
	"source_department_name" text COLLATE "C",
	"source_department_code" text COLLATE "C",
	"remark" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "credit_permit_counterparty_type" CHECK ("credit_permit"."counterparty_type" in ('01', '02', '03', '04')),
	CONSTRAINT "credit_permit_counterparty_uscc" CHECK ("credit_permit"."counterparty_uscc" ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
	CONSTRAINT "credit_permit_counterparty_id_number" CHECK ("credit_permit"."counterparty_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "credit_permit_one_kind_of_subject" CHECK (case when "credit_permit"."counterparty_type" = '01'
      then num_nonnulls("credit_permit"."counterparty_name", "credit_permit"."counterparty_uscc") = 0
      else num_nonnulls("credit_permit"."counterparty_person_name", "credit_permit"."counterparty_id_number") = 0 end),
	CONSTRAINT "credit_permit_counterparty_org_code" CHECK ("credit_permit"."counterparty_org_code" ~ '^[0-9A-Z]{8}[0-9X]$'),
	CONSTRAINT "credit_permit_legal_rep_id_number" CHECK ("credit_permit"."legal_rep_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "credit_permit_permit_category" CHECK ("credit_permit"."permit_category" in ('01', '02', '03', '04', '05', '06')),
	CONSTRAINT "credit_permit_valid" CHECK ("credit_permit"."valid_from" <= "credit_permit"."valid_to"),
	CONSTRAINT "credit_permit_status" CHECK ("credit_permit"."status" in ('有效', '无效'))
);
--> statement-breakpoint
CREATE TABLE "credit_permit_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "credit_permit_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_type" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"counterparty_person_name" text COLLATE "C",
	"counterparty_id_number" text COLLATE "C",
	"counterparty_person_key" text COLLATE "C",
	"counterparty_id_type" text COLLATE "C",
	"counterparty_other_id_number" text COLLATE "C",
	"counterparty_registration_no" text COLLATE "C",
	"counterparty_org_code" text COLLATE "C",
	"counterparty_tax_no" text COLLATE "C",
	"counterparty_institution_cert_no" text COLLATE "C",
	"counterparty_social_org_no" text COLLATE "C",
	"legal_rep_name" text COLLATE "C",
	"legal_rep_id_type" text COLLATE "C",
	"legal_rep_id_number" text COLLATE "C",
	"legal_rep_person_key" text COLLATE "C",
	"decision_no" text COLLATE "C",
	"decision_name" text COLLATE "C",
	"permit_category" text COLLATE "C",
	"certificate_name" text COLLATE "C",
	"permit_no" text COLLATE "C",
	"content" text COLLATE "C",
	"decided_on" date,
	"valid_from" date,
	"valid_to" date,
	"authority_name" text COLLATE "C",
	"authority_code" text COLLATE "C",
	"status" text COLLATE "C",
	"source_department_name" text COLLATE "C",
	"source_department_code" text COLLATE "C",
	"remark" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credit_repair" (
	"id" uuid PRIMARY KEY NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_type" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"counterparty_person_name" text COLLATE "C",
	"counterparty_id_number" text COLLATE "C",
	"counterparty_person_key" text COLLATE "C",
	"target_kind" text COLLATE "C",
	"penalty_record_no" text COLLATE "C",
	"listing_record_no" text COLLATE "C",
	"severity" text COLLATE "C",
	"method" text COLLATE "C",
	"applied_on" date,
	"accepted_on" date,
	"decided_on" date,
	"result" text COLLATE "C",
	"refusal_reason" text COLLATE "C",
	"organ_name" text COLLATE "C",
	"organ_code" text COLLATE "C",
	"publicity_ended_on" date,
	"sharing_stopped_on" date,
	"source_department_name" text COLLATE "C",
	"source_department_code" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "credit_repair_counterparty_type" CHECK ("credit_repair"."counterparty_type" in ('01', '02', '03', '04')),
	CONSTRAINT "credit_repair_counterparty_uscc" CHECK ("credit_repair"."counterparty_uscc" ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
	CONSTRAINT "credit_repair_counterparty_id_number" CHECK ("credit_repair"."counterparty_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "credit_repair_one_kind_of_subject" CHECK (case when "credit_repair"."counterparty_type" = '01'
      then num_nonnulls("credit_repair"."counterparty_name", "credit_repair"."counterparty_uscc") = 0
      else num_nonnulls("credit_repair"."counterparty_person_name", "credit_repair"."counterparty_id_number") = 0 end),
	CONSTRAINT "credit_repair_target_kind" CHECK ("credit_repair"."target_kind" in (
      '行政处罚', '严重失信主体名单', '经营异常名录', '失信被执行人', '其他失信信息'
    )),
	CONSTRAINT "credit_repair_severity" CHECK ("credit_repair"."severity" in ('轻微', '一般', '严重')),
	CONSTRAINT "credit_repair_method" CHECK ("credit_repair"."method" in ('终止公示', '移出名单', '停止共享使用')),
	CONSTRAINT "credit_repair_result" CHECK ("credit_repair"."result" in ('受理中', '准予', '不予', '撤销')),
	CONSTRAINT "credit_repair_decided_after_applied" CHECK ("credit_repair"."applied_on" <= "credit_repair"."decided_on"),
	CONSTRAINT "credit_repair_one_target" CHECK (num_nonnulls("credit_repair"."penalty_record_no", "credit_repair"."listing_record_no") <= 1)
);
--> statement-breakpoint
CREATE TABLE "credit_repair_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "credit_repair_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"record_no" text COLLATE "C",
	"counterparty_type" text COLLATE "C",
	"counterparty_name" text COLLATE "C",
	"counterparty_uscc" text COLLATE "C",
	"counterparty_person_name" text COLLATE "C",
	"counterparty_id_number" text COLLATE "C",
	"counterparty_person_key" text COLLATE "C",
	"target_kind" text COLLATE "C",
	"penalty_record_no" text COLLATE "C",
	"listing_record_no" text COLLATE "C",
	"severity" text COLLATE "C",
	"method" text COLLATE "C",
	"applied_on" date,
	"accepted_on" date,
	"decided_on" date,
	"result" text COLLATE "C",
	"refusal_reason" text COLLATE "C",
	"organ_name" text COLLATE "C",
	"organ_code" text COLLATE "C",
	"publicity_ended_on" date,
	"sharing_stopped_on" date,
	"source_department_name" text COLLATE "C",
	"source_department_code" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "branch" (
	"id" uuid PRIMARY KEY NOT NULL,
	"uscc" text COLLATE "C",
	"parent_uscc" text COLLATE "C",
	"name" text COLLATE "C",
	"status" text COLLATE "C",
	"registrar" text COLLATE "C",
	"registrar_code" text COLLATE "C",
	"operating_address" text COLLATE "C",
	"division_code" text COLLATE "C",
	"principal_name" text COLLATE "C",
	"established_on" date,
	"cancelled_on" date,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "branch_uscc" CHECK ("branch"."uscc" ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'),
	CONSTRAINT "branch_parent_uscc" CHECK ("branch"."parent_uscc" ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'),
	CONSTRAINT "branch_status" CHECK ("branch"."status" in ('1', '2', '3', '4', '5', '6', '9')),
	CONSTRAINT "branch_division_code" CHECK ("branch"."division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "branch_cancelled_on" CHECK ("branch"."established_on" <= "branch"."cancelled_on")
);
--> statement-breakpoint
CREATE TABLE "branch_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "branch_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"uscc" text COLLATE "C",
	"parent_uscc" text COLLATE "C",
	"name" text COLLATE "C",
	"status" text COLLATE "C",
	"registrar" text COLLATE "C",
	"registrar_code" text COLLATE "C",
	"operating_address" text COLLATE "C",
	"division_code" text COLLATE "C",
	"principal_name" text COLLATE "C",
	"established_on" date,
	"cancelled_on" date,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "change_record" (
	"id" uuid PRIMARY KEY NOT NULL,
	"uscc" text COLLATE "C",
	"change_item_code" text COLLATE "C",
	"change_item" text COLLATE "C",
	"content_before" text COLLATE "C",
	"content_after" text COLLATE "C",
	"changed_on" date,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "change_record_uscc" CHECK ("change_record"."uscc" ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$')
);
--> statement-breakpoint
CREATE TABLE "change_record_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "change_record_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"uscc" text COLLATE "C",
	"change_item_code" text COLLATE "C",
	"change_item" text COLLATE "C",
	"content_before" text COLLATE "C",
	"content_after" text COLLATE "C",
	"changed_on" date,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "key_person" (
	"id" uuid PRIMARY KEY NOT NULL,
	"uscc" text COLLATE "C",
	"name" text COLLATE "C",
	"id_type_code" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"position_code" text COLLATE "C",
	"position" text COLLATE "C",
	"is_legal_rep" boolean,
	"appointed_on" date,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "key_person_uscc" CHECK ("key_person"."uscc" ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'),
	CONSTRAINT "key_person_id_number" CHECK ("key_person"."id_type_code" <> '111' or "key_person"."id_number" ~ '^[0-9]{17}[0-9X]$')
);
--> statement-breakpoint
CREATE TABLE "key_person_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "key_person_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"uscc" text COLLATE "C",
	"name" text COLLATE "C",
	"id_type_code" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"position_code" text COLLATE "C",
	"position" text COLLATE "C",
	"is_legal_rep" boolean,
	"appointed_on" date,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "legal_entity" (
	"id" uuid PRIMARY KEY NOT NULL,
	"uscc" text COLLATE "C",
	"name" text COLLATE "C",
	"registry_id" text COLLATE "C",
	"registration_no" text COLLATE "C",
	"org_code" text COLLATE "C",
	"entity_type_code" text COLLATE "C",
	"category" text COLLATE "C",
	"status" text COLLATE "C",
	"legal_rep_name" text COLLATE "C",
	"legal_rep_id_type_code" text COLLATE "C",
	"legal_rep_id_number" text COLLATE "C",
	"legal_rep_person_key" text COLLATE "C",
	"phone" text COLLATE "C",
	"registered_capital" numeric(16, 6),
	"currency_code" text COLLATE "C",
	"paid_in_capital" numeric(16, 6),
	"startup_fund" numeric(16, 6),
	"industry_code" text COLLATE "C",
	"business_scope" text COLLATE "C",
	"established_on" date,
	"approved_on" date,
	"valid_from" date,
	"valid_to" date,
	"domicile" text COLLATE "C",
	"domicile_division_code" text COLLATE "C",
	"domicile_address_code" text COLLATE "C",
	"operating_address" text COLLATE "C",
	"production_address" text COLLATE "C",
	"registrar" text COLLATE "C",
	"registrar_code" text COLLATE "C",
	"jurisdiction_code" text COLLATE "C",
	"sole_form" text COLLATE "C",
	"converted_from_sole" boolean,
	"purpose" text COLLATE "C",
	"sponsor" text COLLATE "C",
	"funding_source" text COLLATE "C",
	"supervisor" text COLLATE "C",
	"cancelled_on" date,
	"cancel_reason" text COLLATE "C",
	"revoked_on" date,
	"revoke_reason" text COLLATE "C",
	"beneficial_owners" text ARRAY COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "legal_entity_uscc" CHECK ("legal_entity"."uscc" ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'),
	CONSTRAINT "legal_entity_org_code" CHECK ("legal_entity"."org_code" ~ '^[0-9A-Z]{8}[0-9X]$'),
	CONSTRAINT "legal_entity_category" CHECK ("legal_entity"."category" ~ '^[1-9A-Y][0-9A-Z]$'),
	CONSTRAINT "legal_entity_status" CHECK ("legal_entity"."status" in ('1', '2', '3', '4', '5', '6', '9')),
	CONSTRAINT "legal_entity_industry_code" CHECK ("legal_entity"."industry_code" ~ '^[A-T][0-9]{0,4}$'),
	CONSTRAINT "legal_entity_currency_code" CHECK ("legal_entity"."currency_code" ~ '^([0-9]{3}|[A-Z]{3})$'),
	CONSTRAINT "legal_entity_registered_capital" CHECK ("legal_entity"."registered_capital" >= 0),
	CONSTRAINT "legal_entity_paid_in_capital" CHECK ("legal_entity"."paid_in_capital" >= 0),
	CONSTRAINT "legal_entity_startup_fund" CHECK ("legal_entity"."startup_fund" >= 0),
	CONSTRAINT "legal_entity_legal_rep_id_number" CHECK ("legal_entity"."legal_rep_id_type_code" <> '111' or "legal_entity"."legal_rep_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "legal_entity_domicile_division_code" CHECK ("legal_entity"."domicile_division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "legal_entity_valid_to" CHECK ("legal_entity"."valid_from" <= "legal_entity"."valid_to"),
	CONSTRAINT "legal_entity_cancelled_on" CHECK ("legal_entity"."established_on" <= "legal_entity"."cancelled_on"),
	CONSTRAINT "legal_entity_revoked_on" CHECK ("legal_entity"."established_on" <= "legal_entity"."revoked_on")
);
--> statement-breakpoint
CREATE TABLE "legal_entity_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "legal_entity_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"uscc" text COLLATE "C",
	"name" text COLLATE "C",
	"registry_id" text COLLATE "C",
	"registration_no" text COLLATE "C",
	"org_code" text COLLATE "C",
	"entity_type_code" text COLLATE "C",
	"category" text COLLATE "C",
	"status" text COLLATE "C",
	"legal_rep_name" text COLLATE "C",
	"legal_rep_id_type_code" text COLLATE "C",
	"legal_rep_id_number" text COLLATE "C",
	"legal_rep_person_key" text COLLATE "C",
	"phone" text COLLATE "C",
	"registered_capital" numeric(16, 6),
	"currency_code" text COLLATE "C",
	"paid_in_capital" numeric(16, 6),
	"startup_fund" numeric(16, 6),
	"industry_code" text COLLATE "C",
	"business_scope" text COLLATE "C",
	"established_on" date,
	"approved_on" date,
	"valid_from" date,
	"valid_to" date,
	"domicile" text COLLATE "C",
	"domicile_division_code" text COLLATE "C",
	"domicile_address_code" text COLLATE "C",
	"operating_address" text COLLATE "C",
	"production_address" text COLLATE "C",
	"registrar" text COLLATE "C",
	"registrar_code" text COLLATE "C",
	"jurisdiction_code" text COLLATE "C",
	"sole_form" text COLLATE "C",
	"converted_from_sole" boolean,
	"purpose" text COLLATE "C",
	"sponsor" text COLLATE "C",
	"funding_source" text COLLATE "C",
	"supervisor" text COLLATE "C",
	"cancelled_on" date,
	"cancel_reason" text COLLATE "C",
	"revoked_on" date,
	"revoke_reason" text COLLATE "C",
	"beneficial_owners" text ARRAY COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "licence" (
	"id" uuid PRIMARY KEY NOT NULL,
	"licence_no" text COLLATE "C",
	"uscc" text COLLATE "C",
	"licence_name" text COLLATE "C",
	"licence_type_code" text COLLATE "C",
	"content" text COLLATE "C",
	"issuing_authority_name" text COLLATE "C",
	"issuing_authority_code" text COLLATE "C",
	"valid_from" date,
	"valid_to" date,
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "licence_uscc" CHECK ("licence"."uscc" ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'),
	CONSTRAINT "licence_licence_type_code" CHECK ("licence"."licence_type_code" in ('01', '02', '03', '04', '05', '06')),
	CONSTRAINT "licence_status" CHECK ("licence"."status" in ('01', '02', '03', '04', '05', '06', '07', '99')),
	CONSTRAINT "licence_valid_to" CHECK ("licence"."valid_from" <= "licence"."valid_to")
);
--> statement-breakpoint
CREATE TABLE "licence_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "licence_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"licence_no" text COLLATE "C",
	"uscc" text COLLATE "C",
	"licence_name" text COLLATE "C",
	"licence_type_code" text COLLATE "C",
	"content" text COLLATE "C",
	"issuing_authority_name" text COLLATE "C",
	"issuing_authority_code" text COLLATE "C",
	"valid_from" date,
	"valid_to" date,
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shareholding" (
	"id" uuid PRIMARY KEY NOT NULL,
	"uscc" text COLLATE "C",
	"investor_name" text COLLATE "C",
	"investor_type_code" text COLLATE "C",
	"investor_id_type_code" text COLLATE "C",
	"investor_id_number" text COLLATE "C",
	"investor_person_key" text COLLATE "C",
	"investor_uscc" text COLLATE "C",
	"subscribed_amount" numeric(18, 6),
	"subscribed_on" date,
	"paid_in_amount" numeric(18, 6),
	"paid_in_on" date,
	"contribution_method" text COLLATE "C",
	"currency_code" text COLLATE "C",
	"ratio" numeric(7, 4),
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "shareholding_uscc" CHECK ("shareholding"."uscc" ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'),
	CONSTRAINT "shareholding_investor_uscc" CHECK ("shareholding"."investor_uscc" ~ '^[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'),
	CONSTRAINT "shareholding_investor_id_number" CHECK ("shareholding"."investor_id_type_code" <> '111' or "shareholding"."investor_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "shareholding_subscribed_amount" CHECK ("shareholding"."subscribed_amount" >= 0),
	CONSTRAINT "shareholding_paid_in_amount" CHECK ("shareholding"."paid_in_amount" >= 0),
	CONSTRAINT "shareholding_ratio" CHECK ("shareholding"."ratio" between 0 and 100),
	CONSTRAINT "shareholding_currency_code" CHECK ("shareholding"."currency_code" ~ '^([0-9]{3}|[A-Z]{3})$')
);
--> statement-breakpoint
CREATE TABLE "shareholding_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "shareholding_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"uscc" text COLLATE "C",
	"investor_name" text COLLATE "C",
	"investor_type_code" text COLLATE "C",
	"investor_id_type_code" text COLLATE "C",
	"investor_id_number" text COLLATE "C",
	"investor_person_key" text COLLATE "C",
	"investor_uscc" text COLLATE "C",
	"subscribed_amount" numeric(18, 6),
	"subscribed_on" date,
	"paid_in_amount" numeric(18, 6),
	"paid_in_on" date,
	"contribution_method" text COLLATE "C",
	"currency_code" text COLLATE "C",
	"ratio" numeric(7, 4),
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "birth_certificate" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cert_no" text COLLATE "C",
	"child_name" text COLLATE "C",
	"child_id_number" text COLLATE "C",
	"child_person_key" text COLLATE "C",
	"gender_code" text COLLATE "C",
	"born_at" timestamp(3) with time zone,
	"birth_date" date,
	"gestational_weeks" integer,
	"birth_weight" integer,
	"birth_length" numeric(4, 1),
	"birth_division_code" text COLLATE "C",
	"institution_name" text COLLATE "C",
	"mother_name" text COLLATE "C",
	"mother_id_number" text COLLATE "C",
	"mother_person_key" text COLLATE "C",
	"father_name" text COLLATE "C",
	"father_id_number" text COLLATE "C",
	"father_person_key" text COLLATE "C",
	"issuer_name" text COLLATE "C",
	"issued_on" date,
	"issue_type" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "birth_certificate_cert_no" CHECK ("birth_certificate"."cert_no" ~ '^[A-Z][0-9]{9}$'),
	CONSTRAINT "birth_certificate_child_id_number" CHECK ("birth_certificate"."child_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "birth_certificate_mother_id_number" CHECK ("birth_certificate"."mother_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "birth_certificate_father_id_number" CHECK ("birth_certificate"."father_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "birth_certificate_gender_code" CHECK ("birth_certificate"."gender_code" in ('0', '1', '2', '9')),
	CONSTRAINT "birth_certificate_gestational_weeks" CHECK ("birth_certificate"."gestational_weeks" between 16 and 50),
	CONSTRAINT "birth_certificate_birth_weight" CHECK ("birth_certificate"."birth_weight" > 0),
	CONSTRAINT "birth_certificate_birth_length" CHECK ("birth_certificate"."birth_length" > 0),
	CONSTRAINT "birth_certificate_birth_division_code" CHECK ("birth_certificate"."birth_division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "birth_certificate_issue_type" CHECK ("birth_certificate"."issue_type" in ('首次签发', '换发', '补发')),
	CONSTRAINT "birth_certificate_status" CHECK ("birth_certificate"."status" in ('有效', '作废')),
	CONSTRAINT "birth_certificate_issued_after_birth" CHECK ("birth_certificate"."birth_date" <= "birth_certificate"."issued_on")
);
--> statement-breakpoint
CREATE TABLE "birth_certificate_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "birth_certificate_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"cert_no" text COLLATE "C",
	"child_name" text COLLATE "C",
	"child_id_number" text COLLATE "C",
	"child_person_key" text COLLATE "C",
	"gender_code" text COLLATE "C",
	"born_at" timestamp(3) with time zone,
	"birth_date" date,
	"gestational_weeks" integer,
	"birth_weight" integer,
	"birth_length" numeric(4, 1),
	"birth_division_code" text COLLATE "C",
	"institution_name" text COLLATE "C",
	"mother_name" text COLLATE "C",
	"mother_id_number" text COLLATE "C",
	"mother_person_key" text COLLATE "C",
	"father_name" text COLLATE "C",
	"father_id_number" text COLLATE "C",
	"father_person_key" text COLLATE "C",
	"issuer_name" text COLLATE "C",
	"issued_on" date,
	"issue_type" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "disability_record" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cert_no" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"kind_code" text COLLATE "C",
	"level_code" text COLLATE "C",
	"guardian_name" text COLLATE "C",
	"guardian_id_number" text COLLATE "C",
	"guardian_person_key" text COLLATE "C",
	"assessed_on" date,
	"assessor" text COLLATE "C",
	"issuer" text COLLATE "C",
	"issued_on" date,
	"valid_to" date,
	"status" text COLLATE "C",
	"cancelled_on" date,
	"cancel_reason" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "disability_record_cert_no" CHECK ("disability_record"."cert_no" ~ '^[0-9]{17}[0-9X][1-7][1-4]$'),
	CONSTRAINT "disability_record_id_number" CHECK ("disability_record"."id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "disability_record_guardian_id_number" CHECK ("disability_record"."guardian_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "disability_record_kind_code" CHECK ("disability_record"."kind_code" ~ '^[1-7]$'),
	CONSTRAINT "disability_record_level_code" CHECK ("disability_record"."level_code" ~ '^[1-4]$'),
	CONSTRAINT "disability_record_valid" CHECK ("disability_record"."issued_on" <= "disability_record"."valid_to"),
	CONSTRAINT "disability_record_status" CHECK ("disability_record"."status" in ('有效', '冻结', '注销'))
);
--> statement-breakpoint
CREATE TABLE "disability_record_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "disability_record_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"cert_no" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"kind_code" text COLLATE "C",
	"level_code" text COLLATE "C",
	"guardian_name" text COLLATE "C",
	"guardian_id_number" text COLLATE "C",
	"guardian_person_key" text COLLATE "C",
	"assessed_on" date,
	"assessor" text COLLATE "C",
	"issuer" text COLLATE "C",
	"issued_on" date,
	"valid_to" date,
	"status" text COLLATE "C",
	"cancelled_on" date,
	"cancel_reason" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "household" (
	"id" uuid PRIMARY KEY NOT NULL,
	"household_no" text COLLATE "C",
	"household_type_code" text COLLATE "C",
	"head_name" text COLLATE "C",
	"head_id_number" text COLLATE "C",
	"head_person_key" text COLLATE "C",
	"address" text COLLATE "C",
	"division_code" text COLLATE "C",
	"standard_address_code" text COLLATE "C",
	"police_station_code" text COLLATE "C",
	"member_count" integer,
	"status" text COLLATE "C",
	"established_on" date,
	"cancelled_on" date,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "household_household_type_code" CHECK ("household"."household_type_code" in ('1', '2')),
	CONSTRAINT "household_head_id_number" CHECK ("household"."head_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "household_division_code" CHECK ("household"."division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "household_police_station_code" CHECK ("household"."police_station_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "household_member_count" CHECK ("household"."member_count" >= 0),
	CONSTRAINT "household_status" CHECK ("household"."status" in ('在册', '注销')),
	CONSTRAINT "household_cancelled_after_established" CHECK ("household"."established_on" <= "household"."cancelled_on")
);
--> statement-breakpoint
CREATE TABLE "household_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "household_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"household_no" text COLLATE "C",
	"household_type_code" text COLLATE "C",
	"head_name" text COLLATE "C",
	"head_id_number" text COLLATE "C",
	"head_person_key" text COLLATE "C",
	"address" text COLLATE "C",
	"division_code" text COLLATE "C",
	"standard_address_code" text COLLATE "C",
	"police_station_code" text COLLATE "C",
	"member_count" integer,
	"status" text COLLATE "C",
	"established_on" date,
	"cancelled_on" date,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "kinship" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject_id_number" text COLLATE "C",
	"subject_person_key" text COLLATE "C",
	"relative_id_number" text COLLATE "C",
	"relative_person_key" text COLLATE "C",
	"relative_name" text COLLATE "C",
	"relation_code" text COLLATE "C",
	"basis" text COLLATE "C",
	"basis_no" text COLLATE "C",
	"valid_from" date,
	"valid_to" date,
	"confidence" numeric(3, 2),
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "kinship_subject_id_number" CHECK ("kinship"."subject_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "kinship_relative_id_number" CHECK ("kinship"."relative_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "kinship_not_oneself" CHECK ("kinship"."subject_id_number" <> "kinship"."relative_id_number"),
	CONSTRAINT "kinship_relation_code" CHECK ("kinship"."relation_code" ~ '^[0-9]{2}$'),
	CONSTRAINT "kinship_basis" CHECK ("kinship"."basis" in ('户籍', '婚姻登记', '出生医学证明', '收养登记', '司法文书')),
	CONSTRAINT "kinship_valid" CHECK ("kinship"."valid_from" <= "kinship"."valid_to"),
	CONSTRAINT "kinship_confidence" CHECK ("kinship"."confidence" between 0 and 1)
);
--> statement-breakpoint
CREATE TABLE "kinship_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "kinship_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"subject_id_number" text COLLATE "C",
	"subject_person_key" text COLLATE "C",
	"relative_id_number" text COLLATE "C",
	"relative_person_key" text COLLATE "C",
	"relative_name" text COLLATE "C",
	"relation_code" text COLLATE "C",
	"basis" text COLLATE "C",
	"basis_no" text COLLATE "C",
	"valid_from" date,
	"valid_to" date,
	"confidence" numeric(3, 2),
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "marriage_record" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cert_no" text COLLATE "C",
	"type" text COLLATE "C",
	"party_names" text ARRAY COLLATE "C",
	"party_id_numbers" text ARRAY COLLATE "C",
	"party_person_keys" text ARRAY COLLATE "C",
	"registered_on" date,
	"organ_name" text COLLATE "C",
	"organ_division_code" text COLLATE "C",
	"dissolution_method" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "marriage_record_type" CHECK ("marriage_record"."type" in ('结婚', '离婚')),
	CONSTRAINT "marriage_record_party_id_numbers" CHECK (cardinality("marriage_record"."party_id_numbers") <= 2),
	CONSTRAINT "marriage_record_party_names" CHECK (cardinality("marriage_record"."party_names") <= 2),
	CONSTRAINT "marriage_record_organ_division_code" CHECK ("marriage_record"."organ_division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "marriage_record_dissolution_method" CHECK ("marriage_record"."dissolution_method" in ('协议', '判决', '调解')),
	CONSTRAINT "marriage_record_status" CHECK ("marriage_record"."status" in ('有效', '撤销', '宣告无效'))
);
--> statement-breakpoint
CREATE TABLE "marriage_record_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "marriage_record_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"cert_no" text COLLATE "C",
	"type" text COLLATE "C",
	"party_names" text ARRAY COLLATE "C",
	"party_id_numbers" text ARRAY COLLATE "C",
	"party_person_keys" text ARRAY COLLATE "C",
	"registered_on" date,
	"organ_name" text COLLATE "C",
	"organ_division_code" text COLLATE "C",
	"dissolution_method" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "medical_insurance" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_no" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"insurance_kind_code" text COLLATE "C",
	"person_category_code" text COLLATE "C",
	"participation_status" text COLLATE "C",
	"insured_division_code" text COLLATE "C",
	"employer_name" text COLLATE "C",
	"employer_uscc" text COLLATE "C",
	"started_on" date,
	"suspended_on" date,
	"insured_year" integer,
	"paid_through" date,
	"subsidized_kind" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "medical_insurance_id_number" CHECK ("medical_insurance"."id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "medical_insurance_insurance_kind_code" CHECK ("medical_insurance"."insurance_kind_code" ~ '^[0-9]{3}$'),
	CONSTRAINT "medical_insurance_participation_status" CHECK ("medical_insurance"."participation_status" in (
      '正常参保', '暂停参保', '终止参保'
    )),
	CONSTRAINT "medical_insurance_insured_division_code" CHECK ("medical_insurance"."insured_division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "medical_insurance_employer_uscc" CHECK ("medical_insurance"."employer_uscc" ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
	CONSTRAINT "medical_insurance_insured_year" CHECK ("medical_insurance"."insured_year" between 1990 and 2200),
	CONSTRAINT "medical_insurance_suspended_after_start" CHECK ("medical_insurance"."started_on" <= "medical_insurance"."suspended_on")
);
--> statement-breakpoint
CREATE TABLE "medical_insurance_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "medical_insurance_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"person_no" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"insurance_kind_code" text COLLATE "C",
	"person_category_code" text COLLATE "C",
	"participation_status" text COLLATE "C",
	"insured_division_code" text COLLATE "C",
	"employer_name" text COLLATE "C",
	"employer_uscc" text COLLATE "C",
	"started_on" date,
	"suspended_on" date,
	"insured_year" integer,
	"paid_through" date,
	"subsidized_kind" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" uuid PRIMARY KEY NOT NULL,
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"former_name" text COLLATE "C",
	"name_tibetan" text COLLATE "C",
	"gender_code" text COLLATE "C",
	"ethnicity_code" text COLLATE "C",
	"birth_date" date,
	"birth_country_code" text COLLATE "C",
	"birth_division_code" text COLLATE "C",
	"native_division_code" text COLLATE "C",
	"nationality_code" text COLLATE "C",
	"education_code" text COLLATE "C",
	"marital_status_code" text COLLATE "C",
	"military_service_code" text COLLATE "C",
	"employment_status_code" text COLLATE "C",
	"political_status_code" text COLLATE "C",
	"registered_address" text COLLATE "C",
	"registered_division_code" text COLLATE "C",
	"residence_address" text COLLATE "C",
	"residence_division_code" text COLLATE "C",
	"standard_address_code" text COLLATE "C",
	"township_code" text COLLATE "C",
	"village_code" text COLLATE "C",
	"street_code" text COLLATE "C",
	"police_station_name" text COLLATE "C",
	"police_station_code" text COLLATE "C",
	"household_no" text COLLATE "C",
	"household_type_code" text COLLATE "C",
	"relation_to_head_code" text COLLATE "C",
	"person_status" text COLLATE "C",
	"death_date" date,
	"cancel_type_code" text COLLATE "C",
	"moved_in_on" date,
	"moved_out_on" date,
	"id_card_issuer" text COLLATE "C",
	"id_card_valid_from" date,
	"id_card_valid_to" date,
	"photo_ref" text COLLATE "C",
	"phone" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "person_id_number" CHECK ("person"."id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "person_name" CHECK (char_length("person"."name") between 1 and 50),
	CONSTRAINT "person_gender_code" CHECK ("person"."gender_code" in ('0', '1', '2', '9')),
	CONSTRAINT "person_ethnicity_code" CHECK ("person"."ethnicity_code" ~ '^[0-9]{2}$'),
	CONSTRAINT "person_birth_country_code" CHECK ("person"."birth_country_code" ~ '^[A-Z]{3}$'),
	CONSTRAINT "person_birth_division_code" CHECK ("person"."birth_division_code" ~ '^[0-9]{6}$'),
	CONSTRAINT "person_native_division_code" CHECK ("person"."native_division_code" ~ '^[0-9]{6}$'),
	CONSTRAINT "person_nationality_code" CHECK ("person"."nationality_code" ~ '^[A-Z]{3}$'),
	CONSTRAINT "person_education_code" CHECK ("person"."education_code" ~ '^[0-9]{2}$'),
	CONSTRAINT "person_marital_status_code" CHECK ("person"."marital_status_code" in ('10', '20', '21', '22', '23', '30', '40', '90')),
	CONSTRAINT "person_employment_status_code" CHECK ("person"."employment_status_code" ~ '^[0-9]{2}$'),
	CONSTRAINT "person_political_status_code" CHECK ("person"."political_status_code" ~ '^(0[1-9]|1[0-3])$'),
	CONSTRAINT "person_registered_division_code" CHECK ("person"."registered_division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "person_residence_division_code" CHECK ("person"."residence_division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "person_township_code" CHECK ("person"."township_code" ~ '^[0-9]{9}$'),
	CONSTRAINT "person_village_code" CHECK ("person"."village_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "person_police_station_code" CHECK ("person"."police_station_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "person_household_type_code" CHECK ("person"."household_type_code" in ('1', '2')),
	CONSTRAINT "person_relation_to_head_code" CHECK ("person"."relation_to_head_code" ~ '^[0-9]{2}$'),
	CONSTRAINT "person_person_status" CHECK ("person"."person_status" in ('在籍', '迁出', '死亡', '注销')),
	CONSTRAINT "person_death_after_birth" CHECK ("person"."death_date" >= "person"."birth_date"),
	CONSTRAINT "person_id_card_valid" CHECK ("person"."id_card_valid_from" <= "person"."id_card_valid_to")
);
--> statement-breakpoint
CREATE TABLE "person_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "person_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"former_name" text COLLATE "C",
	"name_tibetan" text COLLATE "C",
	"gender_code" text COLLATE "C",
	"ethnicity_code" text COLLATE "C",
	"birth_date" date,
	"birth_country_code" text COLLATE "C",
	"birth_division_code" text COLLATE "C",
	"native_division_code" text COLLATE "C",
	"nationality_code" text COLLATE "C",
	"education_code" text COLLATE "C",
	"marital_status_code" text COLLATE "C",
	"military_service_code" text COLLATE "C",
	"employment_status_code" text COLLATE "C",
	"political_status_code" text COLLATE "C",
	"registered_address" text COLLATE "C",
	"registered_division_code" text COLLATE "C",
	"residence_address" text COLLATE "C",
	"residence_division_code" text COLLATE "C",
	"standard_address_code" text COLLATE "C",
	"township_code" text COLLATE "C",
	"village_code" text COLLATE "C",
	"street_code" text COLLATE "C",
	"police_station_name" text COLLATE "C",
	"police_station_code" text COLLATE "C",
	"household_no" text COLLATE "C",
	"household_type_code" text COLLATE "C",
	"relation_to_head_code" text COLLATE "C",
	"person_status" text COLLATE "C",
	"death_date" date,
	"cancel_type_code" text COLLATE "C",
	"moved_in_on" date,
	"moved_out_on" date,
	"id_card_issuer" text COLLATE "C",
	"id_card_valid_from" date,
	"id_card_valid_to" date,
	"photo_ref" text COLLATE "C",
	"phone" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "residence" (
	"id" uuid PRIMARY KEY NOT NULL,
	"residence_permit_no" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"registered_on" date,
	"expires_on" date,
	"cancelled_on" date,
	"reason_code" text COLLATE "C",
	"home_division_code" text COLLATE "C",
	"address" text COLLATE "C",
	"division_code" text COLLATE "C",
	"standard_address_code" text COLLATE "C",
	"housing_type" text COLLATE "C",
	"landlord_name" text COLLATE "C",
	"landlord_id_number" text COLLATE "C",
	"landlord_person_key" text COLLATE "C",
	"landlord_phone" text COLLATE "C",
	"rental_file_no" text COLLATE "C",
	"police_station_code" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "residence_id_number" CHECK ("residence"."id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "residence_landlord_id_number" CHECK ("residence"."landlord_id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "residence_home_division_code" CHECK ("residence"."home_division_code" ~ '^[0-9]{6}$'),
	CONSTRAINT "residence_division_code" CHECK ("residence"."division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "residence_police_station_code" CHECK ("residence"."police_station_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "residence_status" CHECK ("residence"."status" in ('有效', '过期', '注销')),
	CONSTRAINT "residence_cancelled_after_registered" CHECK ("residence"."registered_on" <= "residence"."cancelled_on"),
	CONSTRAINT "residence_valid" CHECK ("residence"."registered_on" <= "residence"."expires_on")
);
--> statement-breakpoint
CREATE TABLE "residence_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "residence_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"residence_permit_no" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"registered_on" date,
	"expires_on" date,
	"cancelled_on" date,
	"reason_code" text COLLATE "C",
	"home_division_code" text COLLATE "C",
	"address" text COLLATE "C",
	"division_code" text COLLATE "C",
	"standard_address_code" text COLLATE "C",
	"housing_type" text COLLATE "C",
	"landlord_name" text COLLATE "C",
	"landlord_id_number" text COLLATE "C",
	"landlord_person_key" text COLLATE "C",
	"landlord_phone" text COLLATE "C",
	"rental_file_no" text COLLATE "C",
	"police_station_code" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "social_insurance" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_no" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"unit_no" text COLLATE "C",
	"employer_name" text COLLATE "C",
	"employer_uscc" text COLLATE "C",
	"insurance_kind_code" text COLLATE "C",
	"participation_status_code" text COLLATE "C",
	"payment_status_code" text COLLATE "C",
	"insured_division_code" text COLLATE "C",
	"started_on" date,
	"suspended_on" date,
	"paid_through" date,
	"paid_months" integer,
	"contribution_base" numeric(12, 2),
	"benefit_status" text COLLATE "C",
	"benefit_from" date,
	"monthly_benefit" numeric(12, 2),
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "social_insurance_id_number" CHECK ("social_insurance"."id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "social_insurance_employer_uscc" CHECK ("social_insurance"."employer_uscc" ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
	CONSTRAINT "social_insurance_insurance_kind_code" CHECK ("social_insurance"."insurance_kind_code" ~ '^[0-9]{3}$'),
	CONSTRAINT "social_insurance_participation_status_code" CHECK ("social_insurance"."participation_status_code" ~ '^[0-9]{1,2}$'),
	CONSTRAINT "social_insurance_payment_status_code" CHECK ("social_insurance"."payment_status_code" ~ '^[0-9]{1,2}$'),
	CONSTRAINT "social_insurance_insured_division_code" CHECK ("social_insurance"."insured_division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "social_insurance_paid_months" CHECK ("social_insurance"."paid_months" >= 0),
	CONSTRAINT "social_insurance_contribution_base" CHECK ("social_insurance"."contribution_base" >= 0),
	CONSTRAINT "social_insurance_benefit_status" CHECK ("social_insurance"."benefit_status" in ('未享受', '享受', '暂停', '终止')),
	CONSTRAINT "social_insurance_monthly_benefit" CHECK ("social_insurance"."monthly_benefit" >= 0),
	CONSTRAINT "social_insurance_suspended_after_start" CHECK ("social_insurance"."started_on" <= "social_insurance"."suspended_on")
);
--> statement-breakpoint
CREATE TABLE "social_insurance_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "social_insurance_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"person_no" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"unit_no" text COLLATE "C",
	"employer_name" text COLLATE "C",
	"employer_uscc" text COLLATE "C",
	"insurance_kind_code" text COLLATE "C",
	"participation_status_code" text COLLATE "C",
	"payment_status_code" text COLLATE "C",
	"insured_division_code" text COLLATE "C",
	"started_on" date,
	"suspended_on" date,
	"paid_through" date,
	"paid_months" integer,
	"contribution_base" numeric(12, 2),
	"benefit_status" text COLLATE "C",
	"benefit_from" date,
	"monthly_benefit" numeric(12, 2),
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "welfare_record" (
	"id" uuid PRIMARY KEY NOT NULL,
	"record_no" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"kind" text COLLATE "C",
	"level" text COLLATE "C",
	"cert_no" text COLLATE "C",
	"household_no" text COLLATE "C",
	"covered_persons" integer,
	"division_code" text COLLATE "C",
	"approved_on" date,
	"approval_organ" text COLLATE "C",
	"valid_from" date,
	"valid_to" date,
	"monthly_amount" numeric(12, 2),
	"status" text COLLATE "C",
	"end_reason" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "welfare_record_id_number" CHECK ("welfare_record"."id_number" ~ '^[0-9]{17}[0-9X]$'),
	CONSTRAINT "welfare_record_kind" CHECK ("welfare_record"."kind" in (
      '城市低保', '农村低保', '特困', '临时救助', '孤儿', '事实无人抚养儿童', '困难残疾人生活补贴',
      '重度残疾人护理补贴', '高龄津贴'
    )),
	CONSTRAINT "welfare_record_covered_persons" CHECK ("welfare_record"."covered_persons" > 0),
	CONSTRAINT "welfare_record_division_code" CHECK ("welfare_record"."division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "welfare_record_valid" CHECK ("welfare_record"."valid_from" <= "welfare_record"."valid_to"),
	CONSTRAINT "welfare_record_monthly_amount" CHECK ("welfare_record"."monthly_amount" >= 0),
	CONSTRAINT "welfare_record_status" CHECK ("welfare_record"."status" in ('在享', '暂停', '终止'))
);
--> statement-breakpoint
CREATE TABLE "welfare_record_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "welfare_record_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"record_no" text COLLATE "C",
	"id_number" text COLLATE "C",
	"person_key" text COLLATE "C",
	"name" text COLLATE "C",
	"kind" text COLLATE "C",
	"level" text COLLATE "C",
	"cert_no" text COLLATE "C",
	"household_no" text COLLATE "C",
	"covered_persons" integer,
	"division_code" text COLLATE "C",
	"approved_on" date,
	"approval_organ" text COLLATE "C",
	"valid_from" date,
	"valid_to" date,
	"monthly_amount" numeric(12, 2),
	"status" text COLLATE "C",
	"end_reason" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "administrative_division" (
	"id" uuid PRIMARY KEY NOT NULL,
	"division_code" text COLLATE "C",
	"name" text COLLATE "C",
	"level" integer,
	"division_type" text COLLATE "C",
	"parent_code" text COLLATE "C",
	"geometry" geometry(MultiPolygon,4490),
	"centroid" geometry(Point,4490),
	"source_crs" text COLLATE "C",
	"valid_from" date,
	"valid_to" date,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "administrative_division_code" UNIQUE("division_code"),
	CONSTRAINT "administrative_division_division_code" CHECK ("administrative_division"."division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "administrative_division_level" CHECK ("administrative_division"."level" between 1 and 5),
	CONSTRAINT "administrative_division_division_type" CHECK ("administrative_division"."division_type" in ('province', 'prefecture', 'county', 'subdistrict', 'town', 'township', 'quasi-township', 'residents-committee', 'villagers-committee', 'quasi')),
	CONSTRAINT "administrative_division_parent_code" CHECK ("administrative_division"."parent_code" <> "administrative_division"."division_code"),
	CONSTRAINT "administrative_division_parent_of_all_but_province" CHECK (("administrative_division"."level" = 1) = ("administrative_division"."parent_code" is null)),
	CONSTRAINT "administrative_division_source_crs" CHECK ("administrative_division"."source_crs" in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and ("administrative_division"."geometry" is null or "administrative_division"."source_crs" is not null)),
	CONSTRAINT "administrative_division_valid_to" CHECK ("administrative_division"."valid_from" <= "administrative_division"."valid_to")
);
--> statement-breakpoint
CREATE TABLE "administrative_division_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "administrative_division_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"division_code" text COLLATE "C",
	"name" text COLLATE "C",
	"level" integer,
	"division_type" text COLLATE "C",
	"parent_code" text COLLATE "C",
	"geometry" geometry(MultiPolygon,4490),
	"centroid" geometry(Point,4490),
	"source_crs" text COLLATE "C",
	"valid_from" date,
	"valid_to" date,
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "building" (
	"id" uuid PRIMARY KEY NOT NULL,
	"building_code" text COLLATE "C",
	"name" text COLLATE "C",
	"division_code" text COLLATE "C",
	"location" text COLLATE "C",
	"use_code" text COLLATE "C",
	"structure_code" text COLLATE "C",
	"floors_above" integer,
	"floors_below" integer,
	"height" numeric(7, 2),
	"gross_area" numeric(12, 2),
	"completed_on" date,
	"geometry" geometry(MultiPolygon,4490),
	"source_crs" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "building_division_code" CHECK ("building"."division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "building_use_code" CHECK ("building"."use_code" in ('居住', '商业', '办公', '工业', '公共', '农业', '其他')),
	CONSTRAINT "building_structure_code" CHECK ("building"."structure_code" in ('钢', '钢混', '砖混', '砖木', '土木', '其他')),
	CONSTRAINT "building_floors_above" CHECK ("building"."floors_above" >= 0),
	CONSTRAINT "building_floors_below" CHECK ("building"."floors_below" >= 0),
	CONSTRAINT "building_height" CHECK ("building"."height" >= 0),
	CONSTRAINT "building_gross_area" CHECK ("building"."gross_area" >= 0),
	CONSTRAINT "building_source_crs" CHECK ("building"."source_crs" in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and ("building"."geometry" is null or "building"."source_crs" is not null)),
	CONSTRAINT "building_status" CHECK ("building"."status" in ('在用', '在建', '拆除'))
);
--> statement-breakpoint
CREATE TABLE "building_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "building_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"building_code" text COLLATE "C",
	"name" text COLLATE "C",
	"division_code" text COLLATE "C",
	"location" text COLLATE "C",
	"use_code" text COLLATE "C",
	"structure_code" text COLLATE "C",
	"floors_above" integer,
	"floors_below" integer,
	"height" numeric(7, 2),
	"gross_area" numeric(12, 2),
	"completed_on" date,
	"geometry" geometry(MultiPolygon,4490),
	"source_crs" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "place_name" (
	"id" uuid PRIMARY KEY NOT NULL,
	"place_code" text COLLATE "C",
	"standard_name" text COLLATE "C",
	"roman_name" text COLLATE "C",
	"name_tibetan" text COLLATE "C",
	"category_code" text COLLATE "C",
	"meaning" text COLLATE "C",
	"origin" text COLLATE "C",
	"established_on" date,
	"division_code" text COLLATE "C",
	"geometry" geometry(Geometry,4490),
	"source_crs" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "place_name_division_code" CHECK ("place_name"."division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "place_name_source_crs" CHECK ("place_name"."source_crs" in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and ("place_name"."geometry" is null or "place_name"."source_crs" is not null)),
	CONSTRAINT "place_name_status" CHECK ("place_name"."status" in ('在用', '废止'))
);
--> statement-breakpoint
CREATE TABLE "place_name_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "place_name_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"place_code" text COLLATE "C",
	"standard_name" text COLLATE "C",
	"roman_name" text COLLATE "C",
	"name_tibetan" text COLLATE "C",
	"category_code" text COLLATE "C",
	"meaning" text COLLATE "C",
	"origin" text COLLATE "C",
	"established_on" date,
	"division_code" text COLLATE "C",
	"geometry" geometry(Geometry,4490),
	"source_crs" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "point_of_interest" (
	"id" uuid PRIMARY KEY NOT NULL,
	"poi_code" text COLLATE "C",
	"name" text COLLATE "C",
	"class_code" text COLLATE "C",
	"class_name" text COLLATE "C",
	"location" text COLLATE "C",
	"address_code" text COLLATE "C",
	"division_code" text COLLATE "C",
	"phone" text COLLATE "C",
	"geometry" geometry(Point,4490),
	"source_crs" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "point_of_interest_division_code" CHECK ("point_of_interest"."division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "point_of_interest_source_crs" CHECK ("point_of_interest"."source_crs" in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and ("point_of_interest"."geometry" is null or "point_of_interest"."source_crs" is not null)),
	CONSTRAINT "point_of_interest_status" CHECK ("point_of_interest"."status" in ('在用', '停用'))
);
--> statement-breakpoint
CREATE TABLE "point_of_interest_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "point_of_interest_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"poi_code" text COLLATE "C",
	"name" text COLLATE "C",
	"class_code" text COLLATE "C",
	"class_name" text COLLATE "C",
	"location" text COLLATE "C",
	"address_code" text COLLATE "C",
	"division_code" text COLLATE "C",
	"phone" text COLLATE "C",
	"geometry" geometry(Point,4490),
	"source_crs" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "real_estate_unit" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_no" text COLLATE "C",
	"location" text COLLATE "C",
	"division_code" text COLLATE "C",
	"address_code" text COLLATE "C",
	"building_code" text COLLATE "C",
	"area" numeric(14, 2),
	"use_code" text COLLATE "C",
	"geometry" geometry(MultiPolygon,4490),
	"source_crs" text COLLATE "C",
	"right_type_code" text COLLATE "C",
	"holder_names" text ARRAY COLLATE "C",
	"holder_id_numbers" text ARRAY COLLATE "C",
	"holder_person_keys" text ARRAY COLLATE "C",
	"holder_usccs" text ARRAY COLLATE "C",
	"certificate_no" text COLLATE "C",
	"registered_on" date,
	"restrictions" text ARRAY COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "real_estate_unit_unit_no" CHECK ("real_estate_unit"."unit_no" ~ '^[0-9]{12}[GJZ][A-Z][0-9]{5}[FLQW][0-9]{8}$'),
	CONSTRAINT "real_estate_unit_division_code" CHECK ("real_estate_unit"."division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "real_estate_unit_area" CHECK ("real_estate_unit"."area" >= 0),
	CONSTRAINT "real_estate_unit_source_crs" CHECK ("real_estate_unit"."source_crs" in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and ("real_estate_unit"."geometry" is null or "real_estate_unit"."source_crs" is not null)),
	CONSTRAINT "real_estate_unit_restrictions" CHECK ("real_estate_unit"."restrictions" <@ array['抵押', '查封', '异议', '预告', '居住权'])
);
--> statement-breakpoint
CREATE TABLE "real_estate_unit_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "real_estate_unit_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"unit_no" text COLLATE "C",
	"location" text COLLATE "C",
	"division_code" text COLLATE "C",
	"address_code" text COLLATE "C",
	"building_code" text COLLATE "C",
	"area" numeric(14, 2),
	"use_code" text COLLATE "C",
	"geometry" geometry(MultiPolygon,4490),
	"source_crs" text COLLATE "C",
	"right_type_code" text COLLATE "C",
	"holder_names" text ARRAY COLLATE "C",
	"holder_id_numbers" text ARRAY COLLATE "C",
	"holder_person_keys" text ARRAY COLLATE "C",
	"holder_usccs" text ARRAY COLLATE "C",
	"certificate_no" text COLLATE "C",
	"registered_on" date,
	"restrictions" text ARRAY COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "road_segment" (
	"id" uuid PRIMARY KEY NOT NULL,
	"segment_code" text COLLATE "C",
	"name" text COLLATE "C",
	"road_code" text COLLATE "C",
	"road_class" text COLLATE "C",
	"surface" text COLLATE "C",
	"length" numeric(10, 3),
	"width" numeric(6, 2),
	"division_code" text COLLATE "C",
	"geometry" geometry(LineString,4490),
	"source_crs" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "road_segment_road_code" CHECK ("road_segment"."road_code" ~ '^[GSXYCZ][0-9A-Z]+$'),
	CONSTRAINT "road_segment_road_class" CHECK ("road_segment"."road_class" in ('高速', '一级', '二级', '三级', '四级', '等外')),
	CONSTRAINT "road_segment_surface" CHECK ("road_segment"."surface" in ('沥青', '水泥', '砂石', '土路', '其他')),
	CONSTRAINT "road_segment_length" CHECK ("road_segment"."length" >= 0),
	CONSTRAINT "road_segment_width" CHECK ("road_segment"."width" >= 0),
	CONSTRAINT "road_segment_division_code" CHECK ("road_segment"."division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "road_segment_source_crs" CHECK ("road_segment"."source_crs" in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and ("road_segment"."geometry" is null or "road_segment"."source_crs" is not null)),
	CONSTRAINT "road_segment_status" CHECK ("road_segment"."status" in ('在用', '在建', '停用'))
);
--> statement-breakpoint
CREATE TABLE "road_segment_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "road_segment_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"segment_code" text COLLATE "C",
	"name" text COLLATE "C",
	"road_code" text COLLATE "C",
	"road_class" text COLLATE "C",
	"surface" text COLLATE "C",
	"length" numeric(10, 3),
	"width" numeric(6, 2),
	"division_code" text COLLATE "C",
	"geometry" geometry(LineString,4490),
	"source_crs" text COLLATE "C",
	"status" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "standard_address" (
	"id" uuid PRIMARY KEY NOT NULL,
	"address_code" text COLLATE "C",
	"province" text COLLATE "C",
	"city" text COLLATE "C",
	"county" text COLLATE "C",
	"township" text COLLATE "C",
	"village" text COLLATE "C",
	"group_no" text COLLATE "C",
	"street" text COLLATE "C",
	"lane" text COLLATE "C",
	"door_plate" text COLLATE "C",
	"compound" text COLLATE "C",
	"building_no" text COLLATE "C",
	"unit" text COLLATE "C",
	"floor" text COLLATE "C",
	"room" text COLLATE "C",
	"full_text" text COLLATE "C",
	"division_code" text COLLATE "C",
	"building_code" text COLLATE "C",
	"geometry" geometry(Point,4490),
	"source_crs" text COLLATE "C",
	"accuracy" text COLLATE "C",
	"status" text COLLATE "C",
	"alias_of" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	CONSTRAINT "standard_address_division_code" CHECK ("standard_address"."division_code" ~ '^[0-9]{12}$'),
	CONSTRAINT "standard_address_source_crs" CHECK ("standard_address"."source_crs" in ('CGCS2000', 'WGS84', 'GCJ02', 'BD09') and ("standard_address"."geometry" is null or "standard_address"."source_crs" is not null)),
	CONSTRAINT "standard_address_accuracy" CHECK ("standard_address"."accuracy" in ('户室', '楼栋', '门牌', '小组', '村')),
	CONSTRAINT "standard_address_status" CHECK ("standard_address"."status" in ('在用', '注销')),
	CONSTRAINT "standard_address_alias_of" CHECK ("standard_address"."alias_of" <> "standard_address"."address_code")
);
--> statement-breakpoint
CREATE TABLE "standard_address_version" (
	"version_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "standard_address_version_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"address_code" text COLLATE "C",
	"province" text COLLATE "C",
	"city" text COLLATE "C",
	"county" text COLLATE "C",
	"township" text COLLATE "C",
	"village" text COLLATE "C",
	"group_no" text COLLATE "C",
	"street" text COLLATE "C",
	"lane" text COLLATE "C",
	"door_plate" text COLLATE "C",
	"compound" text COLLATE "C",
	"building_no" text COLLATE "C",
	"unit" text COLLATE "C",
	"floor" text COLLATE "C",
	"room" text COLLATE "C",
	"full_text" text COLLATE "C",
	"division_code" text COLLATE "C",
	"building_code" text COLLATE "C",
	"geometry" geometry(Point,4490),
	"source_crs" text COLLATE "C",
	"accuracy" text COLLATE "C",
	"status" text COLLATE "C",
	"alias_of" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"source_version" text COLLATE "C" NOT NULL,
	"source_updated_at" timestamp(3) with time zone NOT NULL,
	"provenance" jsonb,
	"effective_from" date NOT NULL,
	"effective_to" date NOT NULL,
	"recorded_from" timestamp(3) with time zone NOT NULL,
	"recorded_to" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog_item" ADD CONSTRAINT "catalog_item_owner_department_department_code_fk" FOREIGN KEY ("owner_department") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consumer" ADD CONSTRAINT "consumer_department_code_department_code_fk" FOREIGN KEY ("department_code") REFERENCES "public"."department"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submission" ADD CONSTRAINT "submission_consumer_code_consumer_code_fk" FOREIGN KEY ("consumer_code") REFERENCES "public"."consumer"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "administrative_division" ADD CONSTRAINT "administrative_division_parent" FOREIGN KEY ("parent_code") REFERENCES "public"."administrative_division"("division_code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "due_change_due_on_index" ON "due_change" USING btree ("due_on");--> statement-breakpoint
CREATE INDEX "source_record_record_type_record_id_index" ON "source_record" USING btree ("record_type","record_id");--> statement-breakpoint
CREATE INDEX "import_job_record_type_source_file_digest_index" ON "import_job" USING btree ("record_type","source","file_digest");--> statement-breakpoint
CREATE UNIQUE INDEX "certificate_type_type_code_index" ON "certificate_type" USING btree ("type_code");--> statement-breakpoint
CREATE INDEX "certificate_type_name_index" ON "certificate_type" USING btree ("name");--> statement-breakpoint
CREATE INDEX "certificate_type_defining_authority_code_index" ON "certificate_type" USING btree ("defining_authority_code");--> statement-breakpoint
CREATE INDEX "certificate_type_holder_category_index" ON "certificate_type" USING btree ("holder_category");--> statement-breakpoint
CREATE INDEX "certificate_type_version_id_index" ON "certificate_type_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "certificate_type_version_type_code_index" ON "certificate_type_version" USING btree ("type_code");--> statement-breakpoint
CREATE INDEX "certificate_type_version_name_index" ON "certificate_type_version" USING btree ("name");--> statement-breakpoint
CREATE INDEX "certificate_type_version_defining_authority_code_index" ON "certificate_type_version" USING btree ("defining_authority_code");--> statement-breakpoint
CREATE INDEX "certificate_type_version_holder_category_index" ON "certificate_type_version" USING btree ("holder_category");--> statement-breakpoint
CREATE UNIQUE INDEX "certificate_certificate_identifier_index" ON "certificate" USING btree ("certificate_identifier");--> statement-breakpoint
CREATE INDEX "certificate_holder_usccs_index" ON "certificate" USING gin ("holder_usccs");--> statement-breakpoint
CREATE INDEX "certificate_holder_person_keys_index" ON "certificate" USING gin ("holder_person_keys");--> statement-breakpoint
CREATE INDEX "certificate_version_id_index" ON "certificate_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "certificate_version_certificate_identifier_index" ON "certificate_version" USING btree ("certificate_identifier");--> statement-breakpoint
CREATE INDEX "certificate_version_holder_usccs_index" ON "certificate_version" USING gin ("holder_usccs");--> statement-breakpoint
CREATE INDEX "certificate_version_holder_person_keys_index" ON "certificate_version" USING gin ("holder_person_keys");--> statement-breakpoint
CREATE UNIQUE INDEX "credit_commitment_record_no_index" ON "credit_commitment" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_commitment_counterparty_uscc_index" ON "credit_commitment" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE INDEX "credit_commitment_counterparty_person_key_index" ON "credit_commitment" USING btree ("counterparty_person_key");--> statement-breakpoint
CREATE INDEX "credit_commitment_version_id_index" ON "credit_commitment_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "credit_commitment_version_record_no_index" ON "credit_commitment_version" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_commitment_version_counterparty_uscc_index" ON "credit_commitment_version" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE INDEX "credit_commitment_version_counterparty_person_key_index" ON "credit_commitment_version" USING btree ("counterparty_person_key");--> statement-breakpoint
CREATE UNIQUE INDEX "credit_grade_record_no_index" ON "credit_grade" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_grade_counterparty_uscc_index" ON "credit_grade" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE INDEX "credit_grade_version_id_index" ON "credit_grade_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "credit_grade_version_record_no_index" ON "credit_grade_version" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_grade_version_counterparty_uscc_index" ON "credit_grade_version" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE UNIQUE INDEX "credit_listing_record_no_index" ON "credit_listing" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_listing_counterparty_uscc_index" ON "credit_listing" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE INDEX "credit_listing_counterparty_person_key_index" ON "credit_listing" USING btree ("counterparty_person_key");--> statement-breakpoint
CREATE INDEX "credit_listing_version_id_index" ON "credit_listing_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "credit_listing_version_record_no_index" ON "credit_listing_version" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_listing_version_counterparty_uscc_index" ON "credit_listing_version" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE INDEX "credit_listing_version_counterparty_person_key_index" ON "credit_listing_version" USING btree ("counterparty_person_key");--> statement-breakpoint
CREATE UNIQUE INDEX "credit_penalty_record_no_index" ON "credit_penalty" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_penalty_counterparty_uscc_index" ON "credit_penalty" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE INDEX "credit_penalty_counterparty_person_key_index" ON "credit_penalty" USING btree ("counterparty_person_key");--> statement-breakpoint
CREATE INDEX "credit_penalty_decision_no_index" ON "credit_penalty" USING btree ("decision_no");--> statement-breakpoint
CREATE INDEX "credit_penalty_version_id_index" ON "credit_penalty_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "credit_penalty_version_record_no_index" ON "credit_penalty_version" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_penalty_version_counterparty_uscc_index" ON "credit_penalty_version" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE INDEX "credit_penalty_version_counterparty_person_key_index" ON "credit_penalty_version" USING btree ("counterparty_person_key");--> statement-breakpoint
CREATE INDEX "credit_penalty_version_decision_no_index" ON "credit_penalty_version" USING btree ("decision_no");--> statement-breakpoint
CREATE UNIQUE INDEX "credit_permit_record_no_index" ON "credit_permit" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_permit_counterparty_uscc_index" ON "credit_permit" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE INDEX "credit_permit_counterparty_person_key_index" ON "credit_permit" USING btree ("counterparty_person_key");--> statement-breakpoint
CREATE INDEX "credit_permit_decision_no_index" ON "credit_permit" USING btree ("decision_no");--> statement-breakpoint
CREATE INDEX "credit_permit_version_id_index" ON "credit_permit_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "credit_permit_version_record_no_index" ON "credit_permit_version" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_permit_version_counterparty_uscc_index" ON "credit_permit_version" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE INDEX "credit_permit_version_counterparty_person_key_index" ON "credit_permit_version" USING btree ("counterparty_person_key");--> statement-breakpoint
CREATE INDEX "credit_permit_version_decision_no_index" ON "credit_permit_version" USING btree ("decision_no");--> statement-breakpoint
CREATE UNIQUE INDEX "credit_repair_record_no_index" ON "credit_repair" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_repair_counterparty_uscc_index" ON "credit_repair" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE INDEX "credit_repair_counterparty_person_key_index" ON "credit_repair" USING btree ("counterparty_person_key");--> statement-breakpoint
CREATE INDEX "credit_repair_penalty_record_no_index" ON "credit_repair" USING btree ("penalty_record_no");--> statement-breakpoint
CREATE INDEX "credit_repair_listing_record_no_index" ON "credit_repair" USING btree ("listing_record_no");--> statement-breakpoint
CREATE INDEX "credit_repair_version_id_index" ON "credit_repair_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "credit_repair_version_record_no_index" ON "credit_repair_version" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "credit_repair_version_counterparty_uscc_index" ON "credit_repair_version" USING btree ("counterparty_uscc");--> statement-breakpoint
CREATE INDEX "credit_repair_version_counterparty_person_key_index" ON "credit_repair_version" USING btree ("counterparty_person_key");--> statement-breakpoint
CREATE INDEX "credit_repair_version_penalty_record_no_index" ON "credit_repair_version" USING btree ("penalty_record_no");--> statement-breakpoint
CREATE INDEX "credit_repair_version_listing_record_no_index" ON "credit_repair_version" USING btree ("listing_record_no");--> statement-breakpoint
CREATE UNIQUE INDEX "branch_uscc_index" ON "branch" USING btree ("uscc");--> statement-breakpoint
CREATE INDEX "branch_parent_uscc_index" ON "branch" USING btree ("parent_uscc");--> statement-breakpoint
CREATE INDEX "branch_name_index" ON "branch" USING btree ("name");--> statement-breakpoint
CREATE INDEX "branch_status_index" ON "branch" USING btree ("status");--> statement-breakpoint
CREATE INDEX "branch_registrar_code_index" ON "branch" USING btree ("registrar_code");--> statement-breakpoint
CREATE INDEX "branch_division_code_index" ON "branch" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "branch_established_on_index" ON "branch" USING btree ("established_on");--> statement-breakpoint
CREATE INDEX "branch_cancelled_on_index" ON "branch" USING btree ("cancelled_on");--> statement-breakpoint
CREATE INDEX "branch_version_id_index" ON "branch_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "branch_version_uscc_index" ON "branch_version" USING btree ("uscc");--> statement-breakpoint
CREATE INDEX "branch_version_parent_uscc_index" ON "branch_version" USING btree ("parent_uscc");--> statement-breakpoint
CREATE INDEX "branch_version_name_index" ON "branch_version" USING btree ("name");--> statement-breakpoint
CREATE INDEX "branch_version_status_index" ON "branch_version" USING btree ("status");--> statement-breakpoint
CREATE INDEX "branch_version_registrar_code_index" ON "branch_version" USING btree ("registrar_code");--> statement-breakpoint
CREATE INDEX "branch_version_division_code_index" ON "branch_version" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "branch_version_established_on_index" ON "branch_version" USING btree ("established_on");--> statement-breakpoint
CREATE INDEX "branch_version_cancelled_on_index" ON "branch_version" USING btree ("cancelled_on");--> statement-breakpoint
CREATE INDEX "change_record_uscc_changed_on_index" ON "change_record" USING btree ("uscc","changed_on");--> statement-breakpoint
CREATE INDEX "change_record_version_id_index" ON "change_record_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "change_record_version_uscc_changed_on_index" ON "change_record_version" USING btree ("uscc","changed_on");--> statement-breakpoint
CREATE INDEX "key_person_uscc_index" ON "key_person" USING btree ("uscc");--> statement-breakpoint
CREATE INDEX "key_person_person_key_index" ON "key_person" USING btree ("person_key");--> statement-breakpoint
CREATE INDEX "key_person_version_id_index" ON "key_person_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "key_person_version_uscc_index" ON "key_person_version" USING btree ("uscc");--> statement-breakpoint
CREATE INDEX "key_person_version_person_key_index" ON "key_person_version" USING btree ("person_key");--> statement-breakpoint
CREATE UNIQUE INDEX "legal_entity_uscc_index" ON "legal_entity" USING btree ("uscc");--> statement-breakpoint
CREATE INDEX "legal_entity_name_index" ON "legal_entity" USING btree ("name");--> statement-breakpoint
CREATE INDEX "legal_entity_registration_no_index" ON "legal_entity" USING btree ("registration_no");--> statement-breakpoint
CREATE INDEX "legal_entity_org_code_index" ON "legal_entity" USING btree ("org_code");--> statement-breakpoint
CREATE INDEX "legal_entity_entity_type_code_index" ON "legal_entity" USING btree ("entity_type_code");--> statement-breakpoint
CREATE INDEX "legal_entity_category_index" ON "legal_entity" USING btree ("category");--> statement-breakpoint
CREATE INDEX "legal_entity_status_index" ON "legal_entity" USING btree ("status");--> statement-breakpoint
CREATE INDEX "legal_entity_registered_capital_index" ON "legal_entity" USING btree ("registered_capital");--> statement-breakpoint
CREATE INDEX "legal_entity_currency_code_index" ON "legal_entity" USING btree ("currency_code");--> statement-breakpoint
CREATE INDEX "legal_entity_industry_code_index" ON "legal_entity" USING btree ("industry_code");--> statement-breakpoint
CREATE INDEX "legal_entity_established_on_index" ON "legal_entity" USING btree ("established_on");--> statement-breakpoint
CREATE INDEX "legal_entity_approved_on_index" ON "legal_entity" USING btree ("approved_on");--> statement-breakpoint
CREATE INDEX "legal_entity_valid_to_index" ON "legal_entity" USING btree ("valid_to");--> statement-breakpoint
CREATE INDEX "legal_entity_domicile_division_code_index" ON "legal_entity" USING btree ("domicile_division_code");--> statement-breakpoint
CREATE INDEX "legal_entity_domicile_address_code_index" ON "legal_entity" USING btree ("domicile_address_code");--> statement-breakpoint
CREATE INDEX "legal_entity_registrar_code_index" ON "legal_entity" USING btree ("registrar_code");--> statement-breakpoint
CREATE INDEX "legal_entity_jurisdiction_code_index" ON "legal_entity" USING btree ("jurisdiction_code");--> statement-breakpoint
CREATE INDEX "legal_entity_cancelled_on_index" ON "legal_entity" USING btree ("cancelled_on");--> statement-breakpoint
CREATE INDEX "legal_entity_legal_rep_person_key_index" ON "legal_entity" USING btree ("legal_rep_person_key");--> statement-breakpoint
CREATE INDEX "legal_entity_version_id_index" ON "legal_entity_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "legal_entity_version_uscc_index" ON "legal_entity_version" USING btree ("uscc");--> statement-breakpoint
CREATE INDEX "legal_entity_version_name_index" ON "legal_entity_version" USING btree ("name");--> statement-breakpoint
CREATE INDEX "legal_entity_version_registration_no_index" ON "legal_entity_version" USING btree ("registration_no");--> statement-breakpoint
CREATE INDEX "legal_entity_version_org_code_index" ON "legal_entity_version" USING btree ("org_code");--> statement-breakpoint
CREATE INDEX "legal_entity_version_entity_type_code_index" ON "legal_entity_version" USING btree ("entity_type_code");--> statement-breakpoint
CREATE INDEX "legal_entity_version_category_index" ON "legal_entity_version" USING btree ("category");--> statement-breakpoint
CREATE INDEX "legal_entity_version_status_index" ON "legal_entity_version" USING btree ("status");--> statement-breakpoint
CREATE INDEX "legal_entity_version_registered_capital_index" ON "legal_entity_version" USING btree ("registered_capital");--> statement-breakpoint
CREATE INDEX "legal_entity_version_currency_code_index" ON "legal_entity_version" USING btree ("currency_code");--> statement-breakpoint
CREATE INDEX "legal_entity_version_industry_code_index" ON "legal_entity_version" USING btree ("industry_code");--> statement-breakpoint
CREATE INDEX "legal_entity_version_established_on_index" ON "legal_entity_version" USING btree ("established_on");--> statement-breakpoint
CREATE INDEX "legal_entity_version_approved_on_index" ON "legal_entity_version" USING btree ("approved_on");--> statement-breakpoint
CREATE INDEX "legal_entity_version_valid_to_index" ON "legal_entity_version" USING btree ("valid_to");--> statement-breakpoint
CREATE INDEX "legal_entity_version_domicile_division_code_index" ON "legal_entity_version" USING btree ("domicile_division_code");--> statement-breakpoint
CREATE INDEX "legal_entity_version_domicile_address_code_index" ON "legal_entity_version" USING btree ("domicile_address_code");--> statement-breakpoint
CREATE INDEX "legal_entity_version_registrar_code_index" ON "legal_entity_version" USING btree ("registrar_code");--> statement-breakpoint
CREATE INDEX "legal_entity_version_jurisdiction_code_index" ON "legal_entity_version" USING btree ("jurisdiction_code");--> statement-breakpoint
CREATE INDEX "legal_entity_version_cancelled_on_index" ON "legal_entity_version" USING btree ("cancelled_on");--> statement-breakpoint
CREATE INDEX "legal_entity_version_legal_rep_person_key_index" ON "legal_entity_version" USING btree ("legal_rep_person_key");--> statement-breakpoint
CREATE INDEX "licence_licence_no_index" ON "licence" USING btree ("licence_no");--> statement-breakpoint
CREATE INDEX "licence_uscc_index" ON "licence" USING btree ("uscc");--> statement-breakpoint
CREATE INDEX "licence_licence_name_index" ON "licence" USING btree ("licence_name");--> statement-breakpoint
CREATE INDEX "licence_licence_type_code_index" ON "licence" USING btree ("licence_type_code");--> statement-breakpoint
CREATE INDEX "licence_issuing_authority_code_index" ON "licence" USING btree ("issuing_authority_code");--> statement-breakpoint
CREATE INDEX "licence_valid_from_index" ON "licence" USING btree ("valid_from");--> statement-breakpoint
CREATE INDEX "licence_valid_to_index" ON "licence" USING btree ("valid_to");--> statement-breakpoint
CREATE INDEX "licence_status_index" ON "licence" USING btree ("status");--> statement-breakpoint
CREATE INDEX "licence_version_id_index" ON "licence_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "licence_version_licence_no_index" ON "licence_version" USING btree ("licence_no");--> statement-breakpoint
CREATE INDEX "licence_version_uscc_index" ON "licence_version" USING btree ("uscc");--> statement-breakpoint
CREATE INDEX "licence_version_licence_name_index" ON "licence_version" USING btree ("licence_name");--> statement-breakpoint
CREATE INDEX "licence_version_licence_type_code_index" ON "licence_version" USING btree ("licence_type_code");--> statement-breakpoint
CREATE INDEX "licence_version_issuing_authority_code_index" ON "licence_version" USING btree ("issuing_authority_code");--> statement-breakpoint
CREATE INDEX "licence_version_valid_from_index" ON "licence_version" USING btree ("valid_from");--> statement-breakpoint
CREATE INDEX "licence_version_valid_to_index" ON "licence_version" USING btree ("valid_to");--> statement-breakpoint
CREATE INDEX "licence_version_status_index" ON "licence_version" USING btree ("status");--> statement-breakpoint
CREATE INDEX "shareholding_uscc_index" ON "shareholding" USING btree ("uscc");--> statement-breakpoint
CREATE INDEX "shareholding_investor_uscc_index" ON "shareholding" USING btree ("investor_uscc");--> statement-breakpoint
CREATE INDEX "shareholding_investor_person_key_index" ON "shareholding" USING btree ("investor_person_key");--> statement-breakpoint
CREATE INDEX "shareholding_version_id_index" ON "shareholding_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "shareholding_version_uscc_index" ON "shareholding_version" USING btree ("uscc");--> statement-breakpoint
CREATE INDEX "shareholding_version_investor_uscc_index" ON "shareholding_version" USING btree ("investor_uscc");--> statement-breakpoint
CREATE INDEX "shareholding_version_investor_person_key_index" ON "shareholding_version" USING btree ("investor_person_key");--> statement-breakpoint
CREATE UNIQUE INDEX "birth_certificate_cert_no_index" ON "birth_certificate" USING btree ("cert_no");--> statement-breakpoint
CREATE INDEX "birth_certificate_child_person_key_index" ON "birth_certificate" USING btree ("child_person_key");--> statement-breakpoint
CREATE INDEX "birth_certificate_mother_person_key_index" ON "birth_certificate" USING btree ("mother_person_key");--> statement-breakpoint
CREATE INDEX "birth_certificate_father_person_key_index" ON "birth_certificate" USING btree ("father_person_key");--> statement-breakpoint
CREATE INDEX "birth_certificate_version_id_index" ON "birth_certificate_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "birth_certificate_version_cert_no_index" ON "birth_certificate_version" USING btree ("cert_no");--> statement-breakpoint
CREATE INDEX "birth_certificate_version_child_person_key_index" ON "birth_certificate_version" USING btree ("child_person_key");--> statement-breakpoint
CREATE INDEX "birth_certificate_version_mother_person_key_index" ON "birth_certificate_version" USING btree ("mother_person_key");--> statement-breakpoint
CREATE INDEX "birth_certificate_version_father_person_key_index" ON "birth_certificate_version" USING btree ("father_person_key");--> statement-breakpoint
CREATE UNIQUE INDEX "disability_record_cert_no_index" ON "disability_record" USING btree ("cert_no");--> statement-breakpoint
CREATE INDEX "disability_record_person_key_index" ON "disability_record" USING btree ("person_key");--> statement-breakpoint
CREATE INDEX "disability_record_version_id_index" ON "disability_record_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "disability_record_version_cert_no_index" ON "disability_record_version" USING btree ("cert_no");--> statement-breakpoint
CREATE INDEX "disability_record_version_person_key_index" ON "disability_record_version" USING btree ("person_key");--> statement-breakpoint
CREATE UNIQUE INDEX "household_household_no_index" ON "household" USING btree ("household_no");--> statement-breakpoint
CREATE INDEX "household_head_person_key_index" ON "household" USING btree ("head_person_key");--> statement-breakpoint
CREATE INDEX "household_version_id_index" ON "household_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "household_version_household_no_index" ON "household_version" USING btree ("household_no");--> statement-breakpoint
CREATE INDEX "household_version_head_person_key_index" ON "household_version" USING btree ("head_person_key");--> statement-breakpoint
CREATE INDEX "kinship_subject_person_key_index" ON "kinship" USING btree ("subject_person_key");--> statement-breakpoint
CREATE INDEX "kinship_relative_person_key_index" ON "kinship" USING btree ("relative_person_key");--> statement-breakpoint
CREATE INDEX "kinship_version_id_index" ON "kinship_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "kinship_version_subject_person_key_index" ON "kinship_version" USING btree ("subject_person_key");--> statement-breakpoint
CREATE INDEX "kinship_version_relative_person_key_index" ON "kinship_version" USING btree ("relative_person_key");--> statement-breakpoint
CREATE UNIQUE INDEX "marriage_record_cert_no_index" ON "marriage_record" USING btree ("cert_no");--> statement-breakpoint
CREATE INDEX "marriage_record_party_person_keys_index" ON "marriage_record" USING gin ("party_person_keys");--> statement-breakpoint
CREATE INDEX "marriage_record_version_id_index" ON "marriage_record_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "marriage_record_version_cert_no_index" ON "marriage_record_version" USING btree ("cert_no");--> statement-breakpoint
CREATE INDEX "marriage_record_version_party_person_keys_index" ON "marriage_record_version" USING gin ("party_person_keys");--> statement-breakpoint
CREATE INDEX "medical_insurance_person_key_index" ON "medical_insurance" USING btree ("person_key");--> statement-breakpoint
CREATE INDEX "medical_insurance_version_id_index" ON "medical_insurance_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "medical_insurance_version_person_key_index" ON "medical_insurance_version" USING btree ("person_key");--> statement-breakpoint
CREATE UNIQUE INDEX "person_id_number_index" ON "person" USING btree ("id_number");--> statement-breakpoint
CREATE UNIQUE INDEX "person_person_key_index" ON "person" USING btree ("person_key");--> statement-breakpoint
CREATE INDEX "person_household_no_index" ON "person" USING btree ("household_no");--> statement-breakpoint
CREATE INDEX "person_standard_address_code_index" ON "person" USING btree ("standard_address_code");--> statement-breakpoint
CREATE INDEX "person_name_birth_date_index" ON "person" USING btree ("name","birth_date");--> statement-breakpoint
CREATE INDEX "person_name_registered_division_code_index" ON "person" USING btree ("name","registered_division_code");--> statement-breakpoint
CREATE INDEX "person_name_residence_division_code_index" ON "person" USING btree ("name","residence_division_code");--> statement-breakpoint
CREATE INDEX "person_version_id_index" ON "person_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "person_version_id_number_index" ON "person_version" USING btree ("id_number");--> statement-breakpoint
CREATE INDEX "person_version_person_key_index" ON "person_version" USING btree ("person_key");--> statement-breakpoint
CREATE INDEX "person_version_household_no_index" ON "person_version" USING btree ("household_no");--> statement-breakpoint
CREATE INDEX "person_version_standard_address_code_index" ON "person_version" USING btree ("standard_address_code");--> statement-breakpoint
CREATE INDEX "person_version_name_birth_date_index" ON "person_version" USING btree ("name","birth_date");--> statement-breakpoint
CREATE INDEX "person_version_name_registered_division_code_index" ON "person_version" USING btree ("name","registered_division_code");--> statement-breakpoint
CREATE INDEX "person_version_name_residence_division_code_index" ON "person_version" USING btree ("name","residence_division_code");--> statement-breakpoint
CREATE UNIQUE INDEX "residence_residence_permit_no_index" ON "residence" USING btree ("residence_permit_no");--> statement-breakpoint
CREATE INDEX "residence_person_key_index" ON "residence" USING btree ("person_key");--> statement-breakpoint
CREATE INDEX "residence_standard_address_code_index" ON "residence" USING btree ("standard_address_code");--> statement-breakpoint
CREATE INDEX "residence_version_id_index" ON "residence_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "residence_version_residence_permit_no_index" ON "residence_version" USING btree ("residence_permit_no");--> statement-breakpoint
CREATE INDEX "residence_version_person_key_index" ON "residence_version" USING btree ("person_key");--> statement-breakpoint
CREATE INDEX "residence_version_standard_address_code_index" ON "residence_version" USING btree ("standard_address_code");--> statement-breakpoint
CREATE INDEX "social_insurance_person_key_index" ON "social_insurance" USING btree ("person_key");--> statement-breakpoint
CREATE INDEX "social_insurance_version_id_index" ON "social_insurance_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "social_insurance_version_person_key_index" ON "social_insurance_version" USING btree ("person_key");--> statement-breakpoint
CREATE UNIQUE INDEX "welfare_record_record_no_index" ON "welfare_record" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "welfare_record_person_key_index" ON "welfare_record" USING btree ("person_key");--> statement-breakpoint
CREATE INDEX "welfare_record_household_no_index" ON "welfare_record" USING btree ("household_no");--> statement-breakpoint
CREATE INDEX "welfare_record_version_id_index" ON "welfare_record_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "welfare_record_version_record_no_index" ON "welfare_record_version" USING btree ("record_no");--> statement-breakpoint
CREATE INDEX "welfare_record_version_person_key_index" ON "welfare_record_version" USING btree ("person_key");--> statement-breakpoint
CREATE INDEX "welfare_record_version_household_no_index" ON "welfare_record_version" USING btree ("household_no");--> statement-breakpoint
CREATE UNIQUE INDEX "administrative_division_division_code_index" ON "administrative_division" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "administrative_division_name_index" ON "administrative_division" USING btree ("name");--> statement-breakpoint
CREATE INDEX "administrative_division_level_index" ON "administrative_division" USING btree ("level");--> statement-breakpoint
CREATE INDEX "administrative_division_division_type_index" ON "administrative_division" USING btree ("division_type");--> statement-breakpoint
CREATE INDEX "administrative_division_parent_code_index" ON "administrative_division" USING btree ("parent_code");--> statement-breakpoint
CREATE INDEX "administrative_division_geometry_index" ON "administrative_division" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "administrative_division_centroid_index" ON "administrative_division" USING gist ("centroid");--> statement-breakpoint
CREATE INDEX "administrative_division_valid_from_index" ON "administrative_division" USING btree ("valid_from");--> statement-breakpoint
CREATE INDEX "administrative_division_valid_to_index" ON "administrative_division" USING btree ("valid_to");--> statement-breakpoint
CREATE INDEX "administrative_division_level_division_code_index" ON "administrative_division" USING btree ("level","division_code");--> statement-breakpoint
CREATE INDEX "administrative_division_version_id_index" ON "administrative_division_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "administrative_division_version_division_code_index" ON "administrative_division_version" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "administrative_division_version_name_index" ON "administrative_division_version" USING btree ("name");--> statement-breakpoint
CREATE INDEX "administrative_division_version_level_index" ON "administrative_division_version" USING btree ("level");--> statement-breakpoint
CREATE INDEX "administrative_division_version_division_type_index" ON "administrative_division_version" USING btree ("division_type");--> statement-breakpoint
CREATE INDEX "administrative_division_version_parent_code_index" ON "administrative_division_version" USING btree ("parent_code");--> statement-breakpoint
CREATE INDEX "administrative_division_version_geometry_index" ON "administrative_division_version" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "administrative_division_version_centroid_index" ON "administrative_division_version" USING gist ("centroid");--> statement-breakpoint
CREATE INDEX "administrative_division_version_valid_from_index" ON "administrative_division_version" USING btree ("valid_from");--> statement-breakpoint
CREATE INDEX "administrative_division_version_valid_to_index" ON "administrative_division_version" USING btree ("valid_to");--> statement-breakpoint
CREATE INDEX "administrative_division_version_level_division_code_index" ON "administrative_division_version" USING btree ("level","division_code");--> statement-breakpoint
CREATE UNIQUE INDEX "building_building_code_index" ON "building" USING btree ("building_code");--> statement-breakpoint
CREATE INDEX "building_name_index" ON "building" USING btree ("name");--> statement-breakpoint
CREATE INDEX "building_division_code_index" ON "building" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "building_use_code_index" ON "building" USING btree ("use_code");--> statement-breakpoint
CREATE INDEX "building_structure_code_index" ON "building" USING btree ("structure_code");--> statement-breakpoint
CREATE INDEX "building_floors_above_index" ON "building" USING btree ("floors_above");--> statement-breakpoint
CREATE INDEX "building_floors_below_index" ON "building" USING btree ("floors_below");--> statement-breakpoint
CREATE INDEX "building_height_index" ON "building" USING btree ("height");--> statement-breakpoint
CREATE INDEX "building_gross_area_index" ON "building" USING btree ("gross_area");--> statement-breakpoint
CREATE INDEX "building_completed_on_index" ON "building" USING btree ("completed_on");--> statement-breakpoint
CREATE INDEX "building_geometry_index" ON "building" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "building_status_index" ON "building" USING btree ("status");--> statement-breakpoint
CREATE INDEX "building_version_id_index" ON "building_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "building_version_building_code_index" ON "building_version" USING btree ("building_code");--> statement-breakpoint
CREATE INDEX "building_version_name_index" ON "building_version" USING btree ("name");--> statement-breakpoint
CREATE INDEX "building_version_division_code_index" ON "building_version" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "building_version_use_code_index" ON "building_version" USING btree ("use_code");--> statement-breakpoint
CREATE INDEX "building_version_structure_code_index" ON "building_version" USING btree ("structure_code");--> statement-breakpoint
CREATE INDEX "building_version_floors_above_index" ON "building_version" USING btree ("floors_above");--> statement-breakpoint
CREATE INDEX "building_version_floors_below_index" ON "building_version" USING btree ("floors_below");--> statement-breakpoint
CREATE INDEX "building_version_height_index" ON "building_version" USING btree ("height");--> statement-breakpoint
CREATE INDEX "building_version_gross_area_index" ON "building_version" USING btree ("gross_area");--> statement-breakpoint
CREATE INDEX "building_version_completed_on_index" ON "building_version" USING btree ("completed_on");--> statement-breakpoint
CREATE INDEX "building_version_geometry_index" ON "building_version" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "building_version_status_index" ON "building_version" USING btree ("status");--> statement-breakpoint
CREATE UNIQUE INDEX "place_name_place_code_index" ON "place_name" USING btree ("place_code");--> statement-breakpoint
CREATE INDEX "place_name_standard_name_index" ON "place_name" USING btree ("standard_name");--> statement-breakpoint
CREATE INDEX "place_name_roman_name_index" ON "place_name" USING btree ("roman_name");--> statement-breakpoint
CREATE INDEX "place_name_name_tibetan_index" ON "place_name" USING btree ("name_tibetan");--> statement-breakpoint
CREATE INDEX "place_name_category_code_index" ON "place_name" USING btree ("category_code");--> statement-breakpoint
CREATE INDEX "place_name_established_on_index" ON "place_name" USING btree ("established_on");--> statement-breakpoint
CREATE INDEX "place_name_division_code_index" ON "place_name" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "place_name_geometry_index" ON "place_name" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "place_name_status_index" ON "place_name" USING btree ("status");--> statement-breakpoint
CREATE INDEX "place_name_version_id_index" ON "place_name_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "place_name_version_place_code_index" ON "place_name_version" USING btree ("place_code");--> statement-breakpoint
CREATE INDEX "place_name_version_standard_name_index" ON "place_name_version" USING btree ("standard_name");--> statement-breakpoint
CREATE INDEX "place_name_version_roman_name_index" ON "place_name_version" USING btree ("roman_name");--> statement-breakpoint
CREATE INDEX "place_name_version_name_tibetan_index" ON "place_name_version" USING btree ("name_tibetan");--> statement-breakpoint
CREATE INDEX "place_name_version_category_code_index" ON "place_name_version" USING btree ("category_code");--> statement-breakpoint
CREATE INDEX "place_name_version_established_on_index" ON "place_name_version" USING btree ("established_on");--> statement-breakpoint
CREATE INDEX "place_name_version_division_code_index" ON "place_name_version" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "place_name_version_geometry_index" ON "place_name_version" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "place_name_version_status_index" ON "place_name_version" USING btree ("status");--> statement-breakpoint
CREATE UNIQUE INDEX "point_of_interest_poi_code_index" ON "point_of_interest" USING btree ("poi_code");--> statement-breakpoint
CREATE INDEX "point_of_interest_name_index" ON "point_of_interest" USING btree ("name");--> statement-breakpoint
CREATE INDEX "point_of_interest_class_code_index" ON "point_of_interest" USING btree ("class_code");--> statement-breakpoint
CREATE INDEX "point_of_interest_class_name_index" ON "point_of_interest" USING btree ("class_name");--> statement-breakpoint
CREATE INDEX "point_of_interest_address_code_index" ON "point_of_interest" USING btree ("address_code");--> statement-breakpoint
CREATE INDEX "point_of_interest_division_code_index" ON "point_of_interest" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "point_of_interest_geometry_index" ON "point_of_interest" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "point_of_interest_status_index" ON "point_of_interest" USING btree ("status");--> statement-breakpoint
CREATE INDEX "point_of_interest_version_id_index" ON "point_of_interest_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "point_of_interest_version_poi_code_index" ON "point_of_interest_version" USING btree ("poi_code");--> statement-breakpoint
CREATE INDEX "point_of_interest_version_name_index" ON "point_of_interest_version" USING btree ("name");--> statement-breakpoint
CREATE INDEX "point_of_interest_version_class_code_index" ON "point_of_interest_version" USING btree ("class_code");--> statement-breakpoint
CREATE INDEX "point_of_interest_version_class_name_index" ON "point_of_interest_version" USING btree ("class_name");--> statement-breakpoint
CREATE INDEX "point_of_interest_version_address_code_index" ON "point_of_interest_version" USING btree ("address_code");--> statement-breakpoint
CREATE INDEX "point_of_interest_version_division_code_index" ON "point_of_interest_version" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "point_of_interest_version_geometry_index" ON "point_of_interest_version" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "point_of_interest_version_status_index" ON "point_of_interest_version" USING btree ("status");--> statement-breakpoint
CREATE UNIQUE INDEX "real_estate_unit_unit_no_index" ON "real_estate_unit" USING btree ("unit_no");--> statement-breakpoint
CREATE INDEX "real_estate_unit_holder_usccs_index" ON "real_estate_unit" USING gin ("holder_usccs");--> statement-breakpoint
CREATE INDEX "real_estate_unit_division_code_index" ON "real_estate_unit" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "real_estate_unit_address_code_index" ON "real_estate_unit" USING btree ("address_code");--> statement-breakpoint
CREATE INDEX "real_estate_unit_building_code_index" ON "real_estate_unit" USING btree ("building_code");--> statement-breakpoint
CREATE INDEX "real_estate_unit_area_index" ON "real_estate_unit" USING btree ("area");--> statement-breakpoint
CREATE INDEX "real_estate_unit_use_code_index" ON "real_estate_unit" USING btree ("use_code");--> statement-breakpoint
CREATE INDEX "real_estate_unit_geometry_index" ON "real_estate_unit" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "real_estate_unit_holder_person_keys_index" ON "real_estate_unit" USING gin ("holder_person_keys");--> statement-breakpoint
CREATE INDEX "real_estate_unit_version_id_index" ON "real_estate_unit_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "real_estate_unit_version_unit_no_index" ON "real_estate_unit_version" USING btree ("unit_no");--> statement-breakpoint
CREATE INDEX "real_estate_unit_version_holder_usccs_index" ON "real_estate_unit_version" USING gin ("holder_usccs");--> statement-breakpoint
CREATE INDEX "real_estate_unit_version_division_code_index" ON "real_estate_unit_version" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "real_estate_unit_version_address_code_index" ON "real_estate_unit_version" USING btree ("address_code");--> statement-breakpoint
CREATE INDEX "real_estate_unit_version_building_code_index" ON "real_estate_unit_version" USING btree ("building_code");--> statement-breakpoint
CREATE INDEX "real_estate_unit_version_area_index" ON "real_estate_unit_version" USING btree ("area");--> statement-breakpoint
CREATE INDEX "real_estate_unit_version_use_code_index" ON "real_estate_unit_version" USING btree ("use_code");--> statement-breakpoint
CREATE INDEX "real_estate_unit_version_geometry_index" ON "real_estate_unit_version" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "real_estate_unit_version_holder_person_keys_index" ON "real_estate_unit_version" USING gin ("holder_person_keys");--> statement-breakpoint
CREATE UNIQUE INDEX "road_segment_segment_code_index" ON "road_segment" USING btree ("segment_code");--> statement-breakpoint
CREATE INDEX "road_segment_name_index" ON "road_segment" USING btree ("name");--> statement-breakpoint
CREATE INDEX "road_segment_road_code_index" ON "road_segment" USING btree ("road_code");--> statement-breakpoint
CREATE INDEX "road_segment_road_class_index" ON "road_segment" USING btree ("road_class");--> statement-breakpoint
CREATE INDEX "road_segment_surface_index" ON "road_segment" USING btree ("surface");--> statement-breakpoint
CREATE INDEX "road_segment_length_index" ON "road_segment" USING btree ("length");--> statement-breakpoint
CREATE INDEX "road_segment_width_index" ON "road_segment" USING btree ("width");--> statement-breakpoint
CREATE INDEX "road_segment_division_code_index" ON "road_segment" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "road_segment_geometry_index" ON "road_segment" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "road_segment_status_index" ON "road_segment" USING btree ("status");--> statement-breakpoint
CREATE INDEX "road_segment_version_id_index" ON "road_segment_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "road_segment_version_segment_code_index" ON "road_segment_version" USING btree ("segment_code");--> statement-breakpoint
CREATE INDEX "road_segment_version_name_index" ON "road_segment_version" USING btree ("name");--> statement-breakpoint
CREATE INDEX "road_segment_version_road_code_index" ON "road_segment_version" USING btree ("road_code");--> statement-breakpoint
CREATE INDEX "road_segment_version_road_class_index" ON "road_segment_version" USING btree ("road_class");--> statement-breakpoint
CREATE INDEX "road_segment_version_surface_index" ON "road_segment_version" USING btree ("surface");--> statement-breakpoint
CREATE INDEX "road_segment_version_length_index" ON "road_segment_version" USING btree ("length");--> statement-breakpoint
CREATE INDEX "road_segment_version_width_index" ON "road_segment_version" USING btree ("width");--> statement-breakpoint
CREATE INDEX "road_segment_version_division_code_index" ON "road_segment_version" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "road_segment_version_geometry_index" ON "road_segment_version" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "road_segment_version_status_index" ON "road_segment_version" USING btree ("status");--> statement-breakpoint
CREATE UNIQUE INDEX "standard_address_address_code_index" ON "standard_address" USING btree ("address_code");--> statement-breakpoint
CREATE INDEX "standard_address_township_index" ON "standard_address" USING btree ("township");--> statement-breakpoint
CREATE INDEX "standard_address_village_index" ON "standard_address" USING btree ("village");--> statement-breakpoint
CREATE INDEX "standard_address_group_no_index" ON "standard_address" USING btree ("group_no");--> statement-breakpoint
CREATE INDEX "standard_address_street_index" ON "standard_address" USING btree ("street");--> statement-breakpoint
CREATE INDEX "standard_address_door_plate_index" ON "standard_address" USING btree ("door_plate");--> statement-breakpoint
CREATE INDEX "standard_address_compound_index" ON "standard_address" USING btree ("compound");--> statement-breakpoint
CREATE INDEX "standard_address_full_text_index" ON "standard_address" USING btree ("full_text");--> statement-breakpoint
CREATE INDEX "standard_address_division_code_index" ON "standard_address" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "standard_address_building_code_index" ON "standard_address" USING btree ("building_code");--> statement-breakpoint
CREATE INDEX "standard_address_geometry_index" ON "standard_address" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "standard_address_accuracy_index" ON "standard_address" USING btree ("accuracy");--> statement-breakpoint
CREATE INDEX "standard_address_status_index" ON "standard_address" USING btree ("status");--> statement-breakpoint
CREATE INDEX "standard_address_alias_of_index" ON "standard_address" USING btree ("alias_of");--> statement-breakpoint
CREATE INDEX "standard_address_version_id_index" ON "standard_address_version" USING btree ("id");--> statement-breakpoint
CREATE INDEX "standard_address_version_address_code_index" ON "standard_address_version" USING btree ("address_code");--> statement-breakpoint
CREATE INDEX "standard_address_version_township_index" ON "standard_address_version" USING btree ("township");--> statement-breakpoint
CREATE INDEX "standard_address_version_village_index" ON "standard_address_version" USING btree ("village");--> statement-breakpoint
CREATE INDEX "standard_address_version_group_no_index" ON "standard_address_version" USING btree ("group_no");--> statement-breakpoint
CREATE INDEX "standard_address_version_street_index" ON "standard_address_version" USING btree ("street");--> statement-breakpoint
CREATE INDEX "standard_address_version_door_plate_index" ON "standard_address_version" USING btree ("door_plate");--> statement-breakpoint
CREATE INDEX "standard_address_version_compound_index" ON "standard_address_version" USING btree ("compound");--> statement-breakpoint
CREATE INDEX "standard_address_version_full_text_index" ON "standard_address_version" USING btree ("full_text");--> statement-breakpoint
CREATE INDEX "standard_address_version_division_code_index" ON "standard_address_version" USING btree ("division_code");--> statement-breakpoint
CREATE INDEX "standard_address_version_building_code_index" ON "standard_address_version" USING btree ("building_code");--> statement-breakpoint
CREATE INDEX "standard_address_version_geometry_index" ON "standard_address_version" USING gist ("geometry");--> statement-breakpoint
CREATE INDEX "standard_address_version_accuracy_index" ON "standard_address_version" USING btree ("accuracy");--> statement-breakpoint
CREATE INDEX "standard_address_version_status_index" ON "standard_address_version" USING btree ("status");--> statement-breakpoint
CREATE INDEX "standard_address_version_alias_of_index" ON "standard_address_version" USING btree ("alias_of");