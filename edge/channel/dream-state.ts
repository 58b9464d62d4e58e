/**
 * What a channel knows of its dream: the state that it read from D1, and live progress since. D1 is read once
 * per change, however many listeners there are.
 */
import { presentProgress } from "../present/present-dream.ts";
import { presentSegment } from "../present/present-segment.ts";
import { readNews } from "../store/log.ts";
import { openPrimary, reasonOf } from "../store/open.ts";
import type { OwnedDream, StatusRow } from "../store/status.ts";
import { Feed, frame } from "./feed.ts";
import type { ChannelState } from "./listen.ts";
import { advance, type Live } from "./notify.ts";
import { SegmentFrames } from "./segment-frames.ts";

/** A change that D1 stores this much later than its time says is still seen. */
const lateMs = 60_000;

/** What a read depends on, besides the dream. */
export interface StateReader {
  d1: D1Database;
  now(): number;
  /** The API keys of the listeners. */
  keyIds(): readonly string[];
  /** Called with those of them that D1 knows, before any listener sees what was read. */
  keysRead(asked: readonly string[], valid: ReadonlySet<string>): void;
  /** Called with the workers that may not know that the dream has listeners. */
  noticed(workerIds: readonly string[]): void;
  /** Whether a listener wants the parts of a told dream. Without any they are not read. */
  wantsSegments(): boolean;
}

export class DreamState {
  dream: OwnedDream = { id: "", ownerId: "" };
  readonly #reader: StateReader;
  /** Null before the first read, or if there is no such dream. */
  #status: StatusRow | null = null;
  #feed = new Feed(null);
  #progress: ChannelState["progress"] = null;
  #segments = new SegmentFrames();
  #segmentsSinceMs = 0;
  #newsAtMs = 0;
  #readAtMs = 0;
  #reading: Promise<void> = Promise.resolve();
  #nextReading: Promise<void> | null = null;
  readonly #waiting = new Set<() => void>();

  constructor(reader: StateReader) {
    this.#reader = reader;
  }

  get status(): StatusRow | null {
    return this.#status;
  }

  /** The log of the dream's newest job. */
  get feed(): Feed {
    return this.#feed;
  }

  /** Of the newest change, and of the newest read. Milliseconds since 1970. */
  get times(): { newsAtMs: number; readAtMs: number } {
    return { newsAtMs: this.#newsAtMs, readAtMs: this.#readAtMs };
  }

  /** What a stream shows; `hasSegments`: with the parts of a told dream. */
  show(hasSegments: boolean): ChannelState {
    return {
      feed: this.#feed,
      segments: hasSegments ? this.#segments : null,
      snapshotKey: snapshotKeyOf(this.#status),
      progress: this.#progress,
    };
  }

  /** Reads the state if there is something new in D1, and shows live progress. */
  async take(changed: boolean, live: Live | undefined): Promise<void> {
    this.#newsAtMs = this.#reader.now();
    const isNews = live !== undefined && !this.#knows(live);
    if (changed || isNews) await this.read();
    const job = this.#status?.job;
    if (live && job && advance(job, live)) this.#showProgress();
  }

  /** Resolves at the next change, or after this time. */
  changed(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, withinMs);
      this.#waiting.add(wake);
    });
  }

  /** Reads what is new in D1. Calls that arrive during a read share the next one. */
  read(): Promise<void> {
    this.#nextReading ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#nextReading = null;
        this.#reading = this.#readNow();
        return this.#reading;
      });
    return this.#nextReading;
  }

  async #readNow(): Promise<void> {
    const { d1, now, keyIds, keysRead, noticed, wantsSegments } = this.#reader;
    for (;;) {
      const { jobId, lastSeq } = this.#feed;
      const known = jobId === null ? null : { jobId, seq: lastSeq };
      const keys = [...keyIds()];
      const startedAtMs = now();
      const sinceMs = wantsSegments() ? this.#segmentsSinceMs : null;
      const reading = readNews(openPrimary(d1), this.dream, known, keys, sinceMs, startedAtMs);
      const news = await reading.catch((error: unknown) => {
        // The message crosses to the Worker as text and goes into its log.
        throw new Error(reasonOf(error));
      });
      this.#readAtMs = now();
      if (news === undefined) return this.#vanish();
      keysRead(keys, new Set(news.keys));
      if (news.workers.length > 0) noticed(news.workers);
      if (news.rest.length + news.fresh.length > 0) this.#newsAtMs = this.#readAtMs;
      this.#segments.take(news.segments.map(presentSegment));
      if (sinceMs !== null) this.#segmentsSinceMs = startedAtMs - lateMs;
      this.#feed.append(news.rest);
      if (news.more.rest) continue;
      this.#status = news.status;
      const newest = news.status.job?.id ?? null;
      if (newest !== jobId) {
        if (jobId !== null) this.#feed.ended = true;
        this.#feed = new Feed(newest);
        this.#feed.append(news.fresh);
        this.#progress = null;
      }
      if (!news.more.fresh) break;
    }
    this.#wake();
  }

  /** The dream is deleted, or another owner's. */
  #vanish(): void {
    this.#feed.ended = true;
    this.#wake();
    this.#feed = new Feed(null);
    this.#status = null;
    this.#progress = null;
    this.#segments = new SegmentFrames();
    this.#segmentsSinceMs = 0;
  }

  #knows({ jobId, attempt }: Live): boolean {
    const job = this.#status?.job;
    return job?.id === jobId && job.attempt >= attempt;
  }

  #showProgress(): void {
    if (!this.#status) return;
    const progress = presentProgress(this.#status, this.#reader.now());
    this.#progress = { frame: frame("progress", progress), version: (this.#progress?.version ?? 0) + 1 };
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

/** The parts of the state for which a new snapshot is sent: what a client shows and plays. */
const snapshotKeyOf = (status: StatusRow | null) =>
  [
    ...[status?.job?.id, status?.job?.status, status?.job?.attempt, status?.job?.files, status?.job?.hold],
    status?.job?.revision,
  ].join(" ");
