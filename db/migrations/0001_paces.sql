CREATE TABLE `paces` (
	`job_id` text PRIMARY KEY NOT NULL,
	`is_redo` integer NOT NULL,
	`scenes` integer NOT NULL,
	`scenes_seconds` real NOT NULL,
	`other_seconds` real NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `paces_by_kind` ON `paces` (`is_redo`,`at`);--> statement-breakpoint
CREATE INDEX `paces_by_time` ON `paces` (`at`);