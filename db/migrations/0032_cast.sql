CREATE TABLE `cast_members` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`description` text NOT NULL,
	`sheets` text NOT NULL,
	`first_dream_id` text NOT NULL,
	`last_dream_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`used_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cast_members_by_name` ON `cast_members` (`owner_id`,`kind`,`name_key`);--> statement-breakpoint
CREATE INDEX `cast_members_by_use` ON `cast_members` (`owner_id`,`used_at`);