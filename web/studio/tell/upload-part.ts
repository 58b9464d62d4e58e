/** Brings one part to the service. Every step may be repeated: the segment stays the same one. */
import type { NewSegment, Segment, UploadUrl } from "../../../contract/segment.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import type { Part } from "./part.ts";

export interface UploadPorts {
  createDream(dreamId: string): Promise<unknown>;
  requestUpload(dreamId: string, segmentId: string, type: string, bytes: number): Promise<UploadUrl>;
  putFile(upload: UploadUrl, file: Blob): Promise<"stored" | "refused">;
  postSegment(dreamId: string, segment: Omit<NewSegment, "languages">): Promise<Segment>;
}

/** How often the whole way is tried for answers that another try may change. */
const tries = 3;

/**
 * Resolves to the segment, or to null if the service has it already.
 * @throws ApiProblem, `network.unreachable` among others
 */
export async function uploadPart(part: Part, sound: Blob, ports: UploadPorts): Promise<Segment | null> {
  const { id, dreamId, order, type, seconds } = part;
  for (let tried = 1; ; tried++) {
    try {
      const upload = await ports.requestUpload(dreamId, id, type, sound.size);
      if ((await ports.putFile(upload, sound)) === "refused")
        throw new ApiProblem("segment.not_uploaded", 409, "The store did not take the recording");
      return await ports.postSegment(dreamId, {
        segment_id: id,
        order,
        key: upload.key,
        duration: Math.round(seconds * 100) / 100,
      });
    } catch (error) {
      const code = error instanceof ApiProblem ? error.code : "";
      if (code === "segment.exists") return null;
      if (tried === tries || !mayChange.has(code)) throw error;
      if (code === "dream.not_found") await createIfMissing(dreamId, ports);
    }
  }
}

/** The dream does not exist yet, the address has expired, or another file is at the address. */
const mayChange = new Set([
  "dream.not_found",
  "segment.not_found",
  "segment.not_uploaded",
  "segment.not_as_signed",
]);

async function createIfMissing(dreamId: string, ports: UploadPorts): Promise<void> {
  try {
    await ports.createDream(dreamId);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === "dream.exists")) throw error;
  }
}

/** Whether the upload is tried again by itself: no answer, a fault of the service, or too many requests. */
export const isTransient = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.status === 0 || error.status >= 500 || error.status === 429);
