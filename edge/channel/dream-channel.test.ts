/**
 * The channel's own class over the real D1 of a real edge, in this process, where trips to D1 can be counted.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { limits } from "../../contract/limits.ts";
import { type Edge, type Job, secrets, startEdge } from "../../tests/edge/harness.ts";
import { type WatchedD1, watchD1 } from "../../tests/edge/watched-d1.ts";
import { until } from "../../tests/until.ts";
import type { Env } from "../env.ts";
import { realPorts } from "../ports.ts";
import type { DreamChannel as Channel } from "./dream-channel.ts";

vi.mock("cloudflare:workers", () => ({
  DurableObject: class {
    env: unknown;
    constructor(_context: unknown, env: unknown) {
      this.env = env;
    }
  },
}));
const { DreamChannel } = await import("./dream-channel.ts");
const { StreamCount } = await import("./stream-count.ts");

let edge: Edge;
let watched: WatchedD1;
let key: string;
let owner: string;
let keyId: string;
beforeAll(async () => {
  edge = await startEdge();
  watched = watchD1(edge.d1);
  owner = "listening-owner";
  ({ key, id: keyId } = await edge.newKey(owner));
});
afterAll(() => edge.close());

/** How far the objects' clock is ahead of the edge's. */
let aheadMs = 0;
const ports = { ...realPorts, now: () => Date.now() + aheadMs };
const context = { waitUntil: (work: Promise<unknown>) => void work } as unknown as DurableObjectState;
const leases = { getByName: () => ({ askForReports: async () => {} }) };
const count = new StreamCount(context, { OWNER_STREAMS: "20000" } as unknown as Env, ports);
const streamCounts = { getByName: () => count };
const newChannel = (): Channel =>
  new DreamChannel(
    context,
    { DB: watched.d1, STREAM_COUNTS: streamCounts, LEASES: leases, ...secrets } as unknown as Env,
    ports,
  );
const addressOf = (job: Job, key: string, after = "") =>
  new Request(
    `https://channel/?dream=${job.dreamId}&owner=${owner}&key=${key}&origin=https://x.example&after=${after}`,
  );
const open = (channel: Channel, job: Job, after = "") => channel.fetch(addressOf(job, keyId, after));

/** Reads on until the text has `count` of `what`; gives all of the text so far. */
function reader(response: Response) {
  const stream = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  return {
    stop: () => stream.cancel(),
    async until(what: string, count = 1): Promise<string> {
      while (text.split(what).length <= count) {
        const { done, value } = await stream.read();
        if (done) throw new Error(`the stream ended before ${what}: ${text}`);
        text += decoder.decode(value, { stream: true });
      }
      return text;
    },
  };
}

const voice = (n: number) => ({
  n,
  event: { type: "scene.voice" as const, data: { scene: n, seconds: 1, reused: false } },
});

describe("a channel with a thousand listeners", () => {
  it("asks D1 once for each change, however many hear of it, and not at all for progress", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const channel = newChannel();
    watched.forget();
    const readers = (await Promise.all(Array.from({ length: 1000 }, () => open(channel, job)))).map(reader);
    await Promise.all(readers.map((one) => one.until("job.started")));
    expect(watched.trips).toBeLessThanOrEqual(2);

    for (let n = 1; n <= 5; n++) {
      watched.forget();
      await edge.progress(job, 1, { progress: n, events: [voice(n)] });
      await channel.notify({ dreamId: job.dreamId, changed: true });
      await Promise.all(readers.map((one) => one.until('"type":"scene.voice"', n)));
      expect(watched.trips).toBe(1);
    }

    watched.forget();
    const live = { jobId: job.id, attempt: 1, stage: "scenes" as const, scenes_total: 3, scenes_ready: 1 };
    await channel.notify({
      dreamId: job.dreamId,
      changed: false,
      live: { ...live, progress: 42, cost_usd: 0 },
    });
    const texts = await Promise.all(readers.map((one) => one.until("event: progress")));
    expect(watched.trips).toBe(0);
    expect(texts.every((text) => text.includes('"progress":42'))).toBe(true);
    await Promise.all(readers.map((one) => one.stop()));
  });

  it("takes 5,000 of 10,000 that come at once, tells the rest so, and takes others when some have left", async () => {
    const job = await edge.newJob(key);
    const channel = newChannel();
    const answers = await Promise.all(Array.from({ length: 10_000 }, () => open(channel, job)));
    const inside = answers.filter(({ status }) => status === 200);
    expect(inside).toHaveLength(limits.listeners);
    expect(answers.filter(({ status }) => status === 503)).toHaveLength(10_000 - limits.listeners);
    await Promise.all(inside.slice(0, 10).map((one) => one.body?.cancel()));
    const later = await Promise.all(Array.from({ length: 20 }, () => open(channel, job)));
    expect(later.map(({ status }) => status).sort()).toEqual([
      ...Array(10).fill(200),
      ...Array(10).fill(503),
    ]);
    await Promise.all([...inside.slice(10), ...later].map((one) => one.body?.cancel()));
  });

  it("forgets those that left, and does nothing without any", async () => {
    const job = await edge.newJob(key);
    const channel = newChannel();
    const one = reader(await open(channel, job));
    await one.until("job.queued");
    await one.stop();
    watched.forget();
    await channel.notify({ dreamId: job.dreamId, changed: true });
    expect(watched.trips).toBe(0);
  });
});

