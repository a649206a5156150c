ALTER TABLE "searches" ALTER COLUMN "strategy_state" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "trials" ADD COLUMN "rerun" jsonb;