DROP INDEX `jobs_by_owners_turn`;--> statement-breakpoint
CREATE INDEX `jobs_by_owners_turn` ON `jobs` (`owner_id`,`priority`,`kind`,`turn`) WHERE status <> 'cancelled';--> statement-breakpoint
-- A film that waited for its segments gets its text later than its row.
CREATE TRIGGER storage_job_changed AFTER UPDATE OF input ON jobs WHEN NEW.input <> OLD.input
BEGIN
  UPDATE owner_storage
  SET bytes = bytes + length(CAST(NEW.input AS BLOB)) - length(CAST(OLD.input AS BLOB))
  WHERE owner_id = NEW.owner_id;
END;
--> statement-breakpoint
-- Films and transcriptions are counted apart: an earlier edge, which knows one kind, reads the films only.
DROP TRIGGER count_end;
--> statement-breakpoint
CREATE TRIGGER count_end AFTER UPDATE OF status ON jobs
WHEN OLD.status IN ('queued', 'processing') AND NEW.status IN ('completed', 'failed', 'cancelled')
BEGIN
  INSERT INTO counters (name, label, value) VALUES
    (IIF(NEW.kind = 'film', 'jobs_ended', 'transcriptions_ended'),
      NEW.status || ' ' || COALESCE(NEW.error_code, 'none'), 1),
    ('spent_usd', '', NEW.cost_micro_usd / 1000000.0)
  ON CONFLICT (name, label) DO UPDATE SET value = value + excluded.value;
END;
