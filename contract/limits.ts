/**
 * The numbers that edge, workers and clients share. docs/configuration.md and OpenAPI document them; the edge
 * enforces them. What one owner may have is in edge/store/owner-limits.ts.
 */
export const limits = {
  /** Unicode code points of one dream's text. */
  transcriptChars: 20_000,
  titleChars: 200,
  /** Code points of one scene's narration, or of its picture's description. */
  sceneTextChars: 2_000,
  /** Bytes of any JSON request body: 20,000 code points escaped as \uXXXX pairs still fit. */
  bodyBytes: 256 * 1024,
  idempotencyKeyChars: 255,
  idempotencyKeepSeconds: 24 * 3600,
  pageSize: 100,
  /** Code points of a language's tag or name. */
  languageChars: 64,
  filmSeconds: { min: 10, max: 180 },
  /** Respelled words of one film, and of one owner; code units of a word and of its respelling. */
  pronunciations: 100,
  pronunciationChars: 40,
  /** A narrator's pace, as a factor. */
  speed: { min: 0.7, max: 1.3 },
  /** Seconds of all recordings that narrate a film, before long pauses are shortened. */
  narratingSeconds: 300,
  /** Segments of one dream that is told aloud. */
  segments: 100,
  /**
   * Bytes of one segment's file.
   *
   * @source platform.openai.com/docs/guides/speech-to-text: files of up to 25 MB (2026-11)
   */
  segmentBytes: 25 * 1024 * 1024,
  /** Seconds of one segment. */
  segmentSeconds: 30 * 60,
  /** Code points of one segment's transcript: 30 minutes of fast speech. */
  segmentChars: 40_000,
  /** How long an upload address is valid, and how long a segment without a file is kept. */
  uploadSeconds: 15 * 60,
  uploadKeepSeconds: 24 * 3600,
  filenameChars: 255,
  /** Hints to one transcription: languages, and names from the owner's dreams. */
  languageHints: 8,
  keywordHints: 40,
  /**
   * Bytes of one signed callback or progress report. contract/limits.test.ts shows that the largest report
   * fits.
   */
  internalBodyBytes: 128 * 1024,
  /**
   * Bytes of one storyboard as JSON in UTF-8: 40 scenes of 1,600 bytes each. A worker reports it as one
   * event.
   */
  storyboardBytes: 64 * 1024,
  /** Total bytes of the events in one progress report, unless it carries a single one. */
  reportEventsBytes: 72 * 1024,
  scenes: { min: 1, max: 40 },
  /** Pictures or voices of a scene that one request buys. */
  takesAtOnce: 4,
  /**
   * Members of one storyboard's cast, and of one scene. A provider takes 16 pictures in one request, but each
   * costs nearly as much as the picture that is bought.
   */
  cast: 6,
  sceneCast: 4,
  /** Code points of a member's name and of its description. */
  castNameChars: 60,
  castDescriptionChars: 400,
  /** Members that an owner's films have in common: how many are kept, and how many a film is told of. */
  knownCast: 60,
  toldCast: 12,
  /** Members of an owner's cast that have a photo. */
  photos: 20,
  /**
   * Bytes of one photo. The edge holds it in memory while it reads the file's structure. @source Workers: 128
   * MB for all requests of an isolate (2026-11); photos of today's phones have 2 to 8 MB
   */
  photoBytes: 10 * 1024 * 1024,
  /** Pixels of a photo, and of its shorter side. A worker decodes no picture with more. */
  photoPixels: 40_000_000,
  photoEdge: 128,
  /** US dollars: above any film of the longest length in the best quality. */
  maxCostUsd: 100,
  /** How long a signed film address stays valid. */
  playbackSeconds: 24 * 3600,
  webhookUrlChars: 1_000,
  /** How long a line of a webhook's delivery log is kept. */
  deliveryKeepSeconds: 30 * 24 * 3600,
  /** Dead letters: how long each is kept, and how many. */
  deadLetterKeepSeconds: 30 * 24 * 3600,
  deadLetters: 1_000,
  /** How long a token opens a live stream. */
  eventsTokenSeconds: 3600,
  /** Concurrent listeners of one dream's live stream. */
  listeners: 5_000,
  /** A stream ends after this time, and its listener connects again with the last event id. */
  streamSeconds: 1_800,
} as const;

