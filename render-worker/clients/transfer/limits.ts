/**
 * The limits of time and size of every transfer of the worker, as of 2026-11-27.
 *
 * Node's fetch itself gives up a connection that is not made within 10 s; this holds for AI providers, the
 * edge and the queue. @source undici docs/api/Client.md, `connectTimeout`
 */
export interface TransferLimits {
  /** The transfer ends when no byte has moved for this long. */
  stallMs: number;
  /** The whole transfer, headers and body. `minBytesPerSecond` adds time for the bytes that have moved. */
  totalMs: number;
  minBytesPerSecond: number;
  /** Of the answer's body. */
  maxBytes: number;
}

export interface FetchLimits extends TransferLimits {
  /** The longest silence before the answer's headers, and again before its body's first byte. */
  answerMs: number;
}

export interface StorageLimits extends TransferLimits {
  connectMs: number;
}

const kib = 1024;
const mib = 1024 * kib;

/**
 * R2 answers within a second and moves tens of megabytes a second. A call that stalls is repeated on another
 * connection, early enough for a worker that stops: it has 6.5 s to store what it has bought. The largest
 * object that is fetched is a segment: 60 s at 30 Mbit/s are 225 MB. Uploads have no size limit.
 */
export const storageLimits: StorageLimits = {
  connectMs: 5_000,
  stallMs: 5_000,
  totalMs: 30_000,
  minBytesPerSecond: 256 * kib,
  maxBytes: 256 * mib,
};

/** The edge and the queue send JSON of a few kilobytes; a batch of 100 queue messages is below 13 MB. */
export const apiLimits: FetchLimits = {
  answerMs: 10_000,
  stallMs: 10_000,
  totalMs: 10_000,
  minBytesPerSecond: mib,
  maxBytes: 16 * mib,
};

/**
 * An AI provider sends nothing, or headers alone, while it works, so the first byte and the whole call get
 * the provider's own `..._TIMEOUT_SECONDS`. A picture of 3840 x 2160 in base64 has up to 45 MB; 10 minutes of
 * speech as WAV have 29 MB.
 */
export const aiLimits = (timeoutMs: number): FetchLimits => ({
  answerMs: timeoutMs,
  stallMs: Math.min(timeoutMs, 20_000),
  totalMs: timeoutMs,
  minBytesPerSecond: mib,
  maxBytes: 64 * mib,
});

/** A picture that a provider answered with the address of. Connecting counts as silence. */
export const linkedPictureLimits: TransferLimits = {
  stallMs: 15_000,
  totalMs: 60_000,
  minBytesPerSecond: mib,
  maxBytes: 48 * mib,
};
