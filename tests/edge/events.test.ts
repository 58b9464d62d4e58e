import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WorkerEvent } from "../../contract/event.ts";
import type { VideoQueued, VideoStatus } from "../../contract/job.ts";
import type { EventPage, EventsAddress } from "../../contract/live.ts";
import { seeded, seedOfRun } from "../seeded.ts";
import { until } from "../until.ts";
import { atOnce, type Edge, type Job, type OrProblem, secrets, startEdge } from "./harness.ts";
import { type Frame, type Heard, idsOf, listen } from "./listen.ts";

let edge: Edge;
let key: string;
let headers: { authorization: string };
beforeAll(async () => {
  edge = await startEdge();
  ({ key } = await edge.newKey());
  headers = { authorization: `Bearer ${key}` };
});
afterAll(() => edge.close());

const streamOf = (did: string, query = "") => new URL(`/dreams/${did}/video-events${query}`, edge.url);
const voice = (n: number, scene = 0): { n: number; event: WorkerEvent } => ({
  n,
  event: { type: "scene.voice", data: { scene, seconds: 1.5, reused: false } },
});
const storedIn = ({ frames }: Heard) => frames.filter(({ id }) => id !== null);
const has = (event: string) => (heard: Heard) => heard.frames.some((frame) => frame.event === event);
const cancel = (job: Pick<Job, "did">) => edge.call("POST", `/dreams/${job.did}/cancel`, { key });

/** The ids that a listener should get from the job's log. */
const idsInLog = async (job: Job) => (await edge.log(job)).map((_, place) => `${job.id}:${place + 1}`);

