DROP INDEX `jobs_by_dream`;--> statement-breakpoint
CREATE INDEX `jobs_by_dream` ON `jobs` (`dream_id`,`created_at`);