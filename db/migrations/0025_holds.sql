CREATE TABLE `holds` (
	`capability` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`code` text NOT NULL,
	`since` integer NOT NULL,
	`probes` integer DEFAULT 0 NOT NULL,
	`probe_at` integer NOT NULL,
	`probe_job_id` text,
	`probe_attempt` integer,
	`lifted_at` integer
);
