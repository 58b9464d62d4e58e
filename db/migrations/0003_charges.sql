CREATE TABLE `budgets` (
	`owner_id` text PRIMARY KEY NOT NULL,
	`daily_micro_usd` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `charges` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`owner_id` text NOT NULL,
	`fingerprint` text NOT NULL,
	`job_id` text NOT NULL,
	`attempt` integer NOT NULL,
	`capability` text NOT NULL,
	`scene` integer,
	`model` text NOT NULL,
	`state` text NOT NULL,
	`request_id` text,
	`ceiling_micro_usd` integer NOT NULL,
	`cost_micro_usd` integer,
	`counted_micro_usd` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`day` integer NOT NULL,
	`superseded_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`expires_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `charges_one_current` ON `charges` (`owner_id`,`fingerprint`) WHERE superseded_at IS NULL;--> statement-breakpoint
CREATE INDEX `charges_by_job` ON `charges` (`job_id`,`fingerprint`);--> statement-breakpoint
CREATE INDEX `charges_by_day` ON `charges` (`owner_id`,`day`,`counted_micro_usd`);--> statement-breakpoint
CREATE INDEX `charges_by_expiry` ON `charges` (`expires_at`) WHERE expires_at IS NOT NULL;