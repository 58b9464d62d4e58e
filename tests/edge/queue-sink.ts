/** The workers' side of both queues, for tests: takes what the edge sends and shows it. */
interface Batch {
  queue: string;
  messages: readonly { body: unknown }[];
}

const taken: { queue: string; body: unknown }[] = [];

export default {
  fetch(): Response {
    return Response.json(taken);
  },
  queue(batch: Batch): void {
    taken.push(...batch.messages.map(({ body }) => ({ queue: batch.queue, body })));
  },
};
