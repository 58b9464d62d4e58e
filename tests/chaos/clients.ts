/** The people of a run: they tell dreams, ask for films, look how it goes, and fetch what was made. */
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

/** What lets whoever has it see a film: expiry, attempt, signature. */
export const grantShape = /\d{9,12}-(\d{1,6})-[A-Za-z0-9_-]{43}/;

/** In every dream of a run, and so nowhere in its logs. */
export const dreamMarker = "Quillonmoor";

/** Asks for a film of a dream of its own, again and again until it is accepted: an edge that is away loses nothing. */
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

/** Asks for the film once more after it failed, as a person would who was told that it may be tried again. */
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

/** Null where the edge was away. */
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

/** Fetches the film by its signed address and tells what it is. The grant in the address names the attempt. */
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

/** Tries to see somebody else's. */
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
