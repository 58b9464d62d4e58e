import { z } from "zod";

export const DeadLetter = z
  .object({
    id: z.string().describe("The message's own."),
    job_id: z.string().nullable(),
    outcome: z
      .enum(["redriven", "failed", "settled", "unknown", "unreadable"])
      .describe(
        "A new message was sent; the job failed; it needed nothing; there is no such job; nobody can read it.",
      ),
    excerpt: z.string().describe("What it said, cut."),
    at: z.iso.datetime(),
  })
  .meta({ id: "DeadLetter" });
export type DeadLetter = z.infer<typeof DeadLetter>;

/** GET /admin/dead-letters: newest first. */
export const DeadLetterList = z.object({ data: z.array(DeadLetter) }).meta({ id: "DeadLetterList" });
export type DeadLetterList = z.infer<typeof DeadLetterList>;
