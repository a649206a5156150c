ALTER TABLE "dataset_versions" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "searches" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "trials_reuse" ON "trials" USING btree ("key") WHERE "trials"."state" = 'done';--> statement-breakpoint
CREATE INDEX "trials_open" ON "trials" USING btree ("state") WHERE "trials"."state" in ('queued', 'running');