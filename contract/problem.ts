/**
 * The API's problems. Each has a stable dotted code, an HTTP status and a title, which clients may rely on.
 * Answers are RFC 9457 problem+json with `code`.
 */
import { z } from "zod";

export const problems = {
  "auth.missing": [401, "An API key is needed"],
  "auth.invalid": [401, "The API key is not valid"],
  "auth.forbidden": [403, "The API key has no permission for this"],
  "request.invalid": [422, "The request does not match the schema"],
  "request.not_json": [400, "The body is not valid JSON"],
  "request.too_large": [413, "The body is too large"],
  "request.unsupported_media_type": [415, "The body must be application/json"],
  "request.not_found": [404, "No resource has this address"],
  "request.method_not_allowed": [405, "This address does not take that method"],
  "request.rate_limited": [429, "Too many requests"],
  "key.not_found": [404, "No such API key"],
  "cursor.invalid": [400, "The cursor is not valid"],
  "dream.not_found": [404, "No such dream"],
  "dream.exists": [409, "A dream with this id exists already"],
  "dream.limit_reached": [409, "The owner's storage limit is reached; delete dreams to make room"],
  "dream.transcript_missing": [422, "The dream has no transcript yet"],
  "dream.no_film": [409, "The dream has no finished film yet"],
  "scene.out_of_range": [404, "The film has no such scene"],
  "stream.full": [503, "This dream's live stream has its maximum number of listeners"],
  "stream.too_many": [429, "The owner has the maximum number of live streams open"],
  "token.invalid": [401, "The token is not valid or has expired"],
  "segment.not_found": [404, "The dream has no such segment"],
  "segment.exists": [409, "The segment exists already"],
  "segment.order_taken": [409, "Another segment of the dream has this order"],
  "segment.too_many": [409, "The dream has the maximum number of segments"],
  "segment.quota_reached": [409, "The owner's recordings have reached their limit; delete some to make room"],
  "segment.type_unsupported": [415, "Files of this type are not accepted"],
  "segment.empty": [422, "The file is empty"],
  "segment.too_large": [413, "The file is too large"],
  "segment.too_long": [422, "The recording is too long"],
  "segment.not_uploaded": [409, "The file of a segment has not been uploaded"],
  "segment.not_as_signed": [
    422,
    "The uploaded file has another type or length than its address was signed for",
  ],
  "segment.failed": [409, "A segment could not be transcribed"],
  "segment.order_gap": [409, "The segments have gaps in their order"],
  "segment.replaced": [409, "The dream's transcript was changed as a whole; change it there"],
  "dream.transcript_too_long": [422, "The segments together are longer than a transcript may be"],
  "voice.no_recording": [422, "The dream has no recording that could narrate"],
  "voice.recording_too_long": [422, "The recordings are longer than a film may be"],
  "webhook.not_found": [404, "No such webhook"],
  "webhook.address_refused": [422, "Webhooks cannot be sent to this address"],
  "webhook.too_many": [409, "The owner has the maximum number of webhooks"],
  "webhook.disabled": [409, "The webhook is disabled"],
  "delivery.not_found": [404, "The delivery does not exist"],
  "job.active": [409, "A video of this dream is already queued or being made"],
  "job.too_many": [429, "The owner has the maximum number of videos or transcriptions queued or being made"],
  "job.not_found": [404, "No such job"],
  "job.fenced": [409, "Another attempt holds this job"],
  "job.finished": [409, "The job has already ended"],
  "job.cancelled": [409, "The job was cancelled"],
  "idempotency.key_invalid": [400, "The Idempotency-Key is not valid"],
  "idempotency.key_reused": [422, "This Idempotency-Key was used with another request"],
  "signature.missing": [401, "The request is not signed"],
  "signature.invalid": [401, "The signature does not match"],
  "signature.stale": [401, "The signature's timestamp is outside the tolerance"],
  "signature.replayed": [409, "This signed request was received before"],
  "playback.invalid": [403, "This film address is not valid"],
  "playback.expired": [403, "This film address has expired"],
  "playback.not_found": [404, "No such file"],
  "playback.range_invalid": [416, "The range lies outside the file"],
  "setup.incomplete": [503, "The service's configuration is incomplete"],
  "internal.unavailable": [503, "A part of the service is unavailable"],
  "internal.error": [500, "The server made an error"],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof problems;

export const Problem = z
  .object({
    type: z.string().describe("Address of this problem's explanation."),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
    request_id: z.string().optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof Problem>;