describe("a dream's live stream", () => {
  it("begins with a snapshot, sends the log, continues live, and ends with the job", async () => {
    const job = await edge.newJob(key);
    const listening = listen(streamOf(job.did), { headers });
    await edge.claim(job);
    await edge.progress(job, 1, { progress: 20, events: [voice(1)] });
    await edge.progress(job, 1, { progress: 40, scenes_ready: 1 });
    await edge.putFilm(job, 1);
    await edge.complete(job, 1);
    const heard = await listening;
    expect(heard.isOver).toBe(true);
    expect(heard.headers.get("content-type")).toBe("text/event-stream");
    expect(heard.headers.get("cache-control")).toContain("no-cache");
    expect(heard.frames[0]).toMatchObject({ event: "snapshot", id: null, data: { job_id: job.id } });
    expect(storedIn(heard).map(({ event, id }) => `${id} ${event}`)).toEqual([
      `${job.id}:1 job.queued`,
      `${job.id}:2 job.started`,
      `${job.id}:3 scene.voice`,
      `${job.id}:4 job.completed`,
    ]);
    expect(storedIn(heard)[2]?.data).toMatchObject({ seq: 3, job_id: job.id, data: { seconds: 1.5 } });
  });

  it("sends the end only after a snapshot with the film's address", async () => {
    const { frames } = await listen(streamOf((await edge.newFilm(key)).did), { headers });
    const end = frames.findIndex(({ event }) => event === "job.completed");
    const snapshots = frames.slice(0, end).filter(({ event }) => event === "snapshot");
    const last = snapshots.at(-1) as Frame;
    const { video_url, progress } = last.data as VideoStatus;
    expect(progress).toBe(100);
    expect((await edge.call("GET", video_url ?? "")).text).toBe("film bytes");
  });

  it("shows progress live, without an id, and stores none of it", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const listening = listen(streamOf(job.did), { headers, enough: has("progress") });
    const heartbeat = setInterval(() => void edge.progress(job, 1, { progress: 37 }), 100);
    const heard = await listening;
    clearInterval(heartbeat);
    const live = heard.frames.find(({ event }) => event === "progress");
    expect(live).toMatchObject({
      id: null,
      data: { job_id: job.id, progress: 37, stage: "scenes", attempt: 1 },
    });
    expect(await edge.log(job)).toEqual(["job.queued", "job.started"]);
    await cancel(job);
  });

  it("is 204 for a listener that has the end", async () => {
    const job = await edge.newFilm(key);
    const end = (await idsInLog(job)).at(-1) as string;
    expect((await listen(streamOf(job.did), { headers: { ...headers, "last-event-id": end } })).status).toBe(
      204,
    );
    expect((await listen(streamOf(job.did, `?after=${end}`), { headers })).status).toBe(204);
  });

  it("continues after the requested event cursor, by header or by address", async () => {
    const job = await edge.newFilm(key);
    const place = `${job.id}:2`;
    const byHeader = await listen(streamOf(job.did), { headers: { ...headers, "last-event-id": place } });
    const byAddress = await listen(streamOf(job.did, `?after=${place}`), { headers });
    for (const heard of [byHeader, byAddress]) {
      expect(idsOf(heard.frames)).toEqual([`${job.id}:3`]);
      expect(heard.frames.map(({ event }) => event)).not.toContain("stream.gap");
    }
  });

  it.each([
    ["of a log's future", (job: Job) => `${job.id}:99`],
    ["of another dream's job", () => "job_unknown:1"],
    ["that no job has", () => "17"],
  ])("reports a gap for an event cursor %s, and sends the whole log", async (_, place) => {
    const job = await edge.newFilm(key);
    const heard = await listen(streamOf(job.did), { headers: { ...headers, "last-event-id": place(job) } });
    expect(heard.frames.slice(0, 2)).toMatchObject([
      { event: "snapshot" },
      { event: "stream.gap", id: null, data: { after: place(job), job_id: job.id } },
    ]);
    expect(idsOf(heard.frames)).toEqual(await idsInLog(job));
  });

  it("continues from one job's end to the next job's start without a gap", async () => {
    const first = await edge.newFilm(key);
    const end = (await idsInLog(first)).at(-1) as string;
    const { json } = await edge.call<VideoQueued>("POST", `/dreams/${first.did}/finish`, { key });
    const listening = listen(streamOf(first.did), { headers: { ...headers, "last-event-id": end } });
    const second = { ...first, id: json.job_id };
    await cancel(second);
    const heard = await listening;
    expect(idsOf(heard.frames)).toEqual(await idsInLog(second));
    expect(heard.frames.map(({ event }) => event)).not.toContain("stream.gap");
  });

  it("keeps a listener that came before a film was requested", async () => {
    const did = await edge.newDream(key);
    const came = Promise.withResolvers<void>();
    const listening = listen(streamOf(did), {
      headers,
      enough: (heard) => {
        if (heard.frames.length > 0) came.resolve();
        return has("job.queued")(heard);
      },
    });
    await came.promise;
    await edge.call("POST", `/dreams/${did}/finish`, { key });
    const heard = await listening;
    expect(heard.frames[0]).toMatchObject({ event: "snapshot", data: { job_id: null } });
  });

  it("ends when the dream is deleted", async () => {
    const job = await edge.newJob(key);
    const listening = listen(streamOf(job.did), { headers });
    await edge.call("DELETE", `/dreams/${job.did}`, { key });
    const heard = await listening;
    expect(heard.status === 404 || heard.isOver).toBe(true);
    expect((await listen(streamOf(job.did), { headers })).status).toBe(404);
  });

  // How soon, edge/channel/dream-channel.test.ts tests with a held clock: at the latest after a minute.
  it("finds out by itself if a notice was lost", async () => {
    const job = await edge.newJob(key);
    const listening = listen(streamOf(job.did), { headers, enough: has("job.warning") });
    await listen(streamOf(job.did), { headers, enough: has("job.queued") });
    await edge.sql(
      `INSERT INTO events (job_id, seq, attempt, n, type, data, at) VALUES (?, 2, 0, NULL, 'job.warning', '{}', ?)`,
      job.id,
      Date.now(),
    );
    expect(idsOf((await listening).frames)).toEqual([`${job.id}:1`, `${job.id}:2`]);
    await cancel(job);
  });

  it("sends a comment after a long silence", async () => {
    const job = await edge.newJob(key);
    const begun = Date.now();
    const heard = await listen(streamOf(job.did), { headers, enough: ({ comments }) => comments.length > 0 });
    expect(heard.comments).toEqual(["ping"]);
    // A comment comes after 15 s; the rest is for a machine under load.
    expect(Date.now() - begun).toBeLessThan(45_000);
    await cancel(job);
  });

  it("is refused to others", async () => {
    const job = await edge.newJob(key);
    const stranger = { authorization: `Bearer ${(await edge.newKey()).key}` };
    expect((await listen(streamOf(job.did))).status).toBe(401);
    expect((await listen(streamOf(job.did), { headers: stranger })).status).toBe(404);
    expect((await listen(streamOf("no-such-dream"), { headers })).status).toBe(404);
    await cancel(job);
  });

  it("answers HEAD without a listener", async () => {
    const { status, text } = await edge.call("HEAD", streamOf((await edge.newFilm(key)).did).href, { key });
    expect([status, text]).toEqual([200, ""]);
  });
});

