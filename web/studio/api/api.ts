/** The API as the page uses it. Every call but the stream of events ends in its answer or in an ApiProblem. */
import type { Estimate } from "../../../contract/cost.ts";
import type { CreateDream, Dream, DreamList } from "../../../contract/dream.ts";
import type { FilmOptions } from "../../../contract/film.ts";
import type { RedoQueued, RedoScene, VideoQueued, VideoStatus } from "../../../contract/job.ts";
import { ApiProblem, readProblem } from "../../shared/api-problem.ts";
import { readKey } from "./key.ts";

export const createDream = (dream: CreateDream) => post<Dream>("/dreams", dream);
export const finishDream = (dreamId: string, options: Partial<FilmOptions>) =>
  post<VideoQueued>(`/dreams/${dreamId}/finish`, options);
/** What the film would cost. Asked again and again while somebody writes, so it is not retried. */
export const estimateFilm = (transcript: string, options: Partial<FilmOptions>, signal: AbortSignal) =>
  call<Estimate>("POST", "/estimate", {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ transcript, options }),
    signal,
  });
export const cancelFilm = (dreamId: string) => post<VideoStatus>(`/dreams/${dreamId}/cancel`);
export const redoScene = (dreamId: string, scene: number, wish: RedoScene) =>
  post<RedoQueued>(`/dreams/${dreamId}/scenes/${scene}/redo`, wish);
export const readDream = (dreamId: string, signal?: AbortSignal) =>
  call<Dream>("GET", `/dreams/${dreamId}`, { signal });
export const readStatus = (dreamId: string, signal?: AbortSignal) =>
  call<VideoStatus>("GET", `/dreams/${dreamId}/video-status`, { signal });
export const listDreams = (cursor: string | null, signal?: AbortSignal) =>
  call<DreamList>(
    "GET",
    `/dreams?limit=12${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    {
      signal,
    },
  );
export const deleteDream = (dreamId: string) => call<void>("DELETE", `/dreams/${dreamId}`);

/** The stream of the film's events, after the place `after` in its log. The caller reads its body. */
export const openEvents = (dreamId: string, after: string | null, signal: AbortSignal) =>
  send("GET", `/dreams/${dreamId}/video-events${after === null ? "" : `?after=${after}`}`, {
    signal,
    headers: { accept: "text/event-stream" },
  });

interface CallOptions {
  body?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

const retryDelaysMs = [500, 1_500, 3_000];

/** Asks again where there was no answer: the same Idempotency-Key makes that safe. */
async function post<Answer>(path: string, body: object = {}): Promise<Answer> {
  const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
  const options = { headers, body: JSON.stringify(body) };
  for (const delayMs of retryDelaysMs) {
    try {
      return await call<Answer>("POST", path, options);
    } catch (error) {
      if (!(error instanceof ApiProblem && error.code === "network.unreachable")) throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
  return call<Answer>("POST", path, options);
}

async function call<Answer>(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const response = await send(method, path, options);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/** What was last written or read here is never missing from the next read, wherever that is answered. */
let bookmark: string | null = null;

async function send(method: string, path: string, { headers, ...options }: CallOptions): Promise<Response> {
  const response = await fetch(path, {
    method,
    ...options,
    signal: options.signal ?? null,
    cache: "no-store",
    headers: {
      authorization: `Bearer ${readKey() ?? ""}`,
      ...(bookmark === null ? {} : { "x-d1-bookmark": bookmark }),
      ...headers,
    },
  }).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    throw new ApiProblem("network.unreachable", 0, String(error));
  });
  bookmark = response.headers.get("x-d1-bookmark") ?? bookmark;
  if (response.ok) return response;
  throw await readProblem(response);
}
