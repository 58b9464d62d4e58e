import { afterAll, afterEach } from "vitest";
import type { DeliveryList, WebhookMade } from "../../contract/webhook.ts";
import { until } from "../until.ts";
import { type Edge, type Job, type OrProblem, startEdge } from "./harness.ts";
import { startReceiver } from "./receive.ts";

/**
 * What an owner of webhooks asks of the edge. `url`: where the webhooks lead unless a test says otherwise.
 */
export function webhookOwner(edge: Edge, url: string) {
  const make = async (key: string, fields: object = {}): Promise<OrProblem<WebhookMade>> =>
    (await edge.call<OrProblem<WebhookMade>>("POST", "/webhooks", { key, body: { url, ...fields } })).json;

  /** A page of the webhook's deliveries, newest first. */
  const log = async (key: string, id: string, query = ""): Promise<OrProblem<DeliveryList>> =>
    (await edge.call<OrProblem<DeliveryList>>("GET", `/webhooks/${id}/deliveries${query}`, { key })).json;

  /** The webhook's deliveries, once each was tried. */
  const settled = (key: string, id: string) =>
    until(
      () => log(key, id),
      ({ data }) =>
        data.length > 0 &&
        data.every(
          ({ last_attempt_at, error, status }) => last_attempt_at && (error || status === "delivered"),
        ),
    );

  /** A job that the owner has cancelled. */
  async function cancelled(key: string): Promise<Job> {
    const job = await edge.newJob(key);
    await edge.call("POST", `/dreams/${job.did}/cancel`, { key });
    return job;
  }
  return { make, log, settled, cancelled };
}

/** For one test file: an edge, a receiver that answers 204 at the start of each test, and their owner. */
export async function useWebhooks() {
  const [edge, receiver] = await Promise.all([startEdge(), startReceiver()]);
  afterEach(async () => {
    // So that no test gets another's message, which the edge would send again after 5 s.
    await edge.sql("UPDATE webhooks SET enabled = 0");
    receiver.received.length = 0;
    receiver.answer = (response) => response.writeHead(204).end();
  });
  afterAll(() => Promise.all([edge.close(), receiver.close()]));
  return { edge, receiver, owner: webhookOwner(edge, `${receiver.url}/hook`) };
}