describe("a live stream of a film whose log was cleaned up", () => {
  it("sends what is left and ends", async () => {
    const job = await edge.newFilm(key);
    await edge.sql("DELETE FROM events WHERE job_id = ? AND type <> 'job.completed'", job.id);
    const heard = await listen(streamOf(job.did), { headers });
    expect(heard.isOver).toBe(true);
    expect(idsOf(heard.frames)).toEqual([`${job.id}:3`]);
    const after = await listen(streamOf(job.did), {
      headers: { ...headers, "last-event-id": `${job.id}:1` },
    });
    expect(idsOf(after.frames)).toEqual([`${job.id}:3`]);
  });
});

describe("a key that is revoked", () => {
  it("ends the streams that it opened, and its tokens open nothing", async () => {
    const own = await edge.newKey();
    const job = await edge.newJob(own.key);
    const { json } = await edge.call<EventsAddress>("POST", `/dreams/${job.did}/video-events/token`, own);
    const asked = { headers: { authorization: `Bearer ${own.key}` } };
    const opened = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const enough = (index: number) => () => {
      opened[index]?.resolve();
      return false;
    };
    const listening = [
      listen(streamOf(job.did), { ...asked, enough: enough(0) }),
      listen(json.events_url, { enough: enough(1) }),
    ];
    await Promise.all(opened.map(({ promise }) => promise));
    const begun = Date.now();
    await edge.call("DELETE", `/admin/keys/${own.id}`, { key: secrets.ADMIN_KEY });
    expect((await Promise.all(listening)).map(({ isOver }) => isOver)).toEqual([true, true]);
    // Unless it is notified, a channel without news finds a revoked key after 55 s.
    expect(Date.now() - begun).toBeLessThan(45_000);
    expect((await listen(streamOf(job.did), asked)).status).toBe(401);
    expect((await listen(json.events_url)).status).toBe(401);
  });
});

describe("an owner's live streams", () => {
  it("are limited over all dreams; one that ends makes room", async () => {
    const small = await startEdge({ OWNER_STREAMS: "3" });
    try {
      const { key: own } = await small.newKey();
      const cuts: (() => void)[] = [];
      const open = async (as: string, dream?: string) => {
        const did = dream ?? (await small.newJob(as)).did;
        const cut = new AbortController();
        const { status } = await fetch(new URL(`/dreams/${did}/video-events`, small.url), {
          headers: { authorization: `Bearer ${as}` },
          signal: cut.signal,
        });
        if (status === 200) cuts.push(() => cut.abort());
        return status;
      };
      expect(await Promise.all([1, 2, 3].map(() => open(own)))).toEqual([200, 200, 200]);
      expect(await open(own)).toBe(429);
      expect(await open((await small.newKey()).key)).toBe(200);
      for (const cut of cuts.slice(0, 3)) cut();
      // The second ping finds a listener that disconnected without notice.
      const { did } = await small.newJob(own);
      await until(async () => (await open(own, did)) === 200);
      for (const cut of cuts) cut();
    } finally {
      await small.close();
    }
  });
});

