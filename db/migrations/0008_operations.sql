CREATE TABLE `counters` (
	`name` text NOT NULL,
	`label` text NOT NULL,
	`value` real NOT NULL,
	PRIMARY KEY(`name`, `label`)
);
--> statement-breakpoint
CREATE TABLE `marks` (
	`name` text PRIMARY KEY NOT NULL,
	`place` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `samples` (
	`at` integer PRIMARY KEY NOT NULL,
	`figures` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `jobs` ADD `traceparent` text;--> statement-breakpoint
ALTER TABLE `jobs` ADD `playable_at` integer;--> statement-breakpoint
CREATE INDEX `jobs_by_owner` ON `jobs` (`owner_id`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_by_end` ON `jobs` (`ended_at`,`id`) WHERE ended_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `jobs_without_film` ON `jobs` (`status`,`id`) WHERE status IN ('failed', 'cancelled');--> statement-breakpoint
CREATE INDEX `jobs_by_film_age` ON `jobs` (`ended_at`,`id`) WHERE status = 'completed' AND files IS NOT NULL;--> statement-breakpoint
ALTER TABLE `purges` ADD `keep_attempt` integer;