/**
 * A simulator of Cloudflare Queues. Wrangler's local queues have no HTTP pull API, so this Worker is their
 * push consumer, stores every message in a Durable Object and serves
 * `/client/v4/accounts/{account}/queues/...` as api.cloudflare.com does. The official `cloudflare` client
 * works against it unchanged.
 *
 * wrangler dev -c simulators/queue/wrangler.toml --port 8788 --persist-to <folder>
 *
 * Two things are not part of Cloudflare's API: `GET /health`, and the faults for tests (faults.ts lists
 * them): POST /_faults  {"seed": 7, "duplicate_rate": 0.3, ...}  sets the plan; ?queue=<id or name> for one
 * queue only GET /_faults   the plan of each queue, and how often each fault was injected Every path but
 * /health needs the API token.
 *
 * Known differences: a push consumer does not get the content type, so this Worker infers it: a string is
 * text (even when it was sent as json), bytes are bytes, and every other body is json. Wrangler's broker
 * holds the delays of `send()` in memory. Cloudflare's limit of 1,200 requests in 5 minutes (pull and ack
 * excepted) is not enforced.
 */
import { catalogueOf, describeQueue, findQueue, localAccountId, type QueueSettings } from "./catalogue.ts";
import { apiFaults, CloudflareError, fail, succeed } from "./envelope.ts";
import { readFaultPlan } from "./faults.ts";
import type { NewMessage } from "./messages.ts";
import type { QueueObjectEnv } from "./queue-object.ts";
import { encodeBody, readBody } from "./requests.ts";

export { QueueObject } from "./queue-object.ts";

interface Env extends QueueObjectEnv {
  API_TOKEN: string;
}

export default {
  async fetch(request, env): Promise<Response> {
    try {
      const url = new URL(request.url);
      if (url.pathname === "/health") return Response.json({ status: "ok" });
      authenticate(request, env);
      return url.pathname === "/_faults"
        ? await handleFaults(request, url, env)
        : await route(request, url, env);
    } catch (error) {
      return fail(error);
    }
  },

  /**
   * Stores the messages that wrangler's broker delivers. A throw makes the broker deliver the batch again.
   */
  async queue(batch, env): Promise<void> {
    await objectOf(env, findQueue(catalogueOf(env.CATALOGUE), batch.queue)).receive(
      batch.messages.map(toNewMessage),
    );
  },
} satisfies ExportedHandler<Env>;

function objectOf(env: Env, queue: QueueSettings) {
  return env.QUEUES.getByName(queue.id);
}

function authenticate(request: Request, env: Env): void {
  const header = request.headers.get("authorization");
  if (header === null) throw new CloudflareError(apiFaults.unauthenticated);
  if (header !== `Bearer ${env.API_TOKEN}`) throw new CloudflareError(apiFaults.badToken);
}

async function route(request: Request, url: URL, env: Env): Promise<Response> {
  const match = /^\/client\/v4\/accounts\/([^/]+)\/queues(?:\/([^/]+)(\/.+)?)?$/.exec(url.pathname);
  if (match === null) throw new CloudflareError(apiFaults.noRoute);
  const [, account, queueId, action] = match;
  if (account !== localAccountId) throw new CloudflareError(apiFaults.otherAccount);
  if (queueId !== undefined && !/^[0-9a-f]{32}$/.test(queueId))
    throw new CloudflareError(apiFaults.queueIdMalformed);
  if (action !== undefined)
    return objectOf(env, findQueue(catalogueOf(env.CATALOGUE), queueId)).fetch(request);
  if (request.method !== "GET") throw new CloudflareError(apiFaults.methodNotAllowed);
  if (queueId !== undefined) return succeed(describeQueue(findQueue(catalogueOf(env.CATALOGUE), queueId)));
  const queues = catalogueOf(env.CATALOGUE).map(describeQueue);
  const count = queues.length;
  return succeed(queues, {
    result_info: { count, page: 1, per_page: 100, total_count: count, total_pages: 1 },
  });
}

async function handleFaults(request: Request, url: URL, env: Env): Promise<Response> {
  const only = url.searchParams.get("queue");
  const queues = only === null ? catalogueOf(env.CATALOGUE) : [findQueue(catalogueOf(env.CATALOGUE), only)];
  const plan = request.method === "POST" ? readFaultPlan(await readBody(request)) : undefined;
  const reports = queues.map(async (queue) => {
    const object = objectOf(env, queue);
    return [queue.name, plan === undefined ? await object.reportFaults() : await object.useFaults(plan)];
  });
  return Response.json(Object.fromEntries(await Promise.all(reports)));
}

function toNewMessage(message: Message): NewMessage {
  return {
    id: message.id,
    ...encodeReceived(message.body),
    source: "worker",
    delay_seconds: null,
    sent_at_ms: message.timestamp.getTime(),
  };
}

function encodeReceived(body: unknown) {
  if (typeof body === "string") return encodeBody("text", body);
  if (body instanceof ArrayBuffer) return encodeBody("bytes", new Uint8Array(body));
  if (ArrayBuffer.isView(body))
    return encodeBody("bytes", new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  return encodeBody("json", body);
}
