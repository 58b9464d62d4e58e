-- What a segment counts: its transcript, what was heard, and 1,000 bytes for its row in D1, and its file in R2.
DROP TRIGGER storage_segment_added;
--> statement-breakpoint
DROP TRIGGER storage_segment_changed;
--> statement-breakpoint
DROP TRIGGER storage_segment_removed;
--> statement-breakpoint
UPDATE owner_storage SET bytes = bytes + COALESCE((
  SELECT SUM(length(CAST(heard AS BLOB))) FROM segments
  WHERE segments.owner_id = owner_storage.owner_id AND heard IS NOT NULL), 0);
--> statement-breakpoint
CREATE TRIGGER storage_segment_added AFTER INSERT ON segments
BEGIN
  INSERT INTO owner_storage (owner_id, dreams, bytes, recording_bytes)
    VALUES (NEW.owner_id, 0, length(CAST(COALESCE(NEW.transcript, '') || COALESCE(NEW.heard, '') AS BLOB)) + 1000,
      NEW.size_bytes)
  ON CONFLICT (owner_id) DO UPDATE SET bytes = bytes + excluded.bytes,
    recording_bytes = recording_bytes + excluded.recording_bytes;
END;
--> statement-breakpoint
CREATE TRIGGER storage_segment_changed AFTER UPDATE OF transcript, heard, size_bytes ON segments
BEGIN
  UPDATE owner_storage SET
    bytes = bytes + length(CAST(COALESCE(NEW.transcript, '') || COALESCE(NEW.heard, '') AS BLOB))
      - length(CAST(COALESCE(OLD.transcript, '') || COALESCE(OLD.heard, '') AS BLOB)),
    recording_bytes = recording_bytes + NEW.size_bytes - OLD.size_bytes
  WHERE owner_id = NEW.owner_id;
END;
--> statement-breakpoint
CREATE TRIGGER storage_segment_removed AFTER DELETE ON segments
BEGIN
  UPDATE owner_storage
  SET bytes = bytes - length(CAST(COALESCE(OLD.transcript, '') || COALESCE(OLD.heard, '') AS BLOB)) - 1000,
    recording_bytes = recording_bytes - OLD.size_bytes
  WHERE owner_id = OLD.owner_id;
END;
