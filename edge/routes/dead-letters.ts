import { z } from "zod";
import { limits } from "../../contract/limits.ts";
import { endpoint } from "../http/endpoint.ts";
import { listDeadLetters } from "../store/dead-letters.ts";

const DeadLetter = z
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

const DeadLetterList = z.object({ data: z.array(DeadLetter) }).meta({ id: "DeadLetterList" });

const list = endpoint({
  method: "get",
  path: "/admin/dead-letters",
  name: "listDeadLetters",
  summary: "Messages that the queues gave up on, newest first",
  tag: "Service",
  access: "admin",
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(limits.pageSize).default(limits.pageSize),
  }),
  answers: { 200: { description: "The newest.", schema: DeadLetterList } },
  problems: [],
  async handle({ query, replica }) {
    const rows = await listDeadLetters(replica(), query.limit);
    const data = rows.map(({ at, ...row }) => ({ ...row, at: new Date(at).toISOString() }));
    return Response.json({ data } satisfies z.infer<typeof DeadLetterList>);
  },
});

export const deadLetterEndpoints = [list];
