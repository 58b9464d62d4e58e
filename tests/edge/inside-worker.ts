/**
 * A second worker beside the edge, for tests: it consumes both queues and shows their messages, and it has
 * the edge's database and bucket.
 */
import type { D1Database, R2Bucket } from "@cloudflare/workers-types/index.ts";
import type { D1Answer, D1Request } from "./remote-d1.ts";

export interface Taken {
  queue: string;
  body: unknown;
}

interface Batch {
  queue: string;
  messages: readonly { body: unknown }[];
}

interface Bindings {
  DB: D1Database;
  LEASES: { getByName(name: "all"): { watch(byMs: number): Promise<number> } };
  MEDIA: R2Bucket;
  VIDEO_DEAD: { send(body: unknown, options: { contentType: "json" | "text" | "bytes" }): Promise<void> };
}

const taken: Taken[] = [];

const routes: Record<string, (request: Request, env: Bindings) => Promise<unknown>> = {
  "GET /messages": async () => taken,

  /** Sends the body to the dead letter queue, as a queue that gives up does. */
  "POST /dead-letters": async (request, env) => {
    const contentType = request.headers.get("x-content-type") as "json" | "text" | "bytes";
    const body = { json: () => request.json(), text: () => request.text(), bytes: () => request.bytes() };
    await env.VIDEO_DEAD.send(await body[contentType](), { contentType });
  },

  /** Makes the watch of leases look at the time in the body or earlier, as a claim does. */
  "POST /look": async (request, env) => env.LEASES.getByName("all").watch(Number(await request.text())),

  "POST /d1": async (request, env): Promise<D1Answer> => {
    const { constraint, statements } = (await request.json()) as D1Request;
    const session = env.DB.withSession(constraint);
    const prepared = statements.map(({ text, values }) => session.prepare(text).bind(...values));
    const results = await session.batch(prepared);
    return { results, bookmark: session.getBookmark() };
  },

  /** Deletes all rows, files and messages, but not the list of migrations, and ends the watch of leases. */
  "DELETE /": async (_, env) => {
    taken.length = 0;
    await deleteRows(env.DB);
    await deleteFiles(env.MEDIA);
    await endWatch(env);
  },
};

async function deleteRows(d1: D1Database): Promise<void> {
  const { results } = await d1
    .prepare(
      `SELECT name FROM sqlite_schema
       WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name <> 'd1_migrations'`,
    )
    .all<{ name: string }>();
  const emptied = results.map(({ name }) => d1.prepare(`DELETE FROM "${name}"`));
  // Twice, because a trigger of one table may write a row of another.
  await d1.batch([...emptied, ...emptied]);
}

async function deleteFiles(bucket: R2Bucket): Promise<void> {
  for (;;) {
    const { objects } = await bucket.list();
    if (objects.length === 0) return;
    await bucket.delete(objects.map(({ key }) => key));
  }
}

/**
 * Without leases the watch looks once and sets no alarm. An alarm of earlier jobs would requeue later ones.
 */
async function endWatch(env: Bindings): Promise<void> {
  const neverMs = 6_000_000_000_000;
  const watch = env.LEASES.getByName("all");
  await watch.watch(Date.now());
  while ((await watch.watch(neverMs)) !== neverMs) await new Promise((done) => setTimeout(done, 20));
}

export default {
  async fetch(request: Request, env: Bindings): Promise<Response> {
    const route = routes[`${request.method} ${new URL(request.url).pathname}`];
    if (route === undefined) return new Response(null, { status: 404 });
    try {
      return Response.json((await route(request, env)) ?? null);
    } catch (error) {
      return Response.json({ error: (error as Error).message }, { status: 500 });
    }
  },
  queue(batch: Batch): void {
    taken.push(...batch.messages.map(({ body }) => ({ queue: batch.queue, body })));
  },
};
