DROP INDEX `jobs_one_active_film`;--> statement-breakpoint
ALTER TABLE `jobs` ADD `pause_point` text;--> statement-breakpoint
ALTER TABLE `jobs` ADD `revision` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `jobs` ADD `expires_at` integer;--> statement-breakpoint
ALTER TABLE `jobs` ADD `is_expiry_told` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `jobs` ADD `approved_at` integer;--> statement-breakpoint
CREATE INDEX `jobs_by_expiry` ON `jobs` (`is_expiry_told`,`expires_at`) WHERE status = 'waiting';--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_one_active_film` ON `jobs` (`owner_id`,`dream_id`) WHERE status IN ('queued', 'processing', 'waiting') AND kind = 'film';--> statement-breakpoint
-- A waiting job can be cancelled, and ends as expired if its owner does not approve it.
DROP TRIGGER count_end;
--> statement-breakpoint
CREATE TRIGGER count_end AFTER UPDATE OF status ON jobs
WHEN OLD.status IN ('queued', 'processing', 'waiting')
  AND NEW.status IN ('completed', 'failed', 'cancelled', 'expired')
BEGIN
  INSERT INTO counters (name, label, value) VALUES
    (CASE NEW.kind WHEN 'film' THEN 'jobs_ended' WHEN 'takes' THEN 'takes_ended' ELSE 'transcriptions_ended' END,
      NEW.status || ' ' || COALESCE(NEW.error_code, 'none'), 1),
    ('spent_usd', '', NEW.cost_micro_usd / 1000000.0)
  ON CONFLICT (name, label) DO UPDATE SET value = value + excluded.value;
END;
