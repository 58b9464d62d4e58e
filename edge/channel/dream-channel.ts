/**
 * The live channel of a dream: one Durable Object for all its listeners. It admits them, shows them the state
 * of the dream (dream-state.ts), and ends their streams.
 *
 * D1 stays the truth. If the object is evicted, moved or updated, its streams break, and every listener comes
 * back with its last event id. The object does not hibernate: that needs WebSockets, and during a stream the
 * worker reports every few seconds.
 */
import { DurableObject } from "cloudflare:workers";
import { limits } from "../../contract/limits.ts";
import { type Env, readSecrets } from "../env.ts";
import { type Ports, realPorts } from "../ports.ts";
import { presentStatus } from "../present/present-dream.ts";
import { isEnd, parseEventCursor } from "../store/log.ts";
import { openPrimary, reasonOf } from "../store/open.ts";
import { askForReports } from "./ask-for-reports.ts";
import { DreamState } from "./dream-state.ts";
import { frame } from "./feed.ts";
import { openStream } from "./listen.ts";
import type { ChannelNotice } from "./notify.ts";
import { type Count, Seats } from "./seats.ts";
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

export class DreamChannel extends DurableObject<Env> {
  readonly #ports: Ports;
  readonly #state: DreamState;
  readonly #listeners = new Set<{ keyId: string; sinceMs: number; end(): void }>();
  /** How many listeners want the parts of a told dream. */
  #segmentListeners = 0;
  readonly #seats = new Seats((count) => this.#askOwner(count));
  /** The API keys of the listeners, and those of them that D1 knew at the newest read. */
  readonly #keyIds = new Set<string>();
  #validKeys: ReadonlySet<string> = new Set();
  #renewedAtMs = 0;
  #lookAgain: ReturnType<typeof setInterval> | null = null;

  /** `ports` is for tests; workerd passes only the first two. */
  constructor(ctx: DurableObjectState, env: Env, ports = realPorts) {
    super(ctx, env);
    this.#ports = ports;
    this.#state = new DreamState({
      d1: env.DB,
      now: ports.now,
      keyIds: () => [...this.#keyIds],
      keysRead: (asked, valid) => this.#endRevoked(asked, valid),
      noticed: (workerIds) => ctx.waitUntil(askForReports(env, workerIds)),
      wantsSegments: () => this.#segmentListeners > 0,
    });
  }

  /**
   * Takes a notice that the dream has changed. Without listeners it does nothing: the next listener reads D1.
   */
  async notify({ dreamId, changed, live }: ChannelNotice): Promise<void> {
    if (this.#seats.held === 0 || dreamId !== this.#state.dream.id) return;
    await this.#state.take(changed, live);
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
    this.#state.dream = { id: asked.get("dream") ?? "", ownerId: asked.get("owner") ?? "" };
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
    const state = this.#state;
    const place = after === null ? null : parseEventCursor(after);
    const isAhead = place?.jobId === state.feed.jobId && place.seq > state.feed.lastSeq;
    const isNewKey = !this.#validKeys.has(keyId);
    this.#keyIds.add(keyId);
    const isFirstForSegments = hasSegments && this.#segmentListeners === 1;
    if (isNewKey || state.status === null || state.feed.ended || isAhead || isFirstForSegments)
      await state.read();
    const isOtherEnd =
      place !== null &&
      place.jobId !== state.feed.jobId &&
      (await isEnd(openPrimary(this.env.DB), state.dream, place));
    const { status, feed } = state;
    if (!status?.dream) return new Response(null, { status: 404 });
    if (!this.#validKeys.has(keyId)) return new Response(null, { status: 401 });
    const isHere = place?.jobId === feed.jobId && place.seq <= feed.lastSeq;
    const seq = isHere ? place.seq : 0;
    if (feed.ended && seq === feed.lastSeq) return new Response(null, { status: 204 });
    const gap =
      after === null || isHere || isOtherEnd ? null : frame("stream.gap", { after, job_id: feed.jobId });
    const { stream, end } = openStream(
      {
        now: this.#ports.now,
        state: () => state.show(hasSegments),
        snapshot: async () =>
          frame("snapshot", await presentStatus(state.status ?? status, this.#viewer(origin))),
        changed: (withinMs) => state.changed(withinMs),
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

  #viewer = (origin: string) => ({ origin, secrets: readSecrets(this.env), ports: this.#ports });

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
    const owner = this.env.STREAM_COUNTS.getByName(this.#state.dream.ownerId);
    return owner.grant(this.#state.dream.id, count).catch((error: unknown) => {
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
    const { newsAtMs, readAtMs } = this.#state.times;
    const quietMs = Math.min(Math.max(nowMs - newsAtMs, shortestQuietMs), longestQuietMs);
    if (nowMs - readAtMs < quietMs) return;
    await this.#state.read().catch((error: unknown) => {
      console.warn(JSON.stringify({ event: "channel.unread", reason: reasonOf(error) }));
    });
  }

  /** Ends the streams of revoked keys before anything of this read is sent. */
  #endRevoked(asked: readonly string[], valid: ReadonlySet<string>): void {
    this.#validKeys = valid;
    const revoked = new Set(asked.filter((keyId) => !valid.has(keyId)));
    for (const keyId of revoked) this.#keyIds.delete(keyId);
    for (const { keyId, end } of [...this.#listeners]) if (revoked.has(keyId)) end();
  }
}

interface Asked {
  keyId: string;
  after: string | null;
  origin: string;
  hasSegments: boolean;
}
