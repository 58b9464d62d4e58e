/** No sweep runs here: the alarm at the lease's end requeues the job, in real time. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { heartbeatSeconds, leaseSeconds, maxFailedAttempts, presence } from "../../contract/limits.ts";
import { signMessage } from "../../contract/signature.ts";
import { until } from "../until.ts";
import { atOnce, type Edge, type Job, secrets, startEdge } from "./harness.ts";
import { listen } from "./listen.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge({}, { fresh: true });
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

/** The time from `sinceMs` until the job had this status, in milliseconds. */
const untilStatus = (job: Job, status: string, sinceMs: number) =>
  until(
    async () => (await edge.status(job)).status,
    (now) => now === status,
  ).then(() => Date.now() - sinceMs);

/** The alarm comes within a second of the lease's end; the rest is for a machine under load. */
const mostMs = leaseSeconds * 1000 + 30_000;

describe("the end of a lease", () => {
  it("requeues a dead worker's job within seconds, and leaves a running worker's job unchanged", async () => {
    const [dead, doomed, living] = (await atOnce(3, () => edge.newJob(key))) as [Job, Job, Job];
    const over = new AbortController();
    await edge.claim(living);
    const beating = beat(living, over.signal);
    await edge.claim(doomed);
    await edge.sql("UPDATE jobs SET failed_attempts = ? WHERE id = ?", maxFailedAttempts - 1, doomed.id);
    await edge.claim(dead);
    const silentSinceMs = Date.now();
    const heard = listen(new URL(`/dreams/${dead.did}/video-events`, edge.url), {
      headers: { authorization: `Bearer ${key}` },
      enough: ({ frames }) => frames.some(({ event }) => event === "job.retrying"),
    });
    // The living worker's last report comes shortly before the alarm, and its lease ends 10 s after the dead
    // worker's.
    await until(() => Date.now() > silentSinceMs + (leaseSeconds - heartbeatSeconds) * 1000);
    over.abort();
    await beating;
    await edge.sql(
      `UPDATE jobs SET lease_expires_at = 10000 + (SELECT lease_expires_at FROM jobs WHERE id = ?) WHERE id = ?`,
      ...[dead.id, living.id],
    );

    const waits = await Promise.all([
      untilStatus(dead, "queued", silentSinceMs),
      untilStatus(doomed, "failed", silentSinceMs),
    ]);
    expect(await edge.status(living)).toMatchObject({ status: "processing", attempt: 1 });
    for (const waitedMs of waits) {
      expect(waitedMs).toBeGreaterThan(leaseSeconds * 1000 - 2_000);
      expect(waitedMs).toBeLessThan(mostMs);
    }
    expect(await edge.messages(dead.id)).toHaveLength(2);
    expect(await edge.messages(doomed.id)).toHaveLength(1);
    expect((await heard).frames.map(({ event }) => event)).toContain("job.retrying");
    // No claim has set an alarm for the renewed lease: the first one did.
    expect(await untilStatus(living, "queued", silentSinceMs)).toBeLessThan(10_000 + mostMs);
    expect((await edge.claim(dead)).json).toMatchObject({ outcome: "claimed", attempt: 2 });
  });
});

