CREATE TABLE `owner_settings` (
	`owner_id` text PRIMARY KEY NOT NULL,
	`pronunciations` text NOT NULL,
	`updated_at` integer NOT NULL
);
