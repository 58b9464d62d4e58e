import { limits } from "../../../contract/limits.ts";
import type { NewSegment } from "../../../contract/segment.ts";
import { quarantineKey } from "../../../contract/storage.ts";
import { ceilingOfSegment } from "../../../contract/transcription.ts";
import type { MinutePrices } from "../../../contract/voices/paid-voice.ts";
import { ApiError, invalidKey } from "../../errors/api-error.ts";
import { limitProblem, type OwnerLimits } from "../../store/owner-limits.ts";
import { postSegment as store } from "../../store/segments/post-segment.ts";
import { readHints } from "../../store/segments/read-hints.ts";
import { readSegment, type SegmentRow } from "../../store/segments/segments.ts";
import { afterTransition, type JobContext } from "../after-transition.ts";
import { findNames } from "./find-names.ts";

export interface PostSegment {
  keyHash: string;
  /** Of the dream. */
  clientId: string;
  jobId: string;
  segment: NewSegment;
  prices: MinutePrices;
  ownerLimits: OwnerLimits;
  traceparent: string;
}

/**
 * Takes the uploaded file as a segment of the dream and queues its transcription. The same segment again
 * changes nothing, except that one which failed is transcribed again.
 *
 * @throws ApiError if the segment cannot be taken
 */
export async function postSegment(context: JobContext, command: PostSegment): Promise<SegmentRow> {
  const { keyHash, clientId, jobId, segment, prices, ownerLimits, traceparent } = command;
  const { env, session, now } = context;
  if (segment.order >= limits.segments) throw tooManySegments();
  if ((segment.duration ?? 0) > limits.segmentSeconds) throw tooLong();
  const found = await readSegment(session, keyHash, clientId, segment.segment_id);
  if (found === undefined) throw invalidKey();
  if (found.dreamId === null) throw new ApiError("dream.not_found");
  const { row: known, dreamId } = found;
  if (known === null || segment.key !== quarantineKey(dreamId, known.id)) {
    throw new ApiError("segment.not_found", { detail: "The key is not that of an upload for this segment." });
  }
  if (isDone(known)) return replay(known, segment);
  await requireUpload(env.MEDIA, segment.key, known);
  const hints = await readHints(session, keyHash);
  const after = await store(
    session,
    {
      ...{ keyHash, clientId, jobId, traceparent, ownerLimits },
      id: known.id,
      segmentId: segment.segment_id,
      position: segment.order,
      filename: segment.filename ?? null,
      seconds: segment.duration ?? null,
      input: {
        key: segment.key,
        size_bytes: known.sizeBytes,
        keywords: findNames(hints.texts, limits.keywordHints),
        languages: [...new Set([...segment.languages, ...hints.languages])].slice(0, limits.languageHints),
        at_most_micro_usd: ceilingOfSegment(prices, limits.segmentSeconds),
      },
    },
    now(),
  );
  if (after.row === null) throw new ApiError("segment.not_found");
  if (after.row.jobId === jobId) {
    const message = { jobId, priority: after.priority, delaySeconds: 0 };
    await afterTransition(context, { dreamIds: [after.row.dreamId], message });
    return after.row;
  }
  if (after.isTaken) throw orderTaken(segment.order);
  if (after.limit !== null && !isDone(after.row)) throw limitProblem(after.limit, ownerLimits);
  return replay(after.row, segment);
}

/** A transcript, or a job that is active or has succeeded. */
const isDone = ({ transcript, jobStatus }: SegmentRow) =>
  transcript !== null || (jobStatus !== null && jobStatus !== "failed" && jobStatus !== "cancelled");

function replay(row: SegmentRow, segment: NewSegment): SegmentRow {
  if (row.position === segment.order) return row;
  throw new ApiError("segment.exists", { detail: `It has the order ${row.position}. PATCH changes it.` });
}

/** @throws ApiError if the file is not there, or is not what the address was signed for */
async function requireUpload(media: R2Bucket, key: string, signed: SegmentRow): Promise<void> {
  const file = await media.head(key);
  if (file === null) throw new ApiError("segment.not_uploaded");
  if (file.size === signed.sizeBytes && file.httpMetadata?.contentType === signed.contentType) return;
  // Deleted, so that the right file can be uploaded to the same address.
  await media.delete(key);
  throw new ApiError("segment.not_as_signed", {
    detail: `${signed.sizeBytes} bytes of ${signed.contentType} were announced. Upload the file again.`,
  });
}

/** Which limit it is, in numbers. */
export const tooManySegments = () =>
  new ApiError("segment.too_many", { detail: `At most ${limits.segments} segments.` });
/** The problem of a segment that is too long. */
export const tooLong = () =>
  new ApiError("segment.too_long", { detail: `At most ${limits.segmentSeconds / 60} minutes a segment.` });
/** The problem of a position that another segment of the dream has. */
export const orderTaken = (order: number) =>
  new ApiError("segment.order_taken", { detail: `Another segment has the order ${order}.` });
