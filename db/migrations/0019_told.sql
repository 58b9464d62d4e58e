CREATE TABLE `segments` (
	`id` text PRIMARY KEY NOT NULL,
	`dream_id` text NOT NULL,
	`owner_id` text NOT NULL,
	`segment_id` text NOT NULL,
	`position` integer,
	`filename` text,
	`content_type` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`seconds` real,
	`job_id` text,
	`transcript` text,
	`chars` integer DEFAULT 0 NOT NULL,
	`language` text,
	`is_corrected` integer DEFAULT false NOT NULL,
	`is_included` integer DEFAULT false NOT NULL,
	`is_deleted` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`expires_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `segments_by_client_id` ON `segments` (`dream_id`,`segment_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `segments_by_position` ON `segments` (`dream_id`,`position`);--> statement-breakpoint
CREATE INDEX `segments_by_job` ON `segments` (`job_id`);--> statement-breakpoint
CREATE INDEX `segments_by_owner` ON `segments` (`owner_id`,`updated_at`);--> statement-breakpoint
CREATE INDEX `segments_by_expiry` ON `segments` (`expires_at`) WHERE expires_at IS NOT NULL;--> statement-breakpoint
DROP INDEX `jobs_one_active_per_dream`;--> statement-breakpoint
ALTER TABLE `jobs` ADD `kind` text DEFAULT 'film' NOT NULL;--> statement-breakpoint
ALTER TABLE `jobs` ADD `is_waiting` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_one_active_film_per_dream` ON `jobs` (`dream_id`) WHERE status IN ('queued', 'processing') AND kind = 'film';--> statement-breakpoint
CREATE INDEX `jobs_waiting` ON `jobs` (`dream_id`) WHERE is_waiting = 1;--> statement-breakpoint
ALTER TABLE `owner_storage` ADD `recording_bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- What a segment counts: its transcript and 1,000 bytes for its row in D1, and its file in R2.
CREATE TRIGGER storage_segment_added AFTER INSERT ON segments
BEGIN
  INSERT INTO owner_storage (owner_id, dreams, bytes, recording_bytes)
    VALUES (NEW.owner_id, 0, length(CAST(COALESCE(NEW.transcript, '') AS BLOB)) + 1000, NEW.size_bytes)
  ON CONFLICT (owner_id) DO UPDATE SET bytes = bytes + excluded.bytes,
    recording_bytes = recording_bytes + excluded.recording_bytes;
END;
--> statement-breakpoint
CREATE TRIGGER storage_segment_changed AFTER UPDATE OF transcript, size_bytes ON segments
BEGIN
  UPDATE owner_storage SET
    bytes = bytes + length(CAST(COALESCE(NEW.transcript, '') AS BLOB))
      - length(CAST(COALESCE(OLD.transcript, '') AS BLOB)),
    recording_bytes = recording_bytes + NEW.size_bytes - OLD.size_bytes
  WHERE owner_id = NEW.owner_id;
END;
--> statement-breakpoint
CREATE TRIGGER storage_segment_removed AFTER DELETE ON segments
BEGIN
  UPDATE owner_storage SET bytes = bytes - length(CAST(COALESCE(OLD.transcript, '') AS BLOB)) - 1000,
    recording_bytes = recording_bytes - OLD.size_bytes
  WHERE owner_id = OLD.owner_id;
END;
