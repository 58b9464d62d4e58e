import { z } from "zod";
import { DreamId } from "../../contract/dream.ts";
import { limits } from "../../contract/limits.ts";
import {
  isSoundType,
  NewSegment,
  PatchSegment,
  Segment,
  SegmentId,
  SegmentList,
  UploadUrl,
  UploadUrlRequest,
} from "../../contract/segment.ts";
import { quarantineKey } from "../../contract/storage.ts";
import { hasVisibleText } from "../../contract/visible-text.ts";
import { readObjectStore, readTranscriptionPrices } from "../env.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { afterTransition } from "../jobs/after-transition.ts";
import { orderTaken, postSegment, tooManySegments } from "../jobs/segments/post.ts";
import { releaseDream } from "../jobs/segments/release.ts";
import { removeSegment } from "../jobs/segments/remove.ts";
import { signUpload } from "../jobs/segments/sign-upload.ts";
import { presentSegment } from "../present/present-segment.ts";
import type { Session } from "../store/open.ts";
import { limitProblem, problemsOfLimits, readOwnerLimits } from "../store/owner-limits.ts";
import { changeSegment } from "../store/segments/change-segment.ts";
import { announceUpload, listSegments, readSegment } from "../store/segments/segments.ts";

export const segmentRoutes = newRouter();

const OneDream = z.object({ did: DreamId });
const OneSegment = z.object({ did: DreamId, segment_id: SegmentId });

const upload = route({
  method: "post",
  path: "/dreams/{did}/upload-url",
  operationId: "createUploadUrl",
  summary: "Get an address to upload a part of the told dream",
  description:
    `Send the file by PUT to \`url\` with the given \`headers\`, within ${limits.uploadSeconds / 60} minutes, then ` +
    `POST /dreams/{did}/segments. At most ${limits.segmentBytes / 1024 ** 2} MiB and ` +
    `${limits.segmentSeconds / 60} minutes: WebM with Opus, MP4 with AAC, MP3, WAV, Ogg, FLAC. The same request ` +
    "again gives a new address for the same file, until the segment is posted. For a file of another type or length " +
    "the key is another, and what was uploaded before is deleted.",
  tags: ["Dreams"],
  access: "key",
  request: {
    params: OneDream,
    body: jsonBody(UploadUrlRequest, {
      example: { segment_id: "part-1", content_type: "audio/webm;codecs=opus", content_length: 48_213 },
    }),
  },
  responses: { 200: json("The address.", UploadUrl) },
  problems: [
    ...(["dream.not_found", "segment.exists", "segment.too_many"] as const),
    ...problemsOfLimits("upload"),
    ...(["segment.type_unsupported", "segment.empty", "segment.too_large"] as const),
    "setup.incomplete",
  ],
});

segmentRoutes.openapi(upload, async (c) => {
  const { keyHash, ports, primary } = c.var;
  const { did } = c.req.valid("param");
  const { segment_id: segmentId, content_type: contentType, content_length: sizeBytes } = c.req.valid("json");
  if (!isSoundType(contentType)) throw new ApiError("segment.type_unsupported");
  if (sizeBytes === 0) throw new ApiError("segment.empty");
  if (sizeBytes > limits.segmentBytes) {
    throw new ApiError("segment.too_large", { detail: `At most ${limits.segmentBytes} bytes a segment.` });
  }
  const ownerLimits = readOwnerLimits(c.env);
  const announced = { id: ports.newId("seg"), segmentId, contentType, sizeBytes };
  const after = await announceUpload(primary(), keyHash, did, announced, ownerLimits, ports.now());
  if (after === undefined) throw invalidKey();
  if (after.dreamId === null) throw new ApiError("dream.not_found");
  const { row } = after;
  if (row !== null && (row.jobId !== null || row.transcript !== null)) throw new ApiError("segment.exists");
  // A row of another file is that of an earlier request: this one was not admitted.
  if (row === null || row.contentType !== contentType || row.sizeBytes !== sizeBytes) {
    throw after.limit === null ? tooManySegments() : limitProblem(after.limit, ownerLimits);
  }
  const key = quarantineKey(after.dreamId, row.id);
  const { url, headers, expiresAtMs } = await signUpload(readObjectStore(c.env), key, announced, ports.now());
  const expires_at = new Date(expiresAtMs).toISOString();
  return c.json({ segment_id: segmentId, key, method: "PUT" as const, url, headers, expires_at }, 200);
});

const post = route({
  method: "post",
  path: "/dreams/{did}/segments",
  operationId: "postSegment",
  summary: "Add an uploaded part to the told dream",
  description:
    "Queues the transcription of the part. The same segment again changes nothing; one whose transcription failed " +
    "is transcribed again. POST /dreams/{did}/finish may follow at once: the video waits for the transcriptions. " +
    "Names from the owner's newest dreams, and the languages of the owner's newest parts, go to the provider as hints: " +
    "an app whose users must not share them makes an owner for each user.",
  tags: ["Dreams"],
  access: "key",
  request: {
    params: OneDream,
    body: jsonBody(NewSegment, {
      example: {
        segment_id: "part-1",
        filename: "night.webm",
        duration: 12.4,
        order: 0,
        key: "quarantine/drm_01/seg_01",
        languages: ["de"],
      },
    }),
  },
  responses: { 202: json("The segment.", Segment) },
  problems: [
    ...(["dream.not_found", "segment.not_found", "segment.exists", "segment.order_taken"] as const),
    ...(["segment.too_many", "segment.too_long", "segment.not_uploaded", "segment.not_as_signed"] as const),
    ...problemsOfLimits("transcription"),
  ],
});

