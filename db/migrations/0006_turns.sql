CREATE TABLE `queues` (
	`priority` text PRIMARY KEY NOT NULL,
	`turn` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `workers` (
	`id` text PRIMARY KEY NOT NULL,
	`region` text NOT NULL,
	`version` text NOT NULL,
	`slots` integer NOT NULL,
	`started_at` integer NOT NULL,
	`seen_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `workers_by_last_sign` ON `workers` (`seen_at`);--> statement-breakpoint
ALTER TABLE `jobs` ADD `turn` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `jobs` ADD `ready_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `jobs_in_turn` ON `jobs` (`priority`,`turn`,`created_at`,`id`) WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX `jobs_by_owners_turn` ON `jobs` (`owner_id`,`priority`,`turn`) WHERE status <> 'cancelled';--> statement-breakpoint
CREATE INDEX `jobs_by_claim` ON `jobs` (`claim_id`) WHERE status = 'processing';--> statement-breakpoint
ALTER TABLE `nonces` ADD `job_id` text;