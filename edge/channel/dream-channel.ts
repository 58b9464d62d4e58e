/**
 * A dream's live channel: one object for all who watch it. It remembers what D1 says and shows it to any number of
 * listeners, so D1 is asked once per change however many there are.
 *
 * D1 stays the truth and nothing is kept here: an object that is evicted, moved or updated breaks its streams, and
 * every listener comes back with its last id. It does not hibernate: that needs WebSockets, and a stream lasts about as
 * long as a film takes to make, with a worker's word every few seconds; hibernation would never begin.
 */
import { DurableObject } from "cloudflare:workers";
import { limits } from "../../contract/limits.ts";
import type { Env } from "../env.ts";
import { readSecrets } from "../env.ts";
import { readPlace } from "../http/place.ts";
import { realPorts } from "../ports.ts";
import { presentProgress, presentStatus } from "../routes/present.ts";
import { isEnd, readNews } from "../store/log.ts";
import { openPrimary, reasonOf } from "../store/open.ts";
import type { StatusRow } from "../store/status.ts";
import { advance } from "./advance.ts";
import { Feed, frame } from "./feed.ts";
import { type Board, openStream } from "./listen.ts";
import type { Nudge } from "./tell.ts";

/**
 * While somebody listens, a nudge that got lost is made good for within this time. The sweep sends none at all: it takes
 * back hundreds of jobs at once, which nobody may be watching.
 */
const lookAgainMs = 10_000;

export class DreamChannel extends DurableObject<Env> {
  #dreamId = "";
  #ownerId = "";
  /** Null: not read yet, or there is no such dream. */
  #status: StatusRow | null = null;
  #feed = new Feed(null);
  #progress: Board["progress"] = null;
  #listeners = 0;
  #waiting = new Set<() => void>();
  #readAtMs = 0;
  #reading: Promise<void> = Promise.resolve();
  #nextReading: Promise<void> | null = null;
  #lookAgain: ReturnType<typeof setInterval> | null = null;

  /** What has happened. Nobody listens: nothing is done, whoever comes will read for itself. */
  async tell({ dreamId, changed, live }: Nudge): Promise<void> {
    if (this.#listeners === 0 || dreamId !== this.#dreamId) return;
    const isNews = live !== undefined && !this.#knows(live.jobId, live.attempt);
    if (changed || isNews) await this.#read();
    const job = this.#status?.job;
    if (live && job && advance(job, live)) this.#showProgress();
  }

  /**
   * Opens a stream. `dream`: our own key of the dream, which is never used again; `owner`: whose it is; `after`:
   * `{job_id}:{seq}`; `origin`: of the addresses in snapshots. 204: the log is over and the listener has all of it. 404:
   * no such dream.
   */
  override async fetch(request: Request): Promise<Response> {
    const asked = new URL(request.url).searchParams;
    this.#dreamId = asked.get("dream") ?? "";
    this.#ownerId = asked.get("owner") ?? "";
    if (this.#listeners >= limits.listeners) return new Response(null, { status: 503 });
    const left = this.#enter();
    try {
      const answer = await this.#open(asked.get("after"), asked.get("origin") ?? "", left);
      if (answer.body === null) left();
      return answer;
    } catch (error) {
      left();
      throw error;
    }
  }

  async #open(after: string | null, origin: string, left: () => void) {
    const place = after === null ? null : readPlace(after);
    const isAhead = place?.jobId === this.#feed.jobId && place.seq > this.#feed.lastSeq;
    if (this.#listeners === 1 || this.#status === null || this.#feed.ended || isAhead) await this.#read();
    const isOtherEnd =
      place !== null &&
      place.jobId !== this.#feed.jobId &&
      (await isEnd(openPrimary(this.env.DB), this.#dream, place));
    const status = this.#status;
    if (!status?.dream) return new Response(null, { status: 404 });
    const feed = this.#feed;
    const isHere = place?.jobId === feed.jobId && place.seq <= feed.lastSeq;
    const seq = isHere ? place.seq : 0;
    if (feed.ended && seq === feed.lastSeq) return new Response(null, { status: 204 });
    const gap =
      after === null || isHere || isOtherEnd ? null : frame("stream.gap", { after, job_id: feed.jobId });
    const stream = openStream(
      {
        board: () => ({ feed: this.#feed, face: faceOf(this.#status), progress: this.#progress }),
        snapshot: async () =>
          frame("snapshot", await presentStatus(this.#status ?? status, this.#viewer(origin))),
        changed: (withinMs) => this.#changed(withinMs),
        left,
      },
      seq,
      gap,
    );
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

  #viewer = (origin: string) => ({ origin, secrets: readSecrets(this.env), ports: realPorts });

  #knows(jobId: string, attempt: number): boolean {
    const job = this.#status?.job;
    return job?.id === jobId && job.attempt >= attempt;
  }

  /** Counts a listener in; what it gives back counts it out, once. */
  #enter(): () => void {
    this.#listeners++;
    this.#lookAgain ??= setInterval(() => void this.#lookIfQuiet(), lookAgainMs / 2);
    let isHere = true;
    return () => {
      if (!isHere) return;
      isHere = false;
      this.#listeners--;
      if (this.#listeners > 0 || this.#lookAgain === null) return;
      clearInterval(this.#lookAgain);
      this.#lookAgain = null;
    };
  }

  async #lookIfQuiet(): Promise<void> {
    if (realPorts.now() - this.#readAtMs < lookAgainMs / 2) return;
    await this.#read().catch((error: unknown) => {
      console.warn(JSON.stringify({ event: "channel.unread", reason: reasonOf(error) }));
    });
  }

  /** Reads what is new, from a moment not before this call. Calls that come while a read is on its way share the next. */
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
      const news = await readNews(openPrimary(this.env.DB), this.#dream, known).catch((error: unknown) => {
        // This crosses to the Worker as text, and into its log.
        throw new Error(reasonOf(error));
      });
      this.#readAtMs = realPorts.now();
      if (news === undefined) return this.#vanish();
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

  #vanish(): void {
    this.#feed.ended = true;
    this.#wake();
    this.#feed = new Feed(null);
    this.#status = null;
    this.#progress = null;
  }

  #showProgress(): void {
    if (!this.#status) return;
    const said = presentProgress(this.#status, realPorts.now());
    this.#progress = { frame: frame("progress", said), beat: (this.#progress?.beat ?? 0) + 1 };
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

/** What a snapshot is sent again for: what there is to see and to play. */
const faceOf = (status: StatusRow | null) =>
  [status?.job?.id, status?.job?.status, status?.job?.attempt, status?.job?.files].join(" ");
