/** The API calls of the studio. Every call resolves to its answer or rejects with an ApiProblem. */
import type { EditStoryboard, WaitingStoryboard } from "../../../contract/approval.ts";
import type { Estimate, FilmCost } from "../../../contract/cost.ts";
import type { CreateDream, Dream, DreamList, PatchDream, Transcript } from "../../../contract/dream.ts";
import type { JobEvent } from "../../../contract/event.ts";
import type { FilmOptions } from "../../../contract/film.ts";
import type {
  FinishRequest,
  RedoQueued,
  RedoScene,
  VideoQueued,
  VideoStatus,
} from "../../../contract/job.ts";
import type { EventPage } from "../../../contract/live.ts";
import type {
  RequestTakes,
  TakeList,
  TakeShown,
  TakesCancelled,
  TakesQueued,
} from "../../../contract/takes.ts";
import { ApiProblem, readProblem } from "../../shared/api-problem.ts";
import { readKey } from "./key.ts";

/** Stores a dream. A call without an answer is repeated, and makes one dream. */
export const createDream = (dream: CreateDream) => post<Dream>("/dreams", dream);

/** Changes the dream's title or text, and gives the dream after that. Not repeated. */
export const changeDream = (dreamId: string, change: PatchDream) =>
  call<Dream>("PATCH", `/dreams/${dreamId}`, {
    headers: { "content-type": "application/json" },
    body: JSON.stringify(change),
  });

/** Requests the dream's film; an option that is left out has its default. Repeated like `createDream`. */
export const finishDream = (dreamId: string, options: Partial<FinishRequest>) =>
  post<VideoQueued>(`/dreams/${dreamId}/finish`, options);
/**
 * What the film would cost. The page asks again at each change of the text, so a failed call is not retried.
 */
export const estimateFilm = (transcript: string, options: Partial<FilmOptions>, signal: AbortSignal) =>
  call<Estimate>("POST", "/estimate", {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ transcript, options }),
    signal,
  });

/** Cancels the film that is being made, and gives the status after that. Repeated like `createDream`. */
export const cancelFilm = (dreamId: string) => post<VideoStatus>(`/dreams/${dreamId}/cancel`);

/** The storyboard of the film that waits for its owner. */
export const readStoryboard = (dreamId: string, signal?: AbortSignal) =>
  call<WaitingStoryboard>("GET", `/dreams/${dreamId}/storyboard`, { signal });

/** Replaces title and scenes of the storyboard of this revision. A call without an answer may be repeated. */
export const saveStoryboard = (dreamId: string, revision: number, edit: EditStoryboard) =>
  call<WaitingStoryboard>("PUT", `/dreams/${dreamId}/storyboard`, {
    headers: { "content-type": "application/json", "if-match": `"${revision}"` },
    ...outliving(JSON.stringify(edit)),
  });

/** A body that is sent to its end while the page is closed, if the browser allows it for so many bytes. */
const outliving = (body: string) => ({ body, keepalive: new TextEncoder().encode(body).length < 60_000 });

/** Lets the film go on with the storyboard of this revision. Repeated like `createDream`. */
export const approveFilm = (dreamId: string, revision: number) =>
  post<VideoQueued>(`/dreams/${dreamId}/approve`, { revision });

/** Requests a film with one scene made again. `scene` counts from 0. Repeated like `createDream`. */
export const redoScene = (dreamId: string, scene: number, changes: RedoScene) =>
  post<RedoQueued>(`/dreams/${dreamId}/scenes/${scene}/redo`, changes);

/** The scene's pictures and voices. `scene` counts from 0. */
export const listTakes = (dreamId: string, scene: number, signal?: AbortSignal) =>
  call<TakeList>("GET", `/dreams/${dreamId}/scenes/${scene}/takes`, { signal });

/** Buys further pictures or voices of the scene. Repeated like `createDream`. */
export const buyTakes = (dreamId: string, scene: number, asked: Partial<RequestTakes>) =>
  post<TakesQueued>(`/dreams/${dreamId}/scenes/${scene}/takes`, asked);

/** Stops buying pictures or voices of the dream. Repeated like `createDream`. */
export const cancelTakes = (dreamId: string) => post<TakesCancelled>(`/dreams/${dreamId}/takes/cancel`);

/** Requests the film with this take of the scene. Repeated like `createDream`. */
export const chooseTake = (dreamId: string, scene: number, take: string) =>
  post<RedoQueued | TakeShown>(`/dreams/${dreamId}/scenes/${scene}/takes/${take}/choose`);

/** The dream, with the status of its newest film. */
export const readDream = (dreamId: string, signal?: AbortSignal) =>
  call<Dream>("GET", `/dreams/${dreamId}`, { signal });

/** The dream's words: what was written, then what was told. */
export const readTranscript = (dreamId: string, signal?: AbortSignal) =>
  call<Transcript>("GET", `/dreams/${dreamId}/transcript`, { signal });

/** The status of the dream's newest film, with its addresses. */
export const readStatus = (dreamId: string, signal?: AbortSignal) =>
  call<VideoStatus>("GET", `/dreams/${dreamId}/video-status`, { signal });

/** The first 100 events of the dream's newest film; its storyboard is among them. */
export const readLog = async (dreamId: string, signal?: AbortSignal): Promise<JobEvent[]> =>
  (await call<EventPage>("GET", `/dreams/${dreamId}/events?limit=100`, { signal })).data;

/** What the dream's newest film has cost so far, in US dollars, item by item. */
export const readCost = (dreamId: string, signal?: AbortSignal) =>
  call<FilmCost>("GET", `/dreams/${dreamId}/cost`, { signal });

/** A page of 12 dreams, newest first. `cursor`: `next_cursor` of the page before; null for the first. */
export const listDreams = (cursor: string | null, signal?: AbortSignal) =>
  call<DreamList>(
    "GET",
    `/dreams?limit=12${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    {
      signal,
    },
  );

/** Deletes the dream with all its films. Not repeated: the second call would find no dream. */
export const deleteDream = (dreamId: string) => call<void>("DELETE", `/dreams/${dreamId}`);

/** Opens the stream of the film's events after the event id `after`. The caller reads the body. */
export const openEvents = (dreamId: string, after: string | null, signal: AbortSignal) =>
  send("GET", `/dreams/${dreamId}/video-events${after === null ? "" : `?after=${after}`}`, {
    signal,
    headers: { accept: "text/event-stream" },
  });

interface CallOptions {
  body?: string | Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

const retryDelaysMs = [500, 1_500, 3_000];

/** Retries when no answer came. The same Idempotency-Key makes that safe. */
async function post<Body>(path: string, body: object = {}): Promise<Body> {
  const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
  const options = { headers, body: JSON.stringify(body) };
  for (const delayMs of retryDelaysMs) {
    try {
      return await call<Body>("POST", path, options);
    } catch (error) {
      if (!(error instanceof ApiProblem && error.code === "network.unreachable")) throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
  return call<Body>("POST", path, options);
}

/** One call. @throws ApiProblem */
export async function call<Body>(method: string, path: string, options: CallOptions = {}): Promise<Body> {
  const response = await send(method, path, options);
  return (response.status === 204 ? undefined : await response.json()) as Body;
}

/** D1's bookmark of the last answer. It makes the next read include what this page wrote or read before. */
let bookmark: string | null = null;

/** One request. @throws ApiProblem if its status is not ok, or no answer came */
export async function send(
  method: string,
  path: string,
  { headers, ...options }: CallOptions,
): Promise<Response> {
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