describe("an address without a key", () => {
  const addressOf = async (did: string) =>
    (await edge.call<OrProblem<EventsAddress>>("POST", `/dreams/${did}/video-events/token`, { key })).json;

  it("opens its dream's stream for an hour", async () => {
    const job = await edge.newFilm(key);
    const { events_url, expires_at } = await addressOf(job.did);
    expect(idsOf((await listen(events_url)).frames)).toEqual(await idsInLog(job));
    expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(3_590_000);
  });

  it("opens nothing else, also when it is changed", async () => {
    const job = await edge.newFilm(key);
    const other = await edge.newFilm(key);
    const { events_url } = await addressOf(job.did);
    const [, expires, dream, apiKey, mac] = /token=(\d+)\.(\w+)\.(\w+)\.(.+)$/.exec(events_url) ?? [];
    const forged = [
      events_url.replace(`${expires}.`, `${Number(expires) + 1}.`),
      events_url.replace(`.${dream}.`, `.${other.dreamId}.`),
      events_url.replace(`.${apiKey}.`, `.${(await edge.newKey()).id}.`),
      events_url.replace(mac as string, "A".repeat(43)),
      events_url.replace(/token=.*/, "token="),
    ];
    for (const address of forged) expect((await listen(address)).status).toBe(401);
    expect((await listen(events_url.replace(job.did, other.did))).status).toBe(404);
  });

  it("does not open a dream with a deleted one's id", async () => {
    const did = await edge.newDream(key);
    const { events_url } = await addressOf(did);
    await edge.call("DELETE", `/dreams/${did}`, { key });
    const { key: stranger } = await edge.newKey();
    await edge.call("POST", "/dreams", { key: stranger, body: { id: did, transcript: "Mine." } });
    expect((await listen(events_url)).status).toBe(404);
  });

  it("is made for the owner only", async () => {
    const did = await edge.newDream(key);
    const { key: stranger } = await edge.newKey();
    const asked = await edge.call("POST", `/dreams/${did}/video-events/token`, { key: stranger });
    expect(asked.json).toMatchObject({ status: 404, code: "dream.not_found" });
  });
});

describe("a listener whose connection is cut 60 times", () => {
  it(`gets every stored event once, in order (SEED=${seedOfRun})`, async () => {
    const random = seeded(seedOfRun);
    const job = await edge.newJob(key);
    await edge.claim(job);
    let isCutEnough = false;
    const work = (async () => {
      for (let n = 1; !isCutEnough; n += 3) {
        const events = [voice(n), voice(n + 1), voice(n + 2)].slice(0, 1 + Math.floor(random() * 3));
        await edge.progress(job, 1, { progress: Math.min(99, n), events });
        if (events.length < 3) n -= 3 - events.length;
      }
      await edge.putFilm(job, 1);
      await edge.complete(job, 1);
    })();
    const frames: Frame[] = [];
    const statuses: number[] = [];
    for (let cuts = 0; ; cuts++) {
      isCutEnough = cuts >= 60;
      const last = idsOf(frames).at(-1);
      const byHeader = random() < 0.5;
      const heard = await listen(streamOf(job.did, last && !byHeader ? `?after=${last}` : ""), {
        headers: { ...headers, ...(last && byHeader ? { "last-event-id": last } : {}) },
        ...(isCutEnough ? {} : { cutAfterBytes: 1 + Math.floor(random() ** 2 * 6000) }),
      });
      frames.push(...heard.frames);
      statuses.push(heard.status);
      if (isCutEnough && (heard.isOver || heard.status === 204)) break;
    }
    await work;
    const log = await idsInLog(job);
    expect(statuses.length).toBeGreaterThan(60);
    expect(log.length).toBeGreaterThan(15);
    expect(idsOf(frames)).toEqual(log);
    expect(frames.some(({ event }) => event === "stream.gap")).toBe(false);
  });
});

