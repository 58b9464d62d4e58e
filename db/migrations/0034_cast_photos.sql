ALTER TABLE `cast_members` ADD `photo_id` text;--> statement-breakpoint
ALTER TABLE `cast_members` ADD `photo_hash` text;--> statement-breakpoint
ALTER TABLE `cast_members` ADD `photo_at` integer;