/** The API calls of the command line and the demo. */
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { WaitingStoryboard } from "../contract/approval.ts";
import { type AddCastMember, KnownCast, KnownCastMember } from "../contract/cast.ts";
import { Estimate, FilmCost } from "../contract/cost.ts";
import { Dream, DreamList, Transcript } from "../contract/dream.ts";
import type { FilmOptions } from "../contract/film.ts";
import { type FinishRequest, RedoQueued, VideoQueued, VideoStatus } from "../contract/job.ts";
import { Problem } from "../contract/problem.ts";
import { type RequestTakes, TakeList, TakeShown, TakesQueued } from "../contract/takes.ts";

export interface ApiClient {
  dream(dreamId: string): Promise<Dream>;
  createDream(dream: { title?: string; transcript: string }): Promise<Dream>;
  estimate(transcript: string, options: z.input<typeof FilmOptions>): Promise<Estimate>;
  finish(dreamId: string, request: z.input<typeof FinishRequest>): Promise<VideoQueued>;
  status(dreamId: string): Promise<VideoStatus>;
  cost(dreamId: string): Promise<FilmCost>;
  cancel(dreamId: string): Promise<void>;
  takes(dreamId: string, scene: number): Promise<TakeList>;
  buyTakes(dreamId: string, scene: number, asked: z.input<typeof RequestTakes>): Promise<TakesQueued>;
  choose(dreamId: string, scene: number, take: string): Promise<RedoQueued | TakeShown>;
  /** The storyboard that waits for an approval. */
  storyboard(dreamId: string): Promise<WaitingStoryboard>;
  approve(dreamId: string, revision: number): Promise<VideoQueued>;
  list(cursor: string | null): Promise<DreamList>;
  transcript(dreamId: string): Promise<Transcript>;
  cast(): Promise<KnownCast>;
  /** Adds a member, or changes the description of the one of this kind and name. */
  addMember(member: z.input<typeof AddCastMember>): Promise<KnownCastMember>;
  deleteMember(id: string): Promise<void>;
  putPhoto(id: string, photo: Uint8Array<ArrayBuffer>): Promise<KnownCastMember>;
  deletePhoto(id: string): Promise<void>;
}

/** An error answer of the API, with its stable code and the faults of single fields. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly errors: readonly FieldFault[];

  constructor(code: string, message: string, errors: readonly FieldFault[] = []) {
    super(message);
    this.code = code;
    this.errors = errors;
  }
}

type FieldFault = NonNullable<Problem["errors"]>[number];

/**
 * A client of one deployment.
 *
 * @throws ApiProblem, by each call, when the API answers with an error, or not at all (`client.unreachable`)
 */
export function createApiClient(edgeUrl: string, apiKey: string): ApiClient {
  const call = async <S extends z.ZodType>(
    schema: S,
    method: string,
    path: string,
    body?: object | Uint8Array<ArrayBuffer>,
  ) => {
    const response = await fetch(new URL(path, edgeUrl), {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        "content-type": body instanceof Uint8Array ? "application/octet-stream" : "application/json",
      },
      body: body === undefined ? null : body instanceof Uint8Array ? body : JSON.stringify(body),
    }).catch(() => {
      throw new ApiProblem("client.unreachable", `The API does not answer at ${edgeUrl}. Does it run?`);
    });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok) return schema.parse(answer) as z.infer<S>;
    const problem = Problem.safeParse(answer).data;
    throw new ApiProblem(
      problem?.code ?? `http.${response.status}`,
      problem?.detail ?? problem?.title ?? `The API answered ${response.status}`,
      problem?.errors,
    );
  };
  return {
    dream: (dreamId) => call(Dream, "GET", `/dreams/${encodeURIComponent(dreamId)}`),
    createDream: (dream) => call(Dream, "POST", "/dreams", dream),
    estimate: (transcript, options) => call(Estimate, "POST", "/estimate", { transcript, options }),
    finish: (dreamId, options) =>
      call(VideoQueued, "POST", `/dreams/${encodeURIComponent(dreamId)}/finish`, options),
    status: (dreamId) => call(VideoStatus, "GET", `/dreams/${encodeURIComponent(dreamId)}/video-status`),
    cost: (dreamId) => call(FilmCost, "GET", `/dreams/${encodeURIComponent(dreamId)}/cost`),
    cancel: async (dreamId) => {
      await call(z.unknown(), "POST", `/dreams/${encodeURIComponent(dreamId)}/cancel`);
    },
    takes: (dreamId, scene) => call(TakeList, "GET", takesOf(dreamId, scene)),
    buyTakes: (dreamId, scene, asked) => call(TakesQueued, "POST", takesOf(dreamId, scene), asked),
    choose: (dreamId, scene, take) =>
      call(z.union([TakeShown, RedoQueued]), "POST", `${takesOf(dreamId, scene)}/${take}/choose`),
    storyboard: (dreamId) =>
      call(WaitingStoryboard, "GET", `/dreams/${encodeURIComponent(dreamId)}/storyboard`),
    approve: (dreamId, revision) =>
      call(VideoQueued, "POST", `/dreams/${encodeURIComponent(dreamId)}/approve`, { revision }),
    transcript: (dreamId) => call(Transcript, "GET", `/dreams/${encodeURIComponent(dreamId)}/transcript`),
    cast: () => call(KnownCast, "GET", "/cast"),
    addMember: (member) => call(KnownCastMember, "POST", "/cast", member),
    deleteMember: async (id) => void (await call(z.unknown(), "DELETE", memberOf(id))),
    putPhoto: (id, photo) => call(KnownCastMember, "PUT", `${memberOf(id)}/photo`, photo),
    deletePhoto: async (id) => void (await call(z.unknown(), "DELETE", `${memberOf(id)}/photo`)),
    list: (cursor) => call(DreamList, "GET", `/dreams?limit=50${cursor ? `&cursor=${cursor}` : ""}`),
  };
}

const memberOf = (id: string) => `/cast/${encodeURIComponent(id)}`;

const takesOf = (dreamId: string, scene: number) =>
  `/dreams/${encodeURIComponent(dreamId)}/scenes/${scene}/takes`;

/**
 * Saves the film at `url` as the file `path`.
 * @throws Error when the server does not send it
 */
export async function download(url: string, path: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok || !response.body)
    throw new Error(`The film could not be downloaded: status ${response.status}`);
  await pipeline(
    Readable.fromWeb(response.body as import("node:stream/web").ReadableStream),
    createWriteStream(path),
  );
}
