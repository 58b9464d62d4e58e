CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`job_id` text,
	`outcome` text NOT NULL,
	`excerpt` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `dead_letters_by_time` ON `dead_letters` (`at`);--> statement-breakpoint
ALTER TABLE `outbox` ADD `redrives` integer DEFAULT 0 NOT NULL;