segmentRoutes.openapi(post, async (c) => {
  const { keyHash, ports, traceparent, note, jobContext } = c.var;
  const row = await postSegment(jobContext(), {
    keyHash,
    clientId: c.req.valid("param").did,
    jobId: ports.newId("job"),
    segment: c.req.valid("json"),
    prices: readTranscriptionPrices(c.env),
    ownerLimits: readOwnerLimits(c.env),
    traceparent,
  });
  if (row.jobId !== null) note({ job_id: row.jobId });
  return c.json(presentSegment(row), 202);
});

const list = route({
  method: "get",
  path: "/dreams/{did}/segments",
  operationId: "listSegments",
  summary: "List the parts of the told dream, in their order",
  tags: ["Dreams"],
  access: "key",
  request: { params: OneDream },
  responses: { 200: json("All segments.", SegmentList) },
  problems: ["dream.not_found"],
});

segmentRoutes.openapi(list, async (c) => {
  const { keyHash, primary } = c.var;
  const found = await listSegments(primary(), keyHash, c.req.valid("param").did);
  if (found === undefined) throw invalidKey();
  if (found.dreamId === null) throw new ApiError("dream.not_found");
  return c.json({ data: found.rows.map(presentSegment) }, 200);
});

const patch = route({
  method: "patch",
  path: "/dreams/{did}/segments/{segment_id}",
  operationId: "changeSegment",
  summary: "Correct a part's transcript or its order",
  description: "A transcript that the owner has written is never replaced by a transcription.",
  tags: ["Dreams"],
  access: "key",
  request: {
    params: OneSegment,
    body: jsonBody(PatchSegment, {
      example: { transcript: "I flew over a silver sea, and Ottilie waved at me." },
    }),
  },
  responses: { 200: json("The changed segment.", Segment) },
  problems: [
    ...(["dream.not_found", "dream.limit_reached", "segment.not_found", "segment.not_uploaded"] as const),
    ...(["segment.order_taken", "segment.too_many", "segment.replaced"] as const),
  ],
});

segmentRoutes.openapi(patch, async (c) => {
  const { keyHash, ports, jobContext } = c.var;
  const params = c.req.valid("param");
  const { order, transcript } = c.req.valid("json");
  if (order !== undefined && order >= limits.segments) throw tooManySegments();
  const context = jobContext();
  const ownerLimits = readOwnerLimits(c.env);
  const known = await findSegment(context.session, keyHash, params);
  if (known.jobId === null) throw new ApiError("segment.not_uploaded");
  if (transcript !== undefined && known.isIncluded) throw new ApiError("segment.replaced");
  const change = {
    ...(order === undefined ? {} : { position: order }),
    ...(transcript === undefined
      ? {}
      : { transcript, chars: hasVisibleText(transcript) ? [...transcript].length : 0 }),
  };
  const ids = [keyHash, params.did, params.segment_id] as const;
  const row = await changeSegment(context.session, ...ids, change, ownerLimits, ports.now());
  if (row === null)
    throw order === undefined ? limitProblem("dream.limit_reached", ownerLimits) : orderTaken(order);
  await afterTransition(context, { dreamIds: [row.dreamId] });
  await releaseDream(context, row.dreamId);
  return c.json(presentSegment(row), 200);
});

const remove = route({
  method: "delete",
  path: "/dreams/{did}/segments/{segment_id}",
  operationId: "deleteSegment",
  summary: "Delete a part of the told dream, with its recording and its transcript",
  description:
    "The other parts keep their order, and the deleted part's place counts as filled. A film that was made of the part " +
    "stays until another replaces it or the dream is deleted.",
  tags: ["Dreams"],
  access: "key",
  request: { params: OneSegment },
  responses: { 204: { description: "The segment is deleted." } },
  problems: ["dream.not_found", "segment.not_found"],
});

segmentRoutes.openapi(remove, async (c) => {
  const { keyHash, jobContext } = c.var;
  const context = jobContext();
  const segment = await findSegment(context.session, keyHash, c.req.valid("param"));
  await removeSegment(context, segment);
  return c.body(null, 204);
});

/** @throws ApiError `auth.invalid`, `dream.not_found` or `segment.not_found` */
async function findSegment(
  session: Session,
  keyHash: string,
  { did, segment_id }: z.infer<typeof OneSegment>,
) {
  const found = await readSegment(session, keyHash, did, segment_id);
  if (found === undefined) throw invalidKey();
  if (found.dreamId === null) throw new ApiError("dream.not_found");
  if (found.row === null) throw new ApiError("segment.not_found");
  return found.row;
}
