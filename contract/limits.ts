/**
 * The numbers both sides and the clients agree on. Documented in docs/configuration.md and in OpenAPI, enforced at the edge.
 */
export const limits = {
  /** Unicode code points of one dream's text. */
  transcriptChars: 20_000,
  titleChars: 200,
  /**
   * What one owner may keep, where the edge's OWNER_STORAGE says nothing else: dreams, and bytes of them and their jobs.
   *
   * @source https://developers.cloudflare.com/d1/platform/limits/: a database holds 10 GB (2026-11)
   */
  ownerDreams: 100_000,
  ownerBytes: 2 * 1024 ** 3,
  /** Of one scene's narration, or of what its picture shows. */
  sceneTextChars: 2_000,
  /** Bytes of any JSON request body: 20,000 code points escaped as \uXXXX pairs still fit. */
  bodyBytes: 256 * 1024,
  idempotencyKeyChars: 255,
  idempotencyKeepSeconds: 24 * 3600,
  pageSize: 100,
  /** Of a language's tag or name. */
  languageChars: 64,
  filmSeconds: { min: 10, max: 180 },
  /** Bytes of one signed callback or progress report. contract/limits.test.ts shows that the largest report fits. */
  internalBodyBytes: 128 * 1024,
  /** Bytes of one storyboard as JSON in UTF-8: 40 scenes of 1,600 bytes each. A worker reports it as one event. */
  storyboardBytes: 64 * 1024,
  /** Bytes that all events of one progress report have together, unless it carries a single one. */
  reportEventsBytes: 72 * 1024,
  scenes: { min: 1, max: 40 },
  /** US dollars: above any film of the longest length in the best quality. */
  maxCostUsd: 100,
  /** How long a signed film address stays valid. */
  playbackSeconds: 24 * 3600,
  /** Webhooks of one owner. */
  webhooks: 20,
  webhookUrlChars: 1_000,
  /** How long a line of a webhook's delivery log is kept. */
  deliveryKeepSeconds: 30 * 24 * 3600,
  /** How long, and how many, messages are kept that a queue gave up on. */
  deadLetterKeepSeconds: 30 * 24 * 3600,
  deadLetters: 1_000,
  /** How long an address of a live stream opens it. */
  eventsTokenSeconds: 3600,
  /** Listeners that one dream's live stream takes at once. */
  listeners: 5_000,
  /** Live streams of one owner, over all dreams, where the edge's OWNER_STREAMS says nothing else. */
  ownerStreams: 5_000,
  /** After so long a stream ends, and its listener comes back with the last id. */
  streamSeconds: 1_800,
} as const;

/**
 * How long an attempt may stay silent before another worker may take the job. Renewed by every progress report, up to
 * `progressTimeoutSeconds` after the attempt last got further.
 */
export const leaseSeconds = 30;
/** How often a worker reports, at the latest: how soon a cancelled job's ffmpeg is stopped. */
export const heartbeatSeconds = 4;
/**
 * How long an attempt may report without getting anywhere: no new stage, percent, scene, event or asset, and no purchase
 * begun or settled. Its lease is not renewed beyond that, so it ends like one that fell silent, with the reason
 * `stalled`. Longer than any single step of an attempt that works: a call of an AI provider takes 600 s at most
 * (render-worker/runtime/providers.ts) and a worker that waits for another service's outage hands the job back.
 */
export const progressTimeoutSeconds = 900;
/**
 * Attempts that ended in silence or an unexplained error before the job is failed. Hand-backs do not count, and an
 * attempt that gets further than any before it starts the count anew.
 */
export const maxFailedAttempts = 3;
/**
 * How often a job's message is sent anew because the queue gave up on it, until a worker has claimed the job. The next
 * time the job fails.
 */
export const maxRedrives = 3;
/**
 * How long a job is handed back for another service's outage, which costs it no attempt. One that is older fails with the
 * outage's own reason: the client has stopped waiting by then, and can ask again.
 */
export const outageRetryWindowSeconds = 6 * 3600;
/** Signatures older or younger than this are refused. @source Standard Webhooks, "Verifying webhooks". */
export const signatureToleranceSeconds = 300;
/** How often a worker says that it is there. @see workerGoneSeconds */
export const workerHeartbeatSeconds = 60;
/** A worker that was silent for longer is taken for gone. Its jobs have leases, which are shorter. */
export const workerGoneSeconds = 2.5 * workerHeartbeatSeconds;
