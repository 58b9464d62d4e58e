import { z } from "zod";
import { DeadLetterList } from "../../contract/dead-letter.ts";
import { limits } from "../../contract/limits.ts";
import { endpoint } from "../http/endpoint.ts";
import { listDeadLetters } from "../store/dead-letters.ts";

const list = endpoint({
  method: "get",
  path: "/admin/dead-letters",
  name: "listDeadLetters",
  summary: "List dead letters, newest first",
  tag: "Service",
  access: "admin",
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(limits.pageSize).default(limits.pageSize),
  }),
  answers: { 200: { description: "The newest dead letters.", schema: DeadLetterList } },
  problems: [],
  async handle({ query, replica }) {
    const rows = await listDeadLetters(replica(), query.limit);
    const data = rows.map(({ at, ...row }) => ({ ...row, at: new Date(at).toISOString() }));
    return Response.json({ data } satisfies DeadLetterList);
  },
});

export const deadLetterEndpoints = [list];
