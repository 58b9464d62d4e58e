-- What metrics count, counted where it happens. Labels of several parts are parted by a space.

CREATE TRIGGER count_claim AFTER UPDATE OF status ON jobs
WHEN OLD.status = 'queued' AND NEW.status = 'processing' AND OLD.attempt = 0
BEGIN
  INSERT INTO counters (name, label, value) VALUES
    ('queue_wait_bucket', NEW.priority || ' ' || CASE
      WHEN NEW.started_at - NEW.created_at <= 100 THEN '0.1'
      WHEN NEW.started_at - NEW.created_at <= 500 THEN '0.5'
      WHEN NEW.started_at - NEW.created_at <= 2000 THEN '2'
      WHEN NEW.started_at - NEW.created_at <= 10000 THEN '10'
      WHEN NEW.started_at - NEW.created_at <= 60000 THEN '60'
      WHEN NEW.started_at - NEW.created_at <= 300000 THEN '300'
      WHEN NEW.started_at - NEW.created_at <= 1200000 THEN '1200'
      WHEN NEW.started_at - NEW.created_at <= 3600000 THEN '3600'
      ELSE '+Inf' END, 1),
    ('queue_wait_sum', NEW.priority, (NEW.started_at - NEW.created_at) / 1000.0)
  ON CONFLICT (name, label) DO UPDATE SET value = value + excluded.value;
END;
--> statement-breakpoint
CREATE TRIGGER count_first_frame AFTER UPDATE OF playable_at ON jobs
WHEN OLD.playable_at IS NULL AND NEW.playable_at IS NOT NULL
BEGIN
  INSERT INTO counters (name, label, value) VALUES
    ('first_frame_bucket', CASE
      WHEN NEW.playable_at - NEW.created_at <= 5000 THEN '5'
      WHEN NEW.playable_at - NEW.created_at <= 10000 THEN '10'
      WHEN NEW.playable_at - NEW.created_at <= 20000 THEN '20'
      WHEN NEW.playable_at - NEW.created_at <= 40000 THEN '40'
      WHEN NEW.playable_at - NEW.created_at <= 80000 THEN '80'
      WHEN NEW.playable_at - NEW.created_at <= 160000 THEN '160'
      WHEN NEW.playable_at - NEW.created_at <= 640000 THEN '640'
      ELSE '+Inf' END, 1),
    ('first_frame_sum', '', (NEW.playable_at - NEW.created_at) / 1000.0)
  ON CONFLICT (name, label) DO UPDATE SET value = value + excluded.value;
END;
--> statement-breakpoint
CREATE TRIGGER count_end AFTER UPDATE OF status ON jobs
WHEN OLD.status IN ('queued', 'processing') AND NEW.status IN ('completed', 'failed', 'cancelled')
BEGIN
  INSERT INTO counters (name, label, value) VALUES
    ('jobs_ended', NEW.status || ' ' || COALESCE(NEW.error_code, 'none'), 1),
    ('spent_usd', '', NEW.cost_micro_usd / 1000000.0)
  ON CONFLICT (name, label) DO UPDATE SET value = value + excluded.value;
  INSERT INTO purges (job_id, dream_id, due_at, keep_attempt)
    SELECT NEW.id, NEW.dream_id, NEW.ended_at + 900000, IIF(NEW.status = 'completed', NEW.attempt, NULL)
    WHERE NEW.attempt > (NEW.status = 'completed')
    ON CONFLICT (job_id) DO NOTHING;
END;
--> statement-breakpoint
CREATE TRIGGER count_retry AFTER UPDATE OF status ON jobs
WHEN OLD.status = 'processing' AND NEW.status = 'queued'
BEGIN
  INSERT INTO counters (name, label, value) VALUES ('jobs_requeued', NEW.priority, 1)
  ON CONFLICT (name, label) DO UPDATE SET value = value + 1;
END;
--> statement-breakpoint
CREATE TRIGGER count_delivery AFTER UPDATE OF status ON deliveries
WHEN OLD.status = 'pending' AND NEW.status IN ('delivered', 'failed')
BEGIN
  INSERT INTO counters (name, label, value) VALUES ('webhook_deliveries', NEW.status, 1)
  ON CONFLICT (name, label) DO UPDATE SET value = value + 1;
END;
--> statement-breakpoint
CREATE TRIGGER count_dead_letter AFTER INSERT ON dead_letters
BEGIN
  INSERT INTO counters (name, label, value) VALUES ('dead_letters', NEW.outcome, 1)
  ON CONFLICT (name, label) DO UPDATE SET value = value + 1;
END;
