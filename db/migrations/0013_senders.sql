CREATE TABLE `senders` (
	`id` text PRIMARY KEY NOT NULL,
	`highest` integer NOT NULL,
	`seen` integer NOT NULL,
	`taken_by` text NOT NULL,
	`job_id` text,
	`seen_at` integer NOT NULL
);