/**
 * How long an attempt may send nothing before another worker may take the job. Every progress report renews
 * the lease, up to `progressTimeoutSeconds` after the attempt's last progress.
 */
export const leaseSeconds = 30;
/**
 * The presence connection of a worker's process: a WebSocket to the edge's lease watch. Its end says that the
 * process may be dead. The edge then takes the jobs that the worker has not reported since.
 */
export const presence = {
  /** A worker pings this often. The edge answers without waking the lease watch. */
  pingSeconds: 2,
  /**
   * The edge ends a connection without a ping for longer: a machine that vanishes closes nothing. Longer than
   * any computation of the worker in which it sends nothing.
   */
  silentSeconds: 6,
  /** How often the edge looks for such connections while jobs are being made. */
  lookSeconds: 2,
  /** How long after the end of its connection a living worker has time to report its jobs. */
  graceSeconds: 3,
  /** What the edge sends to make the worker report all its jobs at once. */
  askForReports: "report",
  /** How often a worker without its connection reports each job, and how long it does so. */
  reportSeconds: 1,
  reportForSeconds: 10,
} as const;
/** How long a job waits for its owner's approval before it ends as `expired`. */
export const approvalSeconds = 7 * 24 * 3600;
/** How long before that end the event `job.expiring` tells the owner. */
export const expiryNoticeSeconds = 24 * 3600;
/**
 * The longest time between two reports of an attempt. A cancelled job's ffmpeg stops within it.
 */
export const heartbeatSeconds = 4;
/**
 * The longest time between two reports of an attempt that has its presence connection to an edge which asks
 * for reports over it. Half of the lease, so that an edge that restarts costs no attempt.
 */
export const quietSeconds = leaseSeconds / 2;
/**
 * How long an attempt may report without progress: no new stage, percentage, scene, event or asset, and no
 * purchase begun or settled. After that the edge no longer renews its lease, so the attempt ends like a
 * silent one, with the reason `stalled`. No step of a working attempt takes this long: a call of an AI
 * provider takes 600 s at most (render-worker/runtime/providers.ts), and during an outage of another service
 * the worker hands the job back.
 */
export const progressTimeoutSeconds = 900;
/**
 * The job fails after this many attempts that ended in silence or in an unexplained error. Hand-backs do not
 * count, and an attempt that gets further than all earlier ones resets the count.
 */
export const maxFailedAttempts = 3;
/**
 * How often the edge replaces a job's dead letter by a new message before a worker has claimed the job. The
 * next dead letter fails the job.
 */
export const maxRedrives = 3;
/**
 * The age up to which a job is handed back for another service's outage, which costs it no attempt. An older
 * job fails with the outage's code: its client has stopped waiting, and can ask again.
 */
export const outageRetryWindowSeconds = 6 * 3600;
/**
 * Signatures whose time differs from the receiver's clock by more than this are refused. @source Standard
 * Webhooks, "Verifying webhooks".
 */
export const signatureToleranceSeconds = 300;
/**
 * The time between two heartbeats of a worker's process, which keep it on the operators' list. The end of its
 * presence connection removes it at once, so a heartbeat need not be frequent.
 */
export const workerHeartbeatSeconds = 45;
/** A worker that sends no heartbeat for longer, or for three heartbeats, counts as gone. */
export const workerGoneSeconds = leaseSeconds;
/** The same for a worker of an earlier version, which sends one heartbeat a minute. */
export const longestGoneSeconds = 150;
