-- Counters only: what is purged after a job's end, and the bounds of histograms, are written by edge/store/transitions.

DROP TRIGGER count_claim;
--> statement-breakpoint
DROP TRIGGER count_first_frame;
--> statement-breakpoint
DROP TRIGGER count_end;
--> statement-breakpoint
CREATE TRIGGER count_end AFTER UPDATE OF status ON jobs
WHEN OLD.status IN ('queued', 'processing') AND NEW.status IN ('completed', 'failed', 'cancelled')
BEGIN
  INSERT INTO counters (name, label, value) VALUES
    ('jobs_ended', NEW.status || ' ' || COALESCE(NEW.error_code, 'none'), 1),
    ('spent_usd', '', NEW.cost_micro_usd / 1000000.0)
  ON CONFLICT (name, label) DO UPDATE SET value = value + excluded.value;
END;
--> statement-breakpoint
ALTER TABLE `paces` RENAME TO `stage_timings`;
--> statement-breakpoint
DROP INDEX `paces_by_kind`;
--> statement-breakpoint
DROP INDEX `paces_by_time`;
--> statement-breakpoint
CREATE INDEX `stage_timings_by_kind` ON `stage_timings` (`is_redo`,`at`);
--> statement-breakpoint
CREATE INDEX `stage_timings_by_time` ON `stage_timings` (`at`);
