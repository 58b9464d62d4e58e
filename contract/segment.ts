/**
 * The parts of a dream that its owner tells aloud. The client asks for an address, uploads one sound file
 * to it, and names the file as a segment. Each segment is transcribed by a job of its own. The film is
 * made from the text of all segments, in their order.
 */
import { z } from "zod";
import { readLanguage } from "./language.ts";
import { limits } from "./limits.ts";
import { text } from "./text.ts";

/** Chosen by the client; unique within the dream. */
export const SegmentId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** Content types of the sound files that are accepted. The worker decides by the file's content. */
const soundTypes = [
  ...["audio/webm", "audio/ogg", "audio/mp4", "audio/x-m4a", "audio/m4a", "audio/mpeg", "audio/mp3"],
  ...["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/flac", "audio/x-flac"],
];

/** True for a content type that is accepted. Recorders of browsers add parameters, such as `codecs=opus`. */
export const isSoundType = (contentType: string): boolean =>
  soundTypes.includes(contentType.split(";")[0]?.trim().toLowerCase() ?? "");

/** Body of POST /dreams/{did}/upload-url. */
export const UploadUrlRequest = z
  .strictObject({
    segment_id: SegmentId,
    content_type: z
      .string()
      .max(100)
      .regex(/^[\x20-\x7e]+$/)
      .describe(`One of ${soundTypes.join(", ")}; parameters such as \`codecs=opus\` are allowed.`),
    content_length: z.int().min(0).describe("Bytes of the file."),
  })
  .meta({ id: "UploadUrlRequest" });

/** 200 of POST /dreams/{did}/upload-url. */
export const UploadUrl = z
  .object({
    segment_id: SegmentId,
    key: z.string().describe("Names the uploaded file in POST /dreams/{did}/segments."),
    method: z.literal("PUT"),
    url: z.string().describe("Takes exactly one file of the given type and length."),
    headers: z
      .record(z.string(), z.string())
      .describe("Headers to send with the file. Content-Length is signed as well; browsers set it."),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "UploadUrl" });
export type UploadUrl = z.infer<typeof UploadUrl>;

const Language = z
  .string()
  .max(limits.languageChars)
  .overwrite((written) => readLanguage(written) ?? written)
  .refine((language) => readLanguage(language) !== null, {
    error: "must be a BCP 47 tag, or a language's name in English or in itself",
  });

/** Body of POST /dreams/{did}/segments. */
export const NewSegment = z
  .strictObject({
    segment_id: SegmentId,
    filename: text(limits.filenameChars).optional().describe("Shown to the owner; not used otherwise."),
    duration: z.number().min(0).optional().describe("Seconds, as the client measured them."),
    order: z.int().min(0).describe("Place of the segment in the dream, counted from 0 without gaps."),
    key: z.string().max(300).describe("`key` of POST /dreams/{did}/upload-url."),
    languages: z
      .array(Language)
      .max(limits.languageHints)
      .default([])
      .describe("Languages that may be spoken; a hint to the transcription."),
  })
  .meta({ id: "NewSegment" });
export type NewSegment = z.infer<typeof NewSegment>;

/** Body of PATCH /dreams/{did}/segments/{segment_id}. Fields that are absent keep their value. */
export const PatchSegment = z
  .strictObject({
    transcript: text(limits.segmentChars).optional().describe("Replaces the transcription."),
    order: z.int().min(0).optional(),
  })
  .meta({ id: "PatchSegment" });
export type PatchSegment = z.infer<typeof PatchSegment>;

export const SegmentStatus = z.enum(["awaiting_upload", "queued", "transcribing", "transcribed", "failed"]);
export type SegmentStatus = z.infer<typeof SegmentStatus>;

/** One segment in answers. */
export const Segment = z
  .object({
    segment_id: SegmentId,
    filename: z.string().nullable(),
    order: z.int().nullable().describe("Null until the segment is posted."),
    status: SegmentStatus,
    duration: z
      .number()
      .nullable()
      .describe("Seconds: measured once the file is decoded, until then as posted."),
    transcript: z.string().nullable(),
    corrected: z.boolean().describe("The owner has written the transcript."),
    language: z.string().nullable().describe("The language that was heard, if the provider names it."),
    error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
    job_id: z.string().nullable().describe("The job that transcribes the segment."),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: "Segment" });
export type Segment = z.infer<typeof Segment>;

export const SegmentList = z.object({ data: z.array(Segment) }).meta({ id: "SegmentList" });
export type SegmentList = z.infer<typeof SegmentList>;
