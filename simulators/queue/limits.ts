/**
 * Cloudflare's limits. A kilobyte is 1,000 bytes.
 * @source developers.cloudflare.com/queues/platform/limits, /queues/configuration/pull-consumers
 */
export const messageBytes = 128_000;
export const batchMessages = 100;
export const batchBytes = 256_000;
export const pullMessages = { default: 5, max: 100 };
export const visibilityTimeoutMs = { default: 30_000, max: 12 * 3600_000 };
/** The limits page says 12 hours and the error table 86,400 s. The smaller one is valid under both. */
export const delaySeconds = 12 * 3600;
export const retentionSeconds = 4 * 24 * 3600;
export const maxRetries = { default: 3, max: 100 };
