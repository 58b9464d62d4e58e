CREATE UNIQUE INDEX `jobs_one_active_takes` ON `jobs` (`owner_id`,`dream_id`) WHERE status IN ('queued', 'processing') AND kind = 'takes';--> statement-breakpoint
-- Takes are counted apart from films and transcriptions.
DROP TRIGGER count_end;
--> statement-breakpoint
CREATE TRIGGER count_end AFTER UPDATE OF status ON jobs
WHEN OLD.status IN ('queued', 'processing') AND NEW.status IN ('completed', 'failed', 'cancelled')
BEGIN
  INSERT INTO counters (name, label, value) VALUES
    (CASE NEW.kind WHEN 'film' THEN 'jobs_ended' WHEN 'takes' THEN 'takes_ended' ELSE 'transcriptions_ended' END,
      NEW.status || ' ' || COALESCE(NEW.error_code, 'none'), 1),
    ('spent_usd', '', NEW.cost_micro_usd / 1000000.0)
  ON CONFLICT (name, label) DO UPDATE SET value = value + excluded.value;
END;
