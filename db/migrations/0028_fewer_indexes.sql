DROP INDEX `events_once_per_attempt`;--> statement-breakpoint
DROP INDEX `jobs_one_active_film_per_dream`;--> statement-breakpoint
DROP INDEX `jobs_active_by_owner`;--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_one_active_film` ON `jobs` (`owner_id`,`dream_id`) WHERE status IN ('queued', 'processing') AND kind = 'film';--> statement-breakpoint
CREATE INDEX `jobs_active_transcriptions` ON `jobs` (`owner_id`) WHERE status IN ('queued', 'processing') AND kind = 'transcription';