/** The consumer of both queues, for tests: stores and shows the edge's messages. */
interface Batch {
  queue: string;
  messages: readonly { body: unknown }[];
}

const taken: { queue: string; body: unknown }[] = [];

interface Sink {
  VIDEO_DEAD: { send(body: unknown, options: { contentType: "json" | "text" | "bytes" }): Promise<void> };
}

export default {
  /**
   * GET: the stored messages. POST: sends the body to the dead letter queue, as a queue that gives up does.
   */
  async fetch(request: Request, env: Sink): Promise<Response> {
    if (request.method === "POST") {
      const contentType = request.headers.get("x-content-type") as "json" | "text" | "bytes";
      const body = { json: () => request.json(), text: () => request.text(), bytes: () => request.bytes() };
      await env.VIDEO_DEAD.send(await body[contentType](), { contentType });
    }
    return Response.json(taken);
  },
  queue(batch: Batch): void {
    taken.push(...batch.messages.map(({ body }) => ({ queue: batch.queue, body })));
  },
};
