/** A client that tells a dream aloud: it uploads parts and posts them as segments. */
import type { Dream } from "../../contract/dream.ts";
import type { VideoStatus } from "../../contract/job.ts";
import type { Problem } from "../../contract/problem.ts";
import type { Segment, SegmentList, UploadUrl } from "../../contract/segment.ts";
import { until } from "../until.ts";

type OrProblem<T> = T & Partial<Omit<Problem, keyof T>>;

export interface Part {
  id: string;
  order: number;
  sound: Buffer;
  type: string;
}

export type Teller = ReturnType<typeof createTeller>;

/** A client of one owner. */
export function createTeller(edgeUrl: string, key: string) {
  async function call<T>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; json: OrProblem<T> }> {
    const response = await fetch(new URL(path, edgeUrl), {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === "" ? null : JSON.parse(text) };
  }
  const list = async (dream: string) =>
    (await call<SegmentList>("GET", `/dreams/${dream}/segments`)).json.data as Segment[];

  return {
    call,
    list,
    newDream: async (transcript = "") =>
      (await call<Dream>("POST", "/dreams", { title: "Told", transcript })).json.id,

    announce: (dream: string, id: string, type: string, bytes: number) =>
      call<UploadUrl>("POST", `/dreams/${dream}/upload-url`, {
        segment_id: id,
        content_type: type,
        content_length: bytes,
      }),

    post: (dream: string, id: string, order: number, key: string, more: object = {}) =>
      call<Segment>("POST", `/dreams/${dream}/segments`, { segment_id: id, order, key, ...more }),

    /** Uploads the part and posts it. @throws Error if one of the steps is refused */
    async tell(dream: string, { id, order, sound, type }: Part): Promise<Segment> {
      const { status, json: upload } = await this.announce(dream, id, type, sound.length);
      if (status !== 200) throw new Error(`${id}: ${JSON.stringify(upload)}`);
      const put = await putTo(upload, sound);
      if (put !== 200) throw new Error(`${id}: the store answered ${put}`);
      const posted = await this.post(dream, id, order, upload.key);
      if (posted.status !== 202) throw new Error(`${id}: ${JSON.stringify(posted.json)}`);
      return posted.json;
    },

    /** The segments, once none is being transcribed. */
    untilTranscribed: (dream: string) =>
      until(
        () => list(dream),
        (segments) => !segments.some(({ status }) => status === "queued" || status === "transcribing"),
      ),

    /** The film's status, once its job has ended. */
    untilFilmed: async (dream: string) => {
      const read = async () => (await call<VideoStatus>("GET", `/dreams/${dream}/video-status`)).json;
      return until(read, ({ status }) => status !== "queued" && status !== "processing", 240_000);
    },
  };
}

/** The store's status for an upload of these bytes to the signed address. */
export async function putTo(
  upload: UploadUrl,
  body: Buffer,
  headers: Record<string, string> = {},
): Promise<number> {
  const response = await fetch(upload.url, {
    method: upload.method,
    headers: { ...upload.headers, ...headers },
    body: new Uint8Array(body),
  });
  await response.body?.cancel();
  return response.status;
}
