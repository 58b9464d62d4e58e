import { z } from "zod";

export const DeadLetter = z
  .object({
    id: z.string().describe("The message's id."),
    job_id: z.string().nullable(),
    outcome: z
      .enum(["redriven", "failed", "settled", "unknown", "unreadable"])
      .describe(
        "`redriven`: a new message was sent. `failed`: the job failed. `settled`: the job needed no " +
          "message. `unknown`: no such job. `unreadable`: the message has no known form.",
      ),
    excerpt: z.string().describe("The beginning of the message."),
    at: z.iso.datetime(),
  })
  .meta({ id: "DeadLetter" });
export type DeadLetter = z.infer<typeof DeadLetter>;

/** GET /admin/dead-letters: newest first. */
export const DeadLetterList = z.object({ data: z.array(DeadLetter) }).meta({ id: "DeadLetterList" });
export type DeadLetterList = z.infer<typeof DeadLetterList>;
