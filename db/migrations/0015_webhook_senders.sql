DROP INDEX `deliveries_by_due`;--> statement-breakpoint
CREATE INDEX `deliveries_due_by_webhook` ON `deliveries` (`webhook_id`,`due_at`) WHERE status = 'pending';--> statement-breakpoint
ALTER TABLE `purges` ADD `tries` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `webhooks` ADD `resumes_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `webhooks` ADD `timeouts` integer DEFAULT 0 NOT NULL;