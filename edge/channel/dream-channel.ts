/**
 * The live channel of a dream: one Durable Object for all its listeners. It keeps the state that it read from
 * D1 and shows it to any number of listeners, so D1 is read once per change.
 *
 * D1 stays the truth. If the object is evicted, moved or updated, its streams break, and every listener comes
 * back with its last event id. The object does not hibernate: that needs WebSockets, and during a stream the
 * worker reports every few seconds.
 */
import { DurableObject } from "cloudflare:workers";
import { limits } from "../../contract/limits.ts";
import { type Env, readSecrets } from "../env.ts";
import { type Ports, realPorts } from "../ports.ts";
import { presentProgress, presentStatus } from "../present/present-dream.ts";
import { presentSegment } from "../present/present-segment.ts";
import { isEnd, parseEventCursor, readNews } from "../store/log.ts";
import { openPrimary, reasonOf } from "../store/open.ts";
import type { StatusRow } from "../store/status.ts";
import { Feed, frame } from "./feed.ts";
import { type ChannelState, openStream } from "./listen.ts";
import { advance, type ChannelNotice } from "./notify.ts";
import { type Count, Seats } from "./seats.ts";
import { SegmentFrames } from "./segment-frames.ts";
import { renewMs } from "./stream-count.ts";

/**
 * Poll intervals. A channel with listeners polls D1, because a notice may be lost and only 50 channels are
 * notified if hundreds of jobs are requeued at once. It polls within 10 s of the newest change, then less
 * often the longer nothing changes, and at least once a minute: a stream outlives its API key by at most that
 * minute.
 */
const tickMs = 5_000;
const shortestQuietMs = 5_000;
const longestQuietMs = 55_000;
/** A change that D1 stores this much later than its time says is still seen. */
const lateMs = 60_000;

export class DreamChannel extends DurableObject<Env> {
  readonly #ports: Ports;
  #dreamId = "";
  #ownerId = "";
  /** Null before the first read, or if there is no such dream. */
  #status: StatusRow | null = null;
  #feed = new Feed(null);
  #progress: ChannelState["progress"] = null;
  #segments = new SegmentFrames();
  #segmentsSinceMs = 0;
  /** How many listeners want the parts of a told dream. Without any they are not read. */
  #segmentListeners = 0;
  readonly #listeners = new Set<{ keyId: string; sinceMs: number; end(): void }>();
  readonly #seats = new Seats((count) => this.#askOwner(count));
  /** The API keys of the listeners, and those of them that D1 knew at the newest read. */
  readonly #keyIds = new Set<string>();
  #validKeys: ReadonlySet<string> = new Set();
  #newsAtMs = 0;
  #renewedAtMs = 0;
  #waiting = new Set<() => void>();
  #readAtMs = 0;
  #reading: Promise<void> = Promise.resolve();
  #nextReading: Promise<void> | null = null;
  #lookAgain: ReturnType<typeof setInterval> | null = null;

  /** `ports` is for tests; workerd passes only the first two. */
  constructor(ctx: DurableObjectState, env: Env, ports = realPorts) {
    super(ctx, env);
    this.#ports = ports;
  }

