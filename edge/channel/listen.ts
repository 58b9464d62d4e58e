/**
 * One listener's stream. It sends what the listener has not seen whenever the listener asks for more. Nothing
 * is written ahead of the reader: a slow listener holds one chunk, and of live progress it gets only the
 * newest. A connection that closed silently is detected by a ping that cannot be written: at the latest by
 * the second ping, after 30 s (measured on workerd).
 */
import { type Feed, greeting, ping } from "./feed.ts";
import type { SegmentFrames } from "./segment-frames.ts";

/**
 * @source https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes: "every 15 seconds
 * or so"
 */
const quietMs = 15_000;
const framesPerChunk = 100;
/** A segment's text may have 40,000 characters. */
const segmentsPerChunk = 10;

/** The state that all listeners of a dream share. */
export interface ChannelState {
  /** The log of the newest job. */
  feed: Feed;
  /** Null for a listener that did not ask for them. */
  segments: SegmentFrames | null;
  /** Changes when a snapshot would contain something new: files, attempt or state. */
  snapshotKey: string;
  /** The newest live progress, and its number. */
  progress: { frame: Uint8Array; version: number } | null;
}

export interface Listener {
  now(): number;
  state(): ChannelState;
  snapshot(): Promise<Uint8Array>;
  /** Resolves when something may have changed, and at the latest after this time. */
  changed(withinMs: number): Promise<void>;
  left(): void;
}

/**
 * Opens a stream of bytes for one listener. `seq`: the event number after which it reads. `first`: a frame
 * that follows the first snapshot. `end` ends the stream at once, even if the listener does not read.
 */
export function openStream(
  { now, state, snapshot, changed, left }: Listener,
  seq: number,
  first: Uint8Array | null,
): { stream: ReadableStream<Uint8Array>; end(): void } {
  let { feed } = state();
  let place = seq;
  let segmentsVersion = 0;
  let seenSnapshotKey: string | null = null;
  let seenVersion = state().progress?.version ?? 0;
  let isOpen = true;
  let spokeAtMs = now();

  let source: ReadableStreamDefaultController<Uint8Array> | null = null;
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        source = controller;
      },
      async pull(controller) {
        try {
          while (isOpen) {
            const chunk = await next();
            if (!isOpen) return;
            if (chunk.length > 0) {
              spokeAtMs = now();
              controller.enqueue(join(chunk));
            }
            if (feed.ended && place === feed.lastSeq) {
              isOpen = false;
              left();
              return controller.close();
            }
            if (chunk.length > 0) return;
            const silentMs = now() - spokeAtMs;
            if (silentMs >= quietMs) {
              spokeAtMs = now();
              return controller.enqueue(ping);
            }
            await changed(quietMs - silentMs);
          }
        } catch (error) {
          isOpen = false;
          left();
          throw error;
        }
      },
      cancel() {
        isOpen = false;
        left();
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, end };

  function end(): void {
    if (!isOpen) return;
    isOpen = false;
    left();
    source?.close();
  }

  async function next(): Promise<Uint8Array[]> {
    const chunk: Uint8Array[] = [];
    const current = state();
    // A listener from before the first job gets that job's log from its start.
    if (feed.jobId === null && !feed.ended) ({ feed } = current);
    const isCurrent = feed === current.feed;
    if (isCurrent && current.snapshotKey !== seenSnapshotKey) {
      if (seenSnapshotKey === null) chunk.push(greeting);
      chunk.push(await snapshot());
      if (seenSnapshotKey === null && first !== null) chunk.push(first);
      seenSnapshotKey = current.snapshotKey;
    }
    if (isCurrent && current.segments !== null) {
      const segments = current.segments.after(segmentsVersion, segmentsPerChunk);
      segmentsVersion = segments.at(-1)?.version ?? segmentsVersion;
      chunk.push(...segments.map(({ bytes }) => bytes));
    }
    const frames = feed.after(place, framesPerChunk);
    place = frames.at(-1)?.seq ?? place;
    chunk.push(...frames.map(({ bytes }) => bytes));
    if (isCurrent && !feed.ended && current.progress !== null && current.progress.version !== seenVersion) {
      seenVersion = current.progress.version;
      chunk.push(current.progress.frame);
    }
    return chunk;
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
