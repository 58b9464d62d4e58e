/** The API calls of a dream that is told aloud. None is retried here: the upload has its own retries. */
import type { NewSegment, PatchSegment, Segment, SegmentList, UploadUrl } from "../../../contract/segment.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import { call, send } from "./api.ts";

const withBody = (body: object) => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** Asks for an address to upload one file to. */
export const requestUpload = (dreamId: string, segmentId: string, type: string, bytes: number) =>
  call<UploadUrl>(
    "POST",
    `/dreams/${dreamId}/upload-url`,
    withBody({ segment_id: segmentId, content_type: type, content_length: bytes }),
  );

/** Names the uploaded file as a segment. The service transcribes it. */
export const postSegment = (dreamId: string, segment: Omit<NewSegment, "languages">) =>
  call<Segment>("POST", `/dreams/${dreamId}/segments`, withBody(segment));

/** The dream's recorded parts, in their order. */
export const listSegments = async (dreamId: string, signal?: AbortSignal): Promise<Segment[]> =>
  (await call<SegmentList>("GET", `/dreams/${dreamId}/segments`, { signal })).data;

/** Opens the dream's live stream with the states of its parts. The caller reads the body. */
export const openSegmentEvents = (dreamId: string, signal: AbortSignal) =>
  send("GET", `/dreams/${dreamId}/video-events?include=segments`, {
    signal,
    headers: { accept: "text/event-stream" },
  });

/** Moves a recorded part, or corrects its transcript, and gives the part after that. */
export const patchSegment = (dreamId: string, segmentId: string, change: PatchSegment) =>
  call<Segment>("PATCH", `/dreams/${dreamId}/segments/${segmentId}`, withBody(change));

/** Deletes a recorded part. Not repeated: the second call would find none. */
export const deleteSegment = (dreamId: string, segmentId: string) =>
  call<void>("DELETE", `/dreams/${dreamId}/segments/${segmentId}`);

/**
 * Uploads the file to a signed address. `stored` also if an earlier try had succeeded; `refused` if the
 * address is not valid any more.
 *
 * @throws ApiProblem `network.unreachable` if no answer came or the store failed
 */
export async function putFile({ url, headers }: UploadUrl, file: Blob): Promise<"stored" | "refused"> {
  const response = await fetch(url, { method: "PUT", headers, body: file, cache: "no-store" }).catch(
    (error: unknown) => {
      throw new ApiProblem("network.unreachable", 0, String(error));
    },
  );
  if (response.ok || response.status === 412) return "stored";
  if (response.status < 500) return "refused";
  throw new ApiProblem("network.unreachable", response.status, response.statusText);
}