describe("the end of a worker's presence connection", () => {
  it("costs the worker within seconds the jobs that it has not reported since, and no other's", async () => {
    const jobs = (await atOnce(5, () => edge.newJob(key))) as [Job, Job, Job, Job, Job];
    const names = ["dead", "living", "leaving", "again", "frozen"] as const;
    const open = Object.fromEntries(
      await Promise.all(
        names.map(async (worker_id, n) => {
          await edge.claim(jobs[n] as Job, { worker_id });
          return [worker_id, await openPresence(worker_id)] as const;
        }),
      ),
    ) as Record<(typeof names)[number], Opened>;
    const [dead, living, leaving, again, frozen] = jobs;
    await edge.report("/internal/workers/dead/sign-of-life", {
      ...{ worker_id: "dead", region: "r", version: "1", slots: 1, leaving: false, every_seconds: 10 },
    });
    clearInterval(open.frozen.pings);
    const sinceMs = Date.now();
    open.dead.socket.terminate();
    open.living.socket.terminate();
    open.leaving.socket.close(1000);
    // A process that opens a new connection does so before the edge has seen the end of the old one.
    const next = await openPresence("again", open.again.process);
    open.again.socket.terminate();
    // A new process of the same machine, with a job of its own.
    const restarted = await openPresence("dead");
    const fresh = await edge.newJob(key);
    await edge.claim(fresh, { worker_id: "dead" });
    await edge.progress(living, 1);

    // 3 and 9 s; the rest is for a machine under load. A lease ends later.
    for (const job of [dead, frozen])
      expect(await untilStatus(job, "queued", sinceMs)).toBeLessThan((leaseSeconds - 3) * 1000);
    const still = await Promise.all([living, leaving, again, fresh].map((job) => edge.status(job)));
    expect(still.map(({ status, attempt }) => [status, attempt])).toEqual(Array(4).fill(["processing", 1]));
    expect((await edge.progress(dead, 1)).json).toMatchObject({ code: "job.fenced" });
    expect(await edge.log(dead)).toContain("job.retrying");
    expect(await edge.messages(dead.id)).toHaveLength(2);
    const [row] = await edge.sql<{ gone_at: number }>("SELECT gone_at FROM workers WHERE id = 'dead'");
    expect(row?.gone_at).toBeLessThan(Date.now());
    for (const { socket, pings } of [...Object.values(open), next, restarted]) {
      clearInterval(pings);
      socket.terminate();
    }
  });

  it("is opened by a signature over its address only, once", async () => {
    const path = `/internal/workers/w/presence?process=${randomUUID()}`;
    const signed = sign(path);
    const other = `/internal/workers/other/presence?process=${randomUUID()}`;
    expect(await refusalOf(other, signed)).toBe(401);
    const socket = new WebSocket(addressOf(path), { headers: signed });
    await once(socket, "open");
    expect(await refusalOf(path, signed)).toBe(409);
    socket.close(1000);
  });
});

describe("the edge's request for a report", () => {
  it("goes to the worker of a job that is cancelled, deleted or listened to, and to no other", async () => {
    const [cancelled, deleted, watched, other] = (await atOnce(4, () => edge.newJob(key))) as [
      ...[Job, Job, Job, Job],
    ];
    const jobs = { cancelled, deleted, watched, other };
    const asked: string[] = [];
    const opened = await Promise.all(
      Object.entries(jobs).map(async ([worker_id, job]) => {
        await edge.claim(job, { worker_id });
        const connection = await openPresence(worker_id);
        connection.socket.on("message", (data) => {
          if (String(data) === presence.askForReports) asked.push(worker_id);
        });
        return connection;
      }),
    );
    const said = await edge.progress(other, 1);
    expect(said.json).toMatchObject({ asks_for_reports: true, watched: false });
    await edge.call("POST", `/dreams/${cancelled.did}/cancel`, { key });
    await until(() => asked.includes("cancelled"));
    await edge.call("DELETE", `/dreams/${deleted.did}`, { key });
    await until(() => asked.includes("deleted"));
    await listen(new URL(`/dreams/${watched.did}/video-events`, edge.url), {
      headers: { authorization: `Bearer ${key}` },
      enough: () => asked.includes("watched"),
    });
    expect((await edge.progress(watched, 1)).json).toMatchObject({ watched: true });
    expect(asked).toEqual(["cancelled", "deleted", "watched"]);
    for (const { socket, pings } of opened) {
      clearInterval(pings);
      socket.close(1000);
    }
  });
});

interface Opened {
  socket: WebSocket;
  process: string;
  pings: NodeJS.Timeout;
}

const addressOf = (path: string) => new URL(path, edge.url).href.replace(/^http/, "ws");
const sign = (path: string) => {
  const secret = secrets.CALLBACK_SECRETS.split(" ")[0] as string;
  return { ...signMessage(secret, randomUUID(), Math.floor(Date.now() / 1000), path) };
};

/** As a worker's process opens it, with pings. */
async function openPresence(worker: string, process: string = randomUUID()): Promise<Opened> {
  const path = `/internal/workers/${worker}/presence?process=${process}`;
  const socket = new WebSocket(addressOf(path), { headers: sign(path) });
  await once(socket, "open");
  const ping = () => socket.readyState === WebSocket.OPEN && socket.send("ping");
  ping();
  expect(String((await once(socket, "message"))[0])).toBe("pong");
  return { socket, process, pings: setInterval(ping, presence.pingSeconds * 1000) };
}

async function refusalOf(path: string, headers: Record<string, string>): Promise<number | undefined> {
  const socket = new WebSocket(addressOf(path), { headers });
  const [, response] = await once(socket, "unexpected-response");
  return response.statusCode;
}

async function beat(job: Job, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    expect((await edge.progress(job, 1)).status).toBe(200);
    await sleep(heartbeatSeconds * 1000, undefined, { signal }).catch(() => {});
  }
}
