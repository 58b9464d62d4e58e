import { z } from "zod";
import { JobStatus } from "./job.ts";
import { limits } from "./limits.ts";
import { text } from "./text.ts";

/** Chosen by the client or made by us. No dot: ids travel inside signatures and paths. */
export const DreamId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

export const CreateDream = z
  .strictObject({
    id: DreamId.optional().describe("Chosen by the client; made by the server when absent."),
    title: text(limits.titleChars).optional(),
    transcript: text(limits.transcriptChars).optional().describe("The dream as it was told, any language."),
  })
  .meta({ id: "CreateDream" });
export type CreateDream = z.infer<typeof CreateDream>;

export const PatchDream = z
  .strictObject({
    title: text(limits.titleChars).optional(),
    transcript: text(limits.transcriptChars).optional(),
  })
  .meta({ id: "PatchDream" });
export type PatchDream = z.infer<typeof PatchDream>;

/** One dream as lists and GET answer it. Times are ISO 8601 in UTC. */
export const Dream = z
  .object({
    id: DreamId,
    title: z.string().nullable(),
    transcript_chars: z.int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    video_job_id: z.string().nullable(),
    video_status: JobStatus.nullable(),
    video_url: z.string().nullable().describe("Signed, expiring address of the film, once it is there."),
    video_metadata: z
      .object({ duration: z.number(), scenes: z.int(), cost: z.number() })
      .loose()
      .nullable()
      .describe("duration in seconds, number of scenes, cost in US dollars"),
    video_started_at: z.iso.datetime().nullable(),
    video_completed_at: z.iso.datetime().nullable(),
  })
  .meta({ id: "Dream" });
export type Dream = z.infer<typeof Dream>;

export const DreamList = z
  .object({ data: z.array(Dream), next_cursor: z.string().nullable() })
  .meta({ id: "DreamList" });
export type DreamList = z.infer<typeof DreamList>;

export const Transcript = z.object({ id: DreamId, transcript: z.string() }).meta({ id: "Transcript" });
export type Transcript = z.infer<typeof Transcript>;