  /**
   * Takes a notice that the dream has changed. Without listeners it does nothing: the next listener reads D1.
   */
  async notify({ dreamId, changed, live }: ChannelNotice): Promise<void> {
    if (this.#seats.held === 0 || dreamId !== this.#dreamId) return;
    this.#newsAtMs = this.#ports.now();
    const isNews = live !== undefined && !this.#knows(live.jobId, live.attempt);
    if (changed || isNews) await this.#read();
    const job = this.#status?.job;
    if (live && job && advance(job, live)) this.#showProgress();
  }

  /**
   * Opens a stream.
   *
   * Query: `dream`: the edge's own key of the dream, which is never used again; `owner`: its owner; `after`:
   * `{job_id}:{seq}`; `origin`: scheme and host of the addresses in snapshots; `key`: the id of the API key
   * that admits the listener; `segments`: the listener wants the parts of a told dream.
   * Status: 204: the log has ended and the listener has all of it. 404: there is no such dream. 401: the key
   * is revoked. 429, 503: the owner or the dream has the maximum number of listeners.
   */
  override async fetch(request: Request): Promise<Response> {
    const asked = new URL(request.url).searchParams;
    this.#dreamId = asked.get("dream") ?? "";
    this.#ownerId = asked.get("owner") ?? "";
    if (this.#seats.held >= limits.listeners) return new Response(null, { status: 503 });
    if (!(await this.#seats.take())) return new Response(null, { status: 429 });
    if (this.#seats.held > limits.listeners) {
      this.#seats.give();
      return new Response(null, { status: 503 });
    }
    const hasSegments = asked.has("segments");
    const left = this.#enter(hasSegments);
    try {
      const keyId = asked.get("key") ?? "";
      const origin = asked.get("origin") ?? "";
      const answer = await this.#open({ keyId, after: asked.get("after"), origin, hasSegments }, left);
      if (answer.body === null) left();
      return answer;
    } catch (error) {
      left();
      throw error;
    }
  }

  async #open({ keyId, after, origin, hasSegments }: Asked, left: () => void) {
    const place = after === null ? null : parseEventCursor(after);
    const isAhead = place?.jobId === this.#feed.jobId && place.seq > this.#feed.lastSeq;
    const isNewKey = !this.#validKeys.has(keyId);
    this.#keyIds.add(keyId);
    const isFirstForSegments = hasSegments && this.#segmentListeners === 1;
    if (isNewKey || this.#status === null || this.#feed.ended || isAhead || isFirstForSegments)
      await this.#read();
    const isOtherEnd =
      place !== null &&
      place.jobId !== this.#feed.jobId &&
      (await isEnd(openPrimary(this.env.DB), this.#dream, place));
    const status = this.#status;
    if (!status?.dream) return new Response(null, { status: 404 });
    if (!this.#validKeys.has(keyId)) return new Response(null, { status: 401 });
    const feed = this.#feed;
    const isHere = place?.jobId === feed.jobId && place.seq <= feed.lastSeq;
    const seq = isHere ? place.seq : 0;
    if (feed.ended && seq === feed.lastSeq) return new Response(null, { status: 204 });
    const gap =
      after === null || isHere || isOtherEnd ? null : frame("stream.gap", { after, job_id: feed.jobId });
    const { stream, end } = openStream(
      {
        now: this.#ports.now,
        state: () => ({
          feed: this.#feed,
          segments: hasSegments ? this.#segments : null,
          snapshotKey: snapshotKeyOf(this.#status),
          progress: this.#progress,
        }),
        snapshot: async () =>
          frame("snapshot", await presentStatus(this.#status ?? status, this.#viewer(origin))),
        changed: (withinMs) => this.#changed(withinMs),
        left: () => {
          this.#listeners.delete(listener);
          left();
        },
      },
      seq,
      gap,
    );
    const listener = { keyId, sinceMs: this.#ports.now(), end };
    this.#listeners.add(listener);
    return new Response(stream, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
      },
    });
  }

  get #dream() {
    return { id: this.#dreamId, ownerId: this.#ownerId };
  }

  #viewer = (origin: string) => ({ origin, secrets: readSecrets(this.env), ports: this.#ports });

  #knows(jobId: string, attempt: number): boolean {
    const job = this.#status?.job;
    return job?.id === jobId && job.attempt >= attempt;
  }

  /** Keeps the channel polling. The function that it returns frees the listener's seat, once. */
  #enter(hasSegments: boolean): () => void {
    if (hasSegments) this.#segmentListeners += 1;
    this.#lookAgain ??= setInterval(() => void this.#tick(), tickMs);
    let isHere = true;
    return () => {
      if (!isHere) return;
      isHere = false;
      if (hasSegments) this.#segmentListeners -= 1;
      this.#seats.give();
      if (this.#seats.held > 0 || this.#lookAgain === null) return;
      clearInterval(this.#lookAgain);
      this.#lookAgain = null;
      // The first listener after this one reads D1.
      this.#keyIds.clear();
      this.#validKeys = new Set();
    };
  }

  /**
   * The number of listeners that the owner may have here. If the owner's count cannot be asked: all that want
   * to.
   */
  async #askOwner(count: Count): Promise<number> {
    this.#renewedAtMs = this.#ports.now();
    const owner = this.env.STREAM_COUNTS.getByName(this.#ownerId);
    return owner.grant(this.#dreamId, count).catch((error: unknown) => {
      console.warn(JSON.stringify({ event: "channel.uncounted", reason: reasonOf(error) }));
      return count.wanted;
    });
  }

  async #tick(): Promise<void> {
    const nowMs = this.#ports.now();
    const oldestMs = nowMs - limits.streamSeconds * 1000;
    for (const { sinceMs, end } of [...this.#listeners]) if (sinceMs <= oldestMs) end();
    if (this.#seats.held === 0) return;
    if (nowMs - this.#renewedAtMs >= renewMs) void this.#seats.renew();
    const quietMs = Math.min(Math.max(nowMs - this.#newsAtMs, shortestQuietMs), longestQuietMs);
    if (nowMs - this.#readAtMs < quietMs) return;
    await this.#read().catch((error: unknown) => {
      console.warn(JSON.stringify({ event: "channel.unread", reason: reasonOf(error) }));
    });
  }

  /** Reads what is new in D1. Calls that arrive during a read share the next one. */
  #read(): Promise<void> {
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
    for (;;) {
      const { jobId, lastSeq } = this.#feed;
      const known = jobId === null ? null : { jobId, seq: lastSeq };
      const keyIds = [...this.#keyIds];
      const session = openPrimary(this.env.DB);
      const startedAtMs = this.#ports.now();
      const sinceMs = this.#segmentListeners > 0 ? this.#segmentsSinceMs : null;
      const news = await readNews(session, this.#dream, known, keyIds, sinceMs, startedAtMs).catch(
        (error: unknown) => {
          // The message crosses to the Worker as text and goes into its log.
          throw new Error(reasonOf(error));
        },
      );
      this.#readAtMs = this.#ports.now();
      if (news === undefined) return this.#vanish();
      this.#endRevoked(keyIds, new Set(news.keys));
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

  /** Ends the streams of revoked keys before anything of this read is sent. */
  #endRevoked(asked: readonly string[], valid: ReadonlySet<string>): void {
    this.#validKeys = valid;
    const revoked = new Set(asked.filter((keyId) => !valid.has(keyId)));
    for (const keyId of revoked) this.#keyIds.delete(keyId);
    for (const { keyId, end } of [...this.#listeners]) if (revoked.has(keyId)) end();
  }

  #vanish(): void {
    this.#feed.ended = true;
    this.#wake();
    this.#feed = new Feed(null);
    this.#status = null;
    this.#progress = null;
    this.#segments = new SegmentFrames();
    this.#segmentsSinceMs = 0;
  }

  #showProgress(): void {
    if (!this.#status) return;
    const progress = presentProgress(this.#status, this.#ports.now());
    this.#progress = { frame: frame("progress", progress), version: (this.#progress?.version ?? 0) + 1 };
    this.#wake();
  }

  #changed(withinMs: number): Promise<void> {
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

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

interface Asked {
  keyId: string;
  after: string | null;
  origin: string;
  hasSegments: boolean;
}

/** The parts of the state for which a new snapshot is sent: what a client shows and plays. */
const snapshotKeyOf = (status: StatusRow | null) =>
  [status?.job?.id, status?.job?.status, status?.job?.attempt, status?.job?.files, status?.job?.hold].join(
    " ",
  );
