ALTER TABLE "record_change" ADD COLUMN "bound" text;--> statement-breakpoint
ALTER TABLE "holder_authorization" ADD COLUMN "told_in_force" boolean DEFAULT false NOT NULL;