/** The clients of a run: they store dreams, request films, poll the status, and download the films. */
import { createHash, randomUUID } from "node:crypto";
import type { VideoQueued, VideoStatus } from "../../contract/job.ts";
import { until } from "../until.ts";
import type { Cloud } from "./cloud.ts";
import type { History } from "./history.ts";
import type { Question } from "./questions.ts";

export interface Submitted {
  job: string;
  dream: string;
  owner: string;
  key: string;
  /** Null: its owner did not ask to decide first. */
  question: Question | null;
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
  question: Question | null = null,
): Promise<Submitted> {
  const dream = `dream-${number}-${randomUUID().slice(0, 8)}`;
  const transcript = `I stood at the harbour of ${dreamMarker} number ${number}. A lantern ${number} swam over the water. Then the bell of house ${number} rang.`;
  const body = { id: dream, title: `${dreamMarker} ${number}`, transcript };
  // 409: it was stored, and the answer was lost.
  await until(() => call(cloud, owner.key, "POST", "/dreams", body), isTaken(409));
  const { job, since } = await finish(cloud, history, { key: owner.key, dream, question }, dream);
  history.add("client", { op: "submit", args: { job, dream, owner: owner.name } }, "ok", since);
  return { job, dream, owner: owner.name, key: owner.key, question };
}

/** Whether the edge answered, and with success or with this status. */
const isTaken =
  (alsoStatus = 0) =>
  (answer: { status: number } | null): boolean =>
    answer !== null && (answer.status < 300 || answer.status === alsoStatus);

/** Requests the dream's film until the edge accepts it. `since`: when the accepted request began. */
async function finish(
  cloud: Cloud,
  history: History,
  { key, dream, question }: Pick<Submitted, "key" | "dream" | "question">,
  idempotencyKey: string,
) {
  let since = 0;
  const body = { ...filmOptions, pause_after: question?.at ?? null };
  const answer = await until(() => {
    since = history.now();
    const headers = { "idempotency-key": idempotencyKey };
    return call<VideoQueued>(cloud, key, "POST", `/dreams/${dream}/finish`, body, headers);
  }, isTaken());
  return { job: answer?.json.job_id as string, since };
}

const filmOptions = { length_seconds: 10, max_cost_usd: 0.25 };

/** Requests the film once more after a failure that may be retried. */
export async function askAgain(cloud: Cloud, history: History, film: Submitted): Promise<Submitted> {
  const { dream, owner } = film;
  const { job, since } = await finish(cloud, history, film, `after-${film.job}`);
  history.add("client", { op: "submit", args: { job, dream, owner } }, "ok", since);
  return { ...film, job };
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

/** Null if the edge did not answer. */
export async function call<T = unknown>(
  cloud: Cloud,
  key: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: T; headers: Headers } | null> {
  try {
    const response = await fetch(new URL(path, cloud.edgeUrl), {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: response.status, json: (await response.json()) as T, headers: response.headers };
  } catch {
    return null;
  }
}
