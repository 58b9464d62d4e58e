/** The clients of a run: they store dreams, request films, poll the status, and download the films. */
import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { VideoQueued, VideoStatus } from "../../contract/job.ts";
import type { Cloud } from "./cloud.ts";
import type { History } from "./history.ts";

export interface Submitted {
  job: string;
  dream: string;
  owner: string;
  key: string;
}

/** The grant in a film's address: expiry, attempt, signature. */
export const grantShape = /\d{9,12}-(\d{1,6})-[A-Za-z0-9_-]{43}/;

/** A word in every dream of a run, so no log may contain it. */
export const dreamMarker = "Quillonmoor";

/** Requests a film of a new dream, and repeats the request until the edge accepts it. */
export async function submit(
  cloud: Cloud,
  history: History,
  owner: { name: string; key: string },
  number: number,
): Promise<Submitted> {
  const dream = `dream-${number}-${randomUUID().slice(0, 8)}`;
  const transcript = `I stood at the harbour of ${dreamMarker} number ${number}. A lantern ${number} swam over the water. Then the bell of house ${number} rang.`;
  for (;;) {
    const since = history.now();
    const made = await call(cloud, owner.key, "POST", "/dreams", {
      id: dream,
      title: `${dreamMarker} ${number}`,
      transcript,
    });
    if (made === null || (made.status >= 300 && made.status !== 409)) {
      await sleep(300);
      continue;
    }
    const asked = await call<VideoQueued>(cloud, owner.key, "POST", `/dreams/${dream}/finish`, filmOptions, {
      "idempotency-key": dream,
    });
    if (asked === null || asked.status >= 300) {
      await sleep(300);
      continue;
    }
    const job = asked.json.job_id;
    history.add("client", { op: "submit", args: { job, dream, owner: owner.name } }, "ok", since);
    return { job, dream, owner: owner.name, key: owner.key };
  }
}

const filmOptions = { length_seconds: 10, max_cost_usd: 0.25 };

/** Requests the film once more after a failure that may be retried. */
export async function askAgain(cloud: Cloud, history: History, film: Submitted): Promise<Submitted> {
  for (;;) {
    const since = history.now();
    const path = `/dreams/${film.dream}/finish`;
    const headers = { "idempotency-key": `after-${film.job}` };
    const asked = await call<VideoQueued>(cloud, film.key, "POST", path, filmOptions, headers);
    if (asked !== null && asked.status < 300) {
      const job = asked.json.job_id;
      history.add(
        "client",
        { op: "submit", args: { job, dream: film.dream, owner: film.owner } },
        "ok",
        since,
      );
      return { ...film, job };
    }
    await sleep(300);
  }
}

/** Null if the edge did not answer. */
export async function look(cloud: Cloud, history: History, film: Submitted): Promise<VideoStatus | null> {
  const since = history.now();
  const answer = await call<VideoStatus>(cloud, film.key, "GET", `/dreams/${film.dream}/video-status`);
  if (answer?.status !== 200) return null;
  const { job_id, status, progress, attempt } = answer.json;
  history.add(
    "client",
    { op: "read", args: { job: job_id ?? film.job, status: status ?? "none", progress, attempt } },
    "ok",
    since,
  );
  return answer.json;
}

/**
 * Downloads the film from its signed address and reports its hash. The grant in the address names the
 * attempt.
 */
export async function fetchFilm(history: History, film: Submitted, url: string): Promise<void> {
  const since = history.now();
  const response = await fetch(url);
  const bytes = Buffer.from(await response.arrayBuffer());
  const [, attempt] = grantShape.exec(url) ?? [];
  history.add(
    "client",
    {
      op: "film",
      args: {
        job: film.job,
        attempt: Number(attempt),
        sha256: createHash("sha256").update(bytes).digest("hex"),
        size: bytes.length,
      },
    },
    response.ok ? "ok" : "fail",
    since,
  );
}

/** Tries to read the job of another owner. */
export async function pry(cloud: Cloud, history: History, film: Submitted, otherKey: string): Promise<void> {
  const answer = await call(cloud, otherKey, "GET", `/dreams/${film.dream}/video-status`);
  history.add(
    "client",
    { op: "read-foreign", args: { job: film.job } },
    answer?.status === 404 ? "fail" : "ok",
  );
}

async function call<T = unknown>(
  cloud: Cloud,
  key: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: T } | null> {
  try {
    const response = await fetch(new URL(path, cloud.edgeUrl), {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: response.status, json: (await response.json()) as T };
  } catch {
    return null;
  }
}
