import type { TransferLimits } from "./limits.ts";

/** Why a transfer was ended: no byte moved for too long, it took too long in all, or it was too large. */
export class TransferFault extends Error {
  readonly kind: "stalled" | "too_slow" | "too_large";

  constructor(kind: TransferFault["kind"]) {
    super(`The transfer was ended: ${kind}`);
    this.name = "TransferFault";
    this.kind = kind;
  }
}

export interface TransferWatch {
  /** Aborts with a TransferFault at a limit, or with the caller's reason. */
  signal: AbortSignal;
  /** Counts bytes that were received. */
  addBytes(bytes: number): void;
  /** Adds the time that this many bytes to be sent may take. */
  allowUpload(bytes: number): void;
  /** Sets the longest silence from now on, in milliseconds. */
  allowSilence(ms: number): void;
  /** Stops the watch. Call it when the transfer has ended. */
  end(): void;
}

/** Watches one transfer until `end` is called. Uses one timer. */
export function watchTransfer(limits: TransferLimits, caller?: AbortSignal | null): TransferWatch {
  const own = new AbortController();
  const startedAt = performance.now();
  let { stallMs } = limits;
  let lastByteAt = startedAt;
  let bytesMoved = 0;
  let bytesAllowedFor = 0;
  let timer: NodeJS.Timeout;
  const totalMs = () => limits.totalMs + (bytesAllowedFor / limits.minBytesPerSecond) * 1000;
  const look = () => {
    const now = performance.now();
    const leftMs = Math.min(lastByteAt + stallMs, startedAt + totalMs()) - now;
    if (leftMs > 0) timer = setTimeout(look, Math.ceil(leftMs));
    else own.abort(new TransferFault(now >= startedAt + totalMs() ? "too_slow" : "stalled"));
  };
  const restart = () => {
    clearTimeout(timer);
    if (!own.signal.aborted) look();
  };
  look();
  return {
    signal: caller ? AbortSignal.any([caller, own.signal]) : own.signal,
    addBytes(bytes) {
      lastByteAt = performance.now();
      bytesMoved += bytes;
      bytesAllowedFor += bytes;
      if (bytesMoved > limits.maxBytes) own.abort(new TransferFault("too_large"));
    },
    allowUpload(bytes) {
      bytesAllowedFor += bytes;
    },
    allowSilence(ms) {
      stallMs = ms;
      lastByteAt = performance.now();
      restart();
    },
    end: () => clearTimeout(timer),
  };
}

/**
 * Runs `transfer` under a watch. A transfer that ignores the watch's signal is abandoned.
 *
 * @throws TransferFault, the caller's reason, or what `transfer` throws
 */
export async function withinLimits<T>(
  limits: TransferLimits,
  caller: AbortSignal,
  transfer: (watch: TransferWatch) => Promise<T>,
): Promise<T> {
  const watch = watchTransfer(limits, caller);
  const ended = Promise.withResolvers<never>();
  const leave = () => ended.reject(watch.signal.reason);
  watch.signal.addEventListener("abort", leave, { once: true });
  try {
    watch.signal.throwIfAborted();
    return await Promise.race([transfer(watch), ended.promise]);
  } finally {
    watch.signal.removeEventListener("abort", leave);
    watch.end();
  }
}

/** Passes the chunks on and counts their bytes. */
export async function* countBytes(source: AsyncIterable<Uint8Array>, watch: TransferWatch) {
  for await (const chunk of source) {
    watch.addBytes(chunk.byteLength);
    yield chunk;
  }
}
