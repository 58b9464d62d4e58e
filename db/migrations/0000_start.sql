CREATE TABLE `api_keys` (
	`hash` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`owner_id` text NOT NULL,
	`name` text,
	`tier` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_id_unique` ON `api_keys` (`id`);--> statement-breakpoint
CREATE TABLE `dreams` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`title` text,
	`transcript` text DEFAULT '' NOT NULL,
	`transcript_chars` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`video_job_id` text,
	`video_status` text,
	`video_url` text,
	`video_metadata` text,
	`video_started_at` integer,
	`video_completed_at` integer
);
--> statement-breakpoint
CREATE INDEX `dreams_by_owner` ON `dreams` (`owner_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `events` (
	`job_id` text NOT NULL,
	`seq` integer NOT NULL,
	`attempt` integer NOT NULL,
	`n` integer,
	`type` text NOT NULL,
	`data` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`job_id`, `seq`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_once_per_attempt` ON `events` (`job_id`,`attempt`,`n`);--> statement-breakpoint
CREATE INDEX `events_warnings` ON `events` (`job_id`,`seq`) WHERE type = 'job.warning';--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`owner_id` text NOT NULL,
	`endpoint` text NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`answer` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`owner_id`, `endpoint`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_by_expiry` ON `idempotency_keys` (`expires_at`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`dream_id` text NOT NULL,
	`owner_id` text NOT NULL,
	`status` text NOT NULL,
	`priority` text NOT NULL,
	`input` text NOT NULL,
	`attempt` integer DEFAULT 0 NOT NULL,
	`failed_attempts` integer DEFAULT 0 NOT NULL,
	`claim_id` text,
	`worker_id` text,
	`lease_expires_at` integer,
	`stage` text DEFAULT 'queued' NOT NULL,
	`progress` integer DEFAULT 0 NOT NULL,
	`scenes_total` integer,
	`scenes_ready` integer DEFAULT 0 NOT NULL,
	`cost_micro_usd` integer DEFAULT 0 NOT NULL,
	`duration_seconds` real,
	`error_code` text,
	`error_message` text,
	`error_retryable` integer,
	`files` text,
	`size_bytes` integer,
	`sha256` text,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_one_active_per_dream` ON `jobs` (`dream_id`) WHERE status IN ('queued', 'processing');--> statement-breakpoint
CREATE INDEX `jobs_by_dream` ON `jobs` (`dream_id`);--> statement-breakpoint
CREATE INDEX `jobs_by_lease` ON `jobs` (`lease_expires_at`,`id`) WHERE status = 'processing';--> statement-breakpoint
CREATE TABLE `nonces` (
	`id` text PRIMARY KEY NOT NULL,
	`taken_by` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `nonces_by_expiry` ON `nonces` (`expires_at`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`job_id` text PRIMARY KEY NOT NULL,
	`priority` text NOT NULL,
	`due_at` integer NOT NULL,
	`sends` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `outbox_by_due` ON `outbox` (`due_at`);--> statement-breakpoint
CREATE TABLE `purges` (
	`job_id` text PRIMARY KEY NOT NULL,
	`dream_id` text NOT NULL,
	`due_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `purges_by_due` ON `purges` (`due_at`);