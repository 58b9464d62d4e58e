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