/** A thousand, without the wire: edge/channel/dream-channel.test.ts. */
describe("many listeners, each over the wire", () => {
  it("get every stored event once, in order, half of them after a reconnect", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const watch = async (index: number): Promise<string[]> => {
      const first = await listen(streamOf(job.did), {
        headers,
        ...(index % 2 ? { cutAfterBytes: 1_500 + 150 * index } : {}),
      });
      if (first.isOver) return idsOf(first.frames);
      const last = idsOf(first.frames).at(-1);
      const rest = await listen(streamOf(job.did), {
        headers: { ...headers, ...(last ? { "last-event-id": last } : {}) },
      });
      return [...idsOf(first.frames), ...idsOf(rest.frames)];
    };
    const watching = atOnce(60, watch);
    for (let n = 1; n <= 30; n++) await edge.progress(job, 1, { progress: n, events: [voice(n)] });
    await edge.putFilm(job, 1);
    await edge.complete(job, 1);
    const log = await idsInLog(job);
    const heard = await watching;
    expect(heard).toHaveLength(60);
    expect(heard.filter((ids) => ids.join() !== log.join())).toEqual([]);
  });
});

describe("GET /dreams/{did}/events", () => {
  const pages = (did: string, query = "", as = key) =>
    edge.call<OrProblem<EventPage>>("GET", `/dreams/${did}/events${query}`, { key: as });

  it("gives the log in pages, and continues where a page ended", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.progress(job, 1, { events: [voice(1), voice(2), voice(3)] });
    const seen: number[] = [];
    let query = "?limit=2";
    for (;;) {
      const { json } = await pages(job.did, query);
      expect(json.job_id).toBe(job.id);
      seen.push(...json.data.map(({ seq }) => seq));
      query = `?limit=2&after=${json.next_after}`;
      if (!json.has_more) break;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect((await pages(job.did, query)).json).toMatchObject({ data: [], next_after: `${job.id}:5` });
    await edge.progress(job, 1, { events: [voice(4)] });
    expect((await pages(job.did, query)).json.data).toMatchObject([
      { seq: 6, type: "scene.voice", data: { scene: 0, seconds: 1.5, reused: false } },
    ]);
  });

  it("gives an older job's log too", async () => {
    const job = await edge.newFilm(key);
    await edge.call("POST", `/dreams/${job.did}/finish`, { key });
    const { json } = await pages(job.did, `?after=${job.id}:0`);
    expect(json.data.map(({ type }) => type)).toEqual(["job.queued", "job.started", "job.completed"]);
    expect((await pages(job.did)).json.data.map(({ type }) => type)).toEqual(["job.queued"]);
  });

  it("is empty before a film was requested", async () => {
    const { json } = await pages(await edge.newDream(key));
    expect(json).toEqual({ job_id: null, data: [], next_after: null, has_more: false });
  });

  it("explains a wrong request", async () => {
    const job = await edge.newFilm(key);
    const other = await edge.newFilm(key);
    const codeOf = async (...asked: Parameters<typeof pages>) => (await pages(...asked)).json.code;
    expect(await codeOf("no-such-dream")).toBe("dream.not_found");
    expect(await codeOf(job.did, "", (await edge.newKey()).key)).toBe("dream.not_found");
    expect(await codeOf(job.did, "", "dr_no-such-key")).toBe("auth.invalid");
    expect(await codeOf(job.did, "?after=nonsense")).toBe("cursor.invalid");
    expect(await codeOf(job.did, `?after=${other.id}:0`)).toBe("cursor.invalid");
    expect(await codeOf(job.did, "?limit=101")).toBe("request.invalid");
    expect(await codeOf(job.did, "?page=2")).toBe("request.invalid");
  });
});
