import { z } from "zod";
import { DeadLetterList } from "../../contract/dead-letter.ts";
import { limits } from "../../contract/limits.ts";
import { newRouter } from "../http/api.ts";
import { json, route } from "../http/route.ts";
import { listDeadLetters } from "../store/dead-letters.ts";

export const deadLetterRoutes = newRouter();

const list = route({
  method: "get",
  path: "/admin/dead-letters",
  operationId: "listDeadLetters",
  summary: "List dead letters, newest first",
  tags: ["Service"],
  access: "admin",
  request: {
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(limits.pageSize).default(limits.pageSize),
    }),
  },
  responses: { 200: json("The newest dead letters.", DeadLetterList) },
  problems: [],
});

deadLetterRoutes.openapi(list, async (c) => {
  const rows = await listDeadLetters(c.var.replica(), c.req.valid("query").limit);
  const data = rows.map(({ at, ...row }) => ({ ...row, at: new Date(at).toISOString() }));
  return c.json({ data }, 200);
});
