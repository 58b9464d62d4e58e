ALTER TABLE `dreams` ADD `client_id` text DEFAULT '' NOT NULL;--> statement-breakpoint
UPDATE dreams SET client_id = id;--> statement-breakpoint
-- An edge of before that still runs while this is applied names none: its dreams keep one id for both.
CREATE TRIGGER dreams_without_client_id AFTER INSERT ON dreams WHEN NEW.client_id = ''
BEGIN
  UPDATE dreams SET client_id = NEW.id WHERE id = NEW.id;
END;--> statement-breakpoint
CREATE UNIQUE INDEX `dreams_by_client_id` ON `dreams` (`owner_id`,`client_id`);--> statement-breakpoint
ALTER TABLE `idempotency_keys` ADD `dream_id` text;--> statement-breakpoint
UPDATE idempotency_keys SET dream_id = COALESCE(answer ->> '$.dream_id', answer ->> '$.id');--> statement-breakpoint
CREATE INDEX `idempotency_keys_by_dream` ON `idempotency_keys` (`dream_id`) WHERE dream_id IS NOT NULL;