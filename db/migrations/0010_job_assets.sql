CREATE TABLE `job_assets` (
	`job_id` text NOT NULL,
	`fingerprint` text NOT NULL,
	PRIMARY KEY(`job_id`, `fingerprint`)
);
--> statement-breakpoint
CREATE INDEX `job_assets_by_fingerprint` ON `job_assets` (`fingerprint`,`job_id`);--> statement-breakpoint
CREATE INDEX `purges_by_dream` ON `purges` (`dream_id`);