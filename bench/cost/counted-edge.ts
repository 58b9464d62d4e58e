/**
 * The bundled edge with counted bindings: what a run asks of D1, Durable Objects, R2 and the queues.
 * `GET /_counts` answers `Counts` and begins anew. The Worker and its objects run in one isolate on a laptop,
 * so one set of counters sees all of them.
 */

import type { Counts } from "./counts.ts";
// @ts-expect-error The edge's bundle lies beside this file when it is served.
import edge, * as classes from "./index.js";

let counts = begin();

function begin(): Counts {
  return {
    requests: {},
    rowsRead: 0,
    rowsWritten: 0,
    batches: [],
    objects: {},
    alarms: {},
    mediaWrites: 0,
    mediaReads: 0,
    queueMessages: 0,
  };
}

const add = (to: Record<string, number>, name: string) => {
  to[name] = (to[name] ?? 0) + 1;
};

// biome-ignore lint/suspicious/noExplicitAny: bindings of any kind
type Any = any;

/** `target` with some members replaced. Methods keep their own `this`. */
const replace = (target: Any, members: Record<string, Any>): Any =>
  new Proxy(target, {
    get(_, name: string) {
      if (name in members) return members[name];
      const value = target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

interface Prepared {
  statement: Any;
  text: string;
  values: unknown[];
}

const countD1 = (d1: Any) =>
  replace(d1, {
    withSession(constraint: string) {
      const session = d1.withSession(constraint);
      return {
        prepare: (text: string) => ({
          bind: (...values: unknown[]): Prepared => ({
            statement: session.prepare(text).bind(...values),
            text,
            values,
          }),
        }),
        async batch(prepared: Prepared[]) {
          const answers = await session.batch(prepared.map(({ statement }) => statement));
          for (const { meta } of answers) {
            counts.rowsRead += meta.rows_read;
            counts.rowsWritten += meta.rows_written;
          }
          counts.batches.push(prepared.map(({ text, values }) => ({ text, values })));
          return answers;
        },
        getBookmark: () => session.getBookmark(),
      };
    },
  });

const countObjects = (name: string, namespace: Any) =>
  replace(namespace, {
    getByName(id: string) {
      const stub = namespace.getByName(id);
      return new Proxy(stub, {
        get:
          (_, method: string) =>
          (...values: unknown[]) => {
            add(counts.objects, name);
            return stub[method](...values);
          },
      });
    },
  });

const countMedia = (bucket: Any) => {
  const counted =
    (kind: "mediaWrites" | "mediaReads", method: string) =>
    (...values: unknown[]) => {
      counts[kind]++;
      return bucket[method](...values);
    };
  return replace(bucket, {
    put: counted("mediaWrites", "put"),
    list: counted("mediaWrites", "list"),
    get: counted("mediaReads", "get"),
    head: counted("mediaReads", "head"),
  });
};

const countQueue = (queue: Any) =>
  replace(queue, {
    send(...values: unknown[]) {
      counts.queueMessages++;
      return queue.send(...values);
    },
    sendBatch(messages: unknown[]) {
      counts.queueMessages += messages.length;
      return queue.sendBatch(messages);
    },
  });

const namespaces = ["CHANNELS", "STREAM_COUNTS", "LEASES", "ATTEMPTS", "WEBHOOK_SENDERS"];
const counted = new WeakMap<object, Any>();

function countEnv(env: Any): Any {
  const known = counted.get(env);
  if (known) return known;
  const made = {
    ...env,
    DB: countD1(env.DB),
    MEDIA: countMedia(env.MEDIA),
    VIDEO_STANDARD: countQueue(env.VIDEO_STANDARD),
    VIDEO_PREMIUM: countQueue(env.VIDEO_PREMIUM),
    ...Object.fromEntries(namespaces.map((name) => [name, countObjects(name, env[name])])),
  };
  counted.set(env, made);
  return made;
}

/** The object's class with a counted environment, and with its alarms counted. */
const countClass = (name: string): Any => {
  const Base = classes[name] as new (...values: Any[]) => Any;
  return class extends Base {
    constructor(ctx: Any, env: Any) {
      super(ctx, countEnv(env));
    }
    async alarm(...values: unknown[]) {
      add(counts.alarms, name);
      return super.alarm?.(...values);
    }
  };
};

export const DreamChannel = countClass("DreamChannel");
export const StreamCount = countClass("StreamCount");
export const AttemptLimit = countClass("AttemptLimit");
export const LeaseWatch = countClass("LeaseWatch");
export const WebhookSender = countClass("WebhookSender");

/** The kind of a request's caller and address, without ids. */
function kindOf(path: string): string {
  const [, verb] = /^\/internal\/(?:jobs|workers)\/[^/]+\/([a-z-]+)$/.exec(path) ?? [];
  if (verb) return `worker: ${verb}`;
  if (path.endsWith("/video-complete")) return "worker: complete";
  return `client: ${path.split("/").at(-1)}`;
}

export default {
  async fetch(request: Request, env: Any, ctx: Any): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/_counts") {
      const answer = Response.json(counts);
      counts = begin();
      return answer;
    }
    add(counts.requests, kindOf(pathname));
    return edge.fetch(request, countEnv(env), ctx);
  },
  queue: (batch: Any, env: Any, ctx: Any) => edge.queue(batch, countEnv(env), ctx),
  scheduled: (event: Any, env: Any, ctx: Any) => edge.scheduled(event, countEnv(env), ctx),
};