describe("a listener that does not read", () => {
  it("holds nothing, and finds everything stored and the newest progress when it reads on", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const channel = newChannel();
    const slow = reader(await open(channel, job));
    await slow.until("job.started");
    for (let n = 1; n <= 30; n++) {
      await edge.progress(job, 1, { progress: n, events: [voice(n)] });
      const live = { jobId: job.id, attempt: 1, stage: "scenes" as const, scenes_total: 3, scenes_ready: 0 };
      await channel.notify({
        dreamId: job.dreamId,
        changed: true,
        live: { ...live, progress: n, cost_usd: 0 },
      });
    }
    const text = await slow.until('"type":"scene.voice"', 30);
    const ids = [...text.matchAll(/^id: .*:(\d+)$/gm)].map(([, seq]) => Number(seq));
    expect(ids).toEqual(Array.from({ length: 32 }, (_, place) => place + 1));
    const shown = [...text.matchAll(/^event: progress\ndata: (.*)$/gm)].map(([, data]) =>
      JSON.parse(data as string),
    );
    expect(shown.length).toBeLessThanOrEqual(2);
    expect(shown.at(-1)?.progress).toBe(30);
    await slow.stop();
  });
});

describe("a channel whose D1 is away", () => {
  it("says so to who comes, and tells those who stayed once D1 is back", async () => {
    const job = await edge.newJob(key);
    const channel = newChannel();
    const one = reader(await open(channel, job));
    await one.until("job.queued");
    watched.fault = () => "before";
    await edge.claim(job);
    await expect(channel.notify({ dreamId: job.dreamId, changed: true })).rejects.toThrow(
      "Network connection lost",
    );
    await expect(open(newChannel(), job)).rejects.toThrow("Network connection lost");
    watched.fault = () => null;
    await channel.notify({ dreamId: job.dreamId, changed: true });
    await until(
      () => one.until("job.started"),
      (text) => text.includes("job.started"),
    );
    await one.stop();
  });
});

describe("progress", () => {
  it("goes back for no older attempt and no late report", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const channel = newChannel();
    const one = reader(await open(channel, job));
    await one.until("job.started");
    const say = (attempt: number, progress: number) =>
      channel.notify({
        dreamId: job.dreamId,
        changed: false,
        live: {
          jobId: job.id,
          attempt,
          progress,
          stage: "scenes",
          scenes_total: 3,
          scenes_ready: 0,
          cost_usd: 0,
        },
      });
    await edge.progress(job, 1, { progress: 50 });
    await say(1, 50);
    await say(1, 40);
    await one.until("event: progress");
    await edge.release(job, 1);
    await edge.claim(job);
    await channel.notify({ dreamId: job.dreamId, changed: true });
    await say(1, 90);
    await say(2, 10);
    const text = await one.until('"attempt":2,"cost_usd"');
    const shown = [...text.matchAll(/^event: progress\ndata: (.*)$/gm)].map(([, data]) =>
      JSON.parse(data as string),
    );
    expect(shown.every(({ progress }) => progress === 50)).toBe(true);
    await one.stop();
  });
});

describe("a quiet channel", () => {
  const minuteMs = 60_000;
  /** Lets so much time pass for the channel's clock; D1 and streams stay real. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 5_000) {
      aheadMs += 5_000;
      vi.advanceTimersByTime(5_000);
      await new Promise((resolve) => setImmediate(resolve));
      await edge.d1.prepare("SELECT 1").all();
    }
  }
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  it("looks for itself about once a minute, ends streams by their age, and then not at all", async () => {
    const job = await edge.newJob(key);
    const channel = newChannel();
    const one = reader(await open(channel, job));
    await one.until("job.queued");
    await pass(2 * minuteMs);
    watched.forget();
    const fromMs = Date.now() + aheadMs;
    await pass(20 * minuteMs);
    const passedMs = Date.now() + aheadMs - fromMs;
    // One look in 55 s, and one that began before.
    expect(watched.trips).toBeLessThanOrEqual(Math.ceil(passedMs / 55_000) + 1);
    expect(watched.trips).toBeGreaterThan(5);
    await pass((limits.streamSeconds / 60 - 20) * minuteMs);
    await expect(one.until("never said")).rejects.toThrow("the stream ended");
    watched.forget();
    await pass(5 * minuteMs);
    expect(watched.trips).toBe(0);
  });

  it("ends a revoked key's streams within a minute, and no other key's, though no notice told it", async () => {
    const other = await edge.newKey(owner);
    const job = await edge.newJob(key);
    const channel = newChannel();
    const stays = reader(await open(channel, job));
    const goes = reader(await channel.fetch(addressOf(job, other.id)));
    await Promise.all([stays.until("job.queued"), goes.until("job.queued")]);
    await pass(10 * minuteMs);
    await edge.sql("UPDATE api_keys SET revoked_at = 1 WHERE id = ?", other.id);
    await pass(minuteMs);
    await expect(goes.until("never said")).rejects.toThrow("the stream ended");
    expect((await channel.fetch(addressOf(job, other.id))).status).toBe(401);
    await edge.claim(job);
    await channel.notify({ dreamId: job.dreamId, changed: true });
    await stays.until("job.started");
    await stays.stop();
  });
});
