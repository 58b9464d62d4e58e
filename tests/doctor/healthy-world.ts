/**
 * All services of a worker, healthy, on one port: the edge with its real signature check, a queue's API, an
 * AI server, a bucket. A test sets a field to cause a fault.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { verifyMessage } from "../../contract/signature.ts";
import { makeLocalIdentity } from "../../render-worker/credentials/make-local-identity.ts";

export interface World {
  url: string;
  env: Record<string, string>;
  /** The edge's callback secret; null: it has none. */
  edgeSecrets: string[] | null;
  edgeHasTables: boolean;
  edgeIsOurs: boolean;
  /** How far the edge's clock is ahead. */
  clockAheadSeconds: number;
  queueToken: string;
  queues: Record<string, { name: string; consumers: object[]; waiting: number }>;
  openaiKey: string;
  models: string[];
  /** Paths below /v1 that the AI server serves. */
  endpoints: string[];
  /** The answer to every call of an endpoint; null: an empty request is refused as such. */
  refusesCalls: { status: number; code: string } | null;
  bucketTakes: boolean;
  bucketGives: boolean;
  close(): Promise<void>;
}

const { certificates, key } = makeLocalIdentity(Date.now());
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const pulled = { type: "http_pull", dead_letter_queue: "video-dead" };

export async function startWorld(scratchDir: string): Promise<World> {
  const objects = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const { status, body } = answer(world, objects, {
      method: request.method ?? "GET",
      pathname: new URL(request.url ?? "/", "http://world").pathname,
      header: (name) => request.headers[name] as string | undefined,
      body: await readBody(request),
    });
    const isText = typeof body === "string";
    response.writeHead(status, {
      date: new Date(Date.now() + world.clockAheadSeconds * 1000).toUTCString(),
      "content-type": isText ? "application/xml" : "application/json",
      etag: '"e"',
    });
    response.end(isText ? body : JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const world: World = {
    url,
    env: {
      EDGE_URL: url,
      CALLBACK_SECRET: secret,
      SCRATCH_DIR: scratchDir,
      CLOUDFLARE_ACCOUNT_ID: "account",
      CLOUDFLARE_API_TOKEN: "queue-token",
      CLOUDFLARE_API_BASE_URL: `${url}/client/v4`,
      QUEUE_STANDARD_ID: "standard-id",
      QUEUE_PREMIUM_ID: "premium-id",
      S3_ENDPOINT: `${url}/s3`,
      S3_BUCKET: "media",
      S3_ACCESS_KEY_ID: "key",
      S3_SECRET_ACCESS_KEY: "secret",
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API_KEY: "openai-key",
      TEXT_MODEL: "text-1",
      PICTURE_MODEL: "picture-1",
      VOICE_MODEL: "voice-1",
      C2PA_CERT: certificates,
      C2PA_KEY: key.export({ type: "pkcs8", format: "pem" }) as string,
    },
    edgeSecrets: [secret],
    edgeHasTables: true,
    edgeIsOurs: true,
    clockAheadSeconds: 0,
    queueToken: "queue-token",
    queues: {
      "standard-id": { name: "video-standard", consumers: [pulled], waiting: 3 },
      "premium-id": { name: "video-premium", consumers: [pulled], waiting: 0 },
    },
    openaiKey: "openai-key",
    models: ["text-1", "picture-1", "voice-1", "gpt-transcribe"],
    refusesCalls: null,
    endpoints: [
      ...["chat/completions", "images/generations", "images/edits", "audio/speech"],
      "audio/transcriptions",
    ],
    bucketTakes: true,
    bucketGives: true,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return world;
}

interface Call {
  method: string;
  pathname: string;
  header(name: string): string | undefined;
  body: string;
}

interface Reply {
  status: number;
  body: unknown;
}

function answer(world: World, objects: Map<string, string>, call: Call): Reply {
  const { pathname } = call;
  if (pathname === "/health") return answerHealth(world);
  if (pathname.startsWith("/internal/jobs/")) return answerClaim(world, call);
  if (pathname.startsWith("/client/v4/")) return answerQueue(world, call);
  if (pathname === "/v1/models") return answerModels(world, call);
  if (world.endpoints.includes(pathname.replace("/v1/", "")) && world.refusesCalls !== null) {
    const { status, code } = world.refusesCalls;
    return { status, body: { error: { message: "No.", type: code, code } } };
  }
  if (world.endpoints.includes(pathname.replace("/v1/", "")))
    return { status: 400, body: { error: { message: "Missing required parameter: 'model'." } } };
  if (pathname.startsWith("/s3/media/")) return answerBucket(world, objects, call);
  return { status: 404, body: {} };
}

const problem = (status: number, code: string, detail = ""): Reply => ({
  status,
  body: { type: `/problems/${code}`, title: code, status, code, detail, instance: "/", request_id: "r" },
});

function answerHealth(world: World): Reply {
  if (!world.edgeIsOurs) return { status: 200, body: { hello: "world" } };
  if (world.edgeSecrets === null)
    return problem(503, "setup.incomplete", "The secret CALLBACK_SECRETS is missing.");
  return world.edgeHasTables ? { status: 200, body: { status: "ok" } } : problem(503, "internal.unavailable");
}

function answerClaim(world: World, { header, body }: Call): Reply {
  const atSeconds = Math.floor(Date.now() / 1000) + world.clockAheadSeconds;
  const verdict = verifyMessage(world.edgeSecrets ?? [], header, body, atSeconds);
  if ("fault" in verdict) return problem(401, verdict.fault);
  return { status: 200, body: { outcome: "not_yours", reason: "unknown" } };
}

function answerQueue(world: World, { pathname, header }: Call): Reply {
  const refuse = (status: number, code: number, message: string): Reply => ({
    status,
    body: { success: false, errors: [{ code, message }], messages: [], result: null },
  });
  if (header("authorization") !== `Bearer ${world.queueToken}`)
    return refuse(401, 10000, "Authentication error");
  const [, id, metrics] = /\/queues\/([^/]+)(\/metrics)?$/.exec(pathname) ?? [];
  const queue = world.queues[id ?? ""];
  if (!queue) return refuse(404, 10104, "Queue does not exist");
  const result = metrics
    ? { backlog_count: queue.waiting, backlog_bytes: 0, oldest_message_timestamp_ms: 0 }
    : { queue_id: id, queue_name: queue.name, consumers: queue.consumers };
  return { status: 200, body: { success: true, errors: [], messages: [], result } };
}

function answerModels(world: World, { header }: Call): Reply {
  if (header("authorization") !== `Bearer ${world.openaiKey}`)
    return {
      status: 401,
      body: { error: { message: "Incorrect API key provided", code: "invalid_api_key" } },
    };
  return { status: 200, body: { object: "list", data: world.models.map((id) => ({ id, object: "model" })) } };
}

function answerBucket(world: World, objects: Map<string, string>, { method, pathname, body }: Call): Reply {
  const allowed = method === "PUT" ? world.bucketTakes : world.bucketGives;
  if (!allowed) return { status: 403, body: "<Error><Code>AccessDenied</Code></Error>" };
  if (method === "PUT") objects.set(pathname, body);
  return { status: 200, body: method === "PUT" ? "" : (objects.get(pathname) ?? "") };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
