import type { RetryPolicy } from "../retry.ts";

/** How patient one attempt is with an AI provider before it hands the job back: about a minute in all. */
export const aiPolicy: RetryPolicy = { tries: 5, baseDelayMs: 1_000, maxDelayMs: 20_000 };
