CREATE TABLE `owner_storage` (
	`owner_id` text PRIMARY KEY NOT NULL,
	`dreams` integer NOT NULL,
	`bytes` integer NOT NULL
);
--> statement-breakpoint
INSERT INTO owner_storage (owner_id, dreams, bytes)
SELECT owner_id, SUM(dreams), SUM(bytes) FROM (
  SELECT owner_id, 1 AS dreams, length(CAST(transcript AS BLOB)) + 1000 AS bytes FROM dreams
  UNION ALL SELECT owner_id, 0, length(CAST(input AS BLOB)) + 16000 FROM jobs
) GROUP BY owner_id;
--> statement-breakpoint
-- What a dream counts: its text, and 1,000 bytes for its row. Titles are short: they are part of that.
CREATE TRIGGER storage_dream_added AFTER INSERT ON dreams
BEGIN
  INSERT INTO owner_storage (owner_id, dreams, bytes)
    VALUES (NEW.owner_id, 1, length(CAST(NEW.transcript AS BLOB)) + 1000)
  ON CONFLICT (owner_id) DO UPDATE SET dreams = dreams + 1, bytes = bytes + excluded.bytes;
END;
--> statement-breakpoint
CREATE TRIGGER storage_dream_changed AFTER UPDATE OF transcript ON dreams
BEGIN
  UPDATE owner_storage
  SET bytes = bytes + length(CAST(NEW.transcript AS BLOB)) - length(CAST(OLD.transcript AS BLOB))
  WHERE owner_id = NEW.owner_id;
END;
--> statement-breakpoint
CREATE TRIGGER storage_dream_removed AFTER DELETE ON dreams
BEGIN
  UPDATE owner_storage SET dreams = dreams - 1, bytes = bytes - length(CAST(OLD.transcript AS BLOB)) - 1000
  WHERE owner_id = OLD.owner_id;
END;
--> statement-breakpoint
-- What a job counts: its input, and 16,000 bytes for its row, log, charges and messages.
CREATE TRIGGER storage_job_added AFTER INSERT ON jobs
BEGIN
  INSERT INTO owner_storage (owner_id, dreams, bytes)
    VALUES (NEW.owner_id, 0, length(CAST(NEW.input AS BLOB)) + 16000)
  ON CONFLICT (owner_id) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
--> statement-breakpoint
CREATE TRIGGER storage_job_removed AFTER DELETE ON jobs
BEGIN
  UPDATE owner_storage SET bytes = bytes - length(CAST(OLD.input AS BLOB)) - 16000 WHERE owner_id = OLD.owner_id;
END;
