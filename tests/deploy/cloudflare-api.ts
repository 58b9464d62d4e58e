/**
 * The part of api.cloudflare.com that the real wrangler needs for a deploy: databases that run real SQL,
 * queues with consumers, buckets with lifecycle rules, Workers with secrets. The state is plain data, so that
 * a test can set and read it.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";

export interface FakeAccount {
  databases: Map<string, { name: string; sql: DatabaseSync }>;
  queues: Map<string, FakeQueue>;
  buckets: Map<string, { lifecycle: unknown[]; cors: unknown[] | null }>;
  workers: Map<string, FakeWorker>;
  /** Every request as "METHOD path" without the account's part; and the requests that no route answers. */
  requests: string[];
  unanswered: string[];
}

export interface FakeQueue {
  name: string;
  consumers: {
    consumer_id: string;
    type: string;
    script?: string | undefined;
    settings: unknown;
    dead_letter_queue?: string;
  }[];
}

export interface FakeWorker {
  versions: { id: string; tag: string | undefined; bindings: Binding[] }[];
  /** The version that serves requests. */
  live: string | null;
  secrets: Map<string, string>;
  crons: string[];
}

interface Binding {
  name: string;
  type: string;
  id?: string;
  queue_name?: string;
  bucket_name?: string;
}

export const accountId = "0123456789abcdef0123456789abcdef";
export const apiToken = "fake-api-token";

interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  form: FormData | null;
}

class Refused extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export async function startCloudflareApi() {
  const account: FakeAccount = {
    databases: new Map(),
    queues: new Map(),
    buckets: new Map(),
    workers: new Map(),
    requests: [],
    unanswered: [],
  };
  const server = createServer(async (request, response) => {
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    try {
      if (request.headers.authorization !== `Bearer ${apiToken}`)
        throw new Refused(401, 10000, "Authentication error");
      const call = await readCall(request);
      account.requests.push(`${call.method} ${call.path}`);
      const { result, ...rest } = answer(account, call);
      send(200, { success: true, errors: [], messages: [], result, ...rest });
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused(500, 10001, String(error));
      send(refused.status, {
        success: false,
        errors: [{ code: refused.code, message: refused.message }],
        messages: [],
        result: null,
      });
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    account,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? "/", "http://api");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const type = request.headers["content-type"] ?? "";
  const isForm = type.startsWith("multipart/form-data");
  return {
    method: request.method ?? "GET",
    path: url.pathname.replace(`/accounts/${accountId}`, "").replace(/^\/client\/v4/, ""),
    query: url.searchParams,
    // wrangler names no content type for some of its JSON.
    body: !isForm && /^[[{]/.test(raw.toString("latin1", 0, 1)) ? JSON.parse(raw.toString()) : null,
    form: isForm ? await new Response(raw, { headers: { "content-type": type } }).formData() : null,
  };
}

type Answer = { result: unknown; result_info?: unknown };
type Handler = (account: FakeAccount, call: Call, ...ids: string[]) => Answer;

function answer(account: FakeAccount, call: Call): Answer {
  for (const [method, pattern, handle] of routes) {
    const match = method === call.method ? pattern.exec(call.path) : null;
    if (match) return handle(account, call, ...match.slice(1).map(decodeURIComponent));
  }
  account.unanswered.push(`${call.method} ${call.path}`);
  throw new Refused(
    404,
    call.path.startsWith("/workers/s") ? 10007 : 7003,
    `No route for ${call.method} ${call.path}`,
  );
}

const page = (rows: unknown[]): Answer => ({
  result: rows,
  result_info: { page: 1, per_page: 100, count: rows.length, total_count: rows.length, total_pages: 1 },
});

const routes: [string, RegExp, Handler][] = [
  ["GET", /^\/user\/tokens\/verify$/, () => ({ result: { id: "token-id-1", status: "active" } })],
  // A user's token is not one of the account's.
  [
    "GET",
    /^\/tokens\/verify$/,
    () => {
      throw new Refused(401, 1000, "Invalid API Token");
    },
  ],
  [
    "GET",
    /^\/tokens\/permission_groups$/,
    () => page([{ id: "r2-objects", name: "Workers R2 Storage Bucket Item Write" }]),
  ],
  ["POST", /^\/tokens$/, () => ({ result: { id: "token-id-2", value: "a-bucket-s-token" } })],
  ["GET", /^\/accounts$/, () => page([{ id: accountId, name: "Dreams" }])],
  ["GET", /^\/memberships$/, () => page([{ id: "m1", account: { id: accountId, name: "Dreams" } }])],
  ["GET", /^\/user$/, () => ({ result: { id: "u1", email: "dreamer@example.com" } })],

  ["GET", /^\/d1\/database$/, (account, { query }) => page(databases(account, query.get("name")))],
  [
    "POST",
    /^\/d1\/database$/,
    (account, { body }) => {
      const { name } = body as { name: string };
      if (databases(account, name).length > 0)
        throw new Refused(400, 7502, `A database named ${name} exists`);
      const id = randomUUID();
      account.databases.set(id, { name, sql: new DatabaseSync(":memory:") });
      return { result: { uuid: id, name, created_in_region: "WEUR" } };
    },
  ],
  [
    "GET",
    /^\/d1\/database\/([^/]+)$/,
    (account, _, idOrName) => ({ result: databases(account, database(account, idOrName).name)[0] }),
  ],
  [
    "DELETE",
    /^\/d1\/database\/([^/]+)$/,
    (account, _, id) => {
      database(account, id).sql.close();
      account.databases.delete(id as string);
      return { result: null };
    },
  ],
  [
    "POST",
    /^\/d1\/database\/([^/]+)\/query$/,
    (account, { body }, id) => ({ result: query(account, id, body) }),
  ],

  [
    "GET",
    /^\/queues$/,
    (account, { query }) =>
      page(
        [...account.queues].filter(([, q]) => q.name === (query.get("name") ?? q.name)).map(describeQueue),
      ),
  ],
  [
    "POST",
    /^\/queues$/,
    (account, { body }) => {
      const { queue_name: name } = body as { queue_name: string };
      if ([...account.queues.values()].some((queue) => queue.name === name))
        throw new Refused(409, 11009, `Queue name '${name}' is already taken.`);
      const id = randomUUID().replaceAll("-", "");
      account.queues.set(id, { name, consumers: [] });
      return { result: describeQueue([id, queueOf(account, id)]) };
    },
  ],
  [
    "GET",
    /^\/queues\/([^/]+)$/,
    (account, _, id) => ({ result: describeQueue([id as string, queueOf(account, id)]) }),
  ],
  [
    "DELETE",
    /^\/queues\/([^/]+)$/,
    (account, _, id) => {
      queueOf(account, id);
      account.queues.delete(id as string);
      return { result: null };
    },
  ],
  ["GET", /^\/queues\/([^/]+)\/consumers$/, (account, _, id) => page(queueOf(account, id).consumers)],
  [
    "POST",
    /^\/queues\/([^/]+)\/consumers$/,
    (account, { body }, id) => {
      const queue = queueOf(account, id);
      const { script_name: script, ...wanted } = body as {
        type: string;
        script_name?: string;
        settings: unknown;
        dead_letter_queue?: string;
      };
      if (queue.consumers.length > 0)
        throw new Refused(400, 11004, `Queue ${queue.name} has a consumer already.`);
      const consumer = {
        consumer_id: randomUUID().replaceAll("-", ""),
        queue_name: queue.name,
        script,
        ...wanted,
      };
      queue.consumers.push(consumer);
      return { result: consumer };
    },
  ],
  [
    "DELETE",
    /^\/queues\/([^/]+)\/consumers\/([^/]+)$/,
    (account, _, id, consumerId) => {
      const queue = queueOf(account, id);
      queue.consumers = queue.consumers.filter((consumer) => consumer.consumer_id !== consumerId);
      return { result: null };
    },
  ],

  ["GET", /^\/r2\/buckets\/([^/]+)$/, (account, _, name) => ({ result: describeBucket(account, name) })],
  [
    "GET",
    /^\/r2\/buckets$/,
    (account) => ({
      result: { buckets: [...account.buckets.keys()].map((name) => describeBucket(account, name)) },
    }),
  ],
  [
    "POST",
    /^\/r2\/buckets$/,
    (account, { body }) => {
      const { name } = body as { name: string };
      if (account.buckets.has(name))
        throw new Refused(409, 10004, "The bucket you tried to create already exists.");
      account.buckets.set(name, { lifecycle: [], cors: null });
      return { result: describeBucket(account, name) };
    },
  ],
  [
    "DELETE",
    /^\/r2\/buckets\/([^/]+)$/,
    (account, _, name) => {
      describeBucket(account, name);
      account.buckets.delete(name as string);
      return { result: {} };
    },
  ],
  [
    "GET",
    /^\/r2\/buckets\/([^/]+)\/lifecycle$/,
    (account, _, name) => ({ result: { rules: bucket(account, name).lifecycle } }),
  ],
  [
    "PUT",
    /^\/r2\/buckets\/([^/]+)\/lifecycle$/,
    (account, { body }, name) => {
      bucket(account, name).lifecycle = (body as { rules: unknown[] }).rules;
      return { result: {} };
    },
  ],

  [
    "GET",
    /^\/r2\/buckets\/([^/]+)\/cors$/,
    (account, _, name) => {
      const { cors } = bucket(account, name);
      if (cors === null) throw new Refused(404, 10059, "The CORS configuration does not exist.");
      return { result: { rules: cors } };
    },
  ],
  [
    "PUT",
    /^\/r2\/buckets\/([^/]+)\/cors$/,
    (account, { body }, name) => {
      bucket(account, name).cors = (body as { rules: unknown[] }).rules;
      return { result: {} };
    },
  ],

  ["GET", /^\/workers\/scripts\/([^/]+)\/secrets$/, (account, _, name) => page(secretsOf(account, name))],
  [
    "PATCH",
    /^\/workers\/scripts\/([^/]+)\/secrets-bulk$/,
    (account, { body }, name) => {
      const { secrets } = body as { secrets: Record<string, { text: string } | null> };
      for (const [key, secret] of Object.entries(secrets)) {
        if (secret) worker(account, name).secrets.set(key, secret.text);
        else worker(account, name).secrets.delete(key);
      }
      return { result: { secrets_added: Object.keys(secrets).length } };
    },
  ],
  ["GET", /^\/workers\/subdomain$/, () => ({ result: { subdomain: "dreams" } })],
  [
    "GET",
    /^\/workers\/services\/([^/]+)$/,
    (account, _, name) => {
      worker(account, name);
      return {
        result: {
          id: name,
          default_environment: {
            environment: "production",
            script: { tag: "t1", last_deployed_from: "wrangler" },
          },
        },
      };
    },
  ],
  [
    "PUT",
    /^\/workers\/scripts\/([^/]+)$/,
    (account, { form }, name) => {
      const made = account.workers.get(name as string) ?? {
        versions: [],
        live: null,
        secrets: new Map(),
        crons: [],
      };
      account.workers.set(name as string, made);
      const version = upload(account, made, form);
      made.live = version.id;
      return { result: { ...version, id: name, tag: "script-tag", etag: "etag", deployment_id: version.id } };
    },
  ],
  [
    "GET",
    /^\/workers\/scripts\/([^/]+)\/settings$/,
    (account, _, name) => ({ result: { bindings: worker(account, name).versions.at(-1)?.bindings ?? [] } }),
  ],
  [
    "GET",
    /^\/workers\/scripts\/([^/]+)\/deployments$/,
    (account, _, name) => {
      const { live } = worker(account, name);
      return { result: { deployments: live === null ? [] : [describeDeployment(live)] } };
    },
  ],
  [
    "GET",
    /^\/workers\/scripts\/([^/]+)\/versions$/,
    (account, _, name) => ({ result: { items: worker(account, name).versions.map(describeVersion) } }),
  ],
  [
    "POST",
    /^\/workers\/scripts\/([^/]+)\/versions$/,
    (account, { form }, name) => ({ result: upload(account, worker(account, name), form) }),
  ],
  [
    "POST",
    /^\/workers\/scripts\/([^/]+)\/deployments$/,
    (account, { body }, name) => {
      const [version] = (body as { versions: { version_id: string }[] }).versions;
      worker(account, name).live = version?.version_id ?? null;
      return { result: describeDeployment(version?.version_id ?? "") };
    },
  ],
  [
    "DELETE",
    /^\/workers\/services\/([^/]+)$/,
    (account, _, name) => {
      worker(account, name);
      account.workers.delete(name as string);
      return { result: null };
    },
  ],
  [
    "GET",
    /^\/workers\/workers\/([^/]+)$/,
    (_account, _, name) => ({ result: { id: name, subdomain: { enabled: true, previews_enabled: true } } }),
  ],
  [
    "PUT",
    /^\/workers\/scripts\/([^/]+)\/schedules$/,
    (account, { body }, name) => {
      worker(account, name).crons = (body as { cron: string }[]).map(({ cron }) => cron);
      return { result: { schedules: body } };
    },
  ],
  ["POST", /^\/workers\/scripts\/[^/]+\/subdomain$/, (_, { body }) => ({ result: body })],
  // Reports every file as uploaded already.
  [
    "POST",
    /^\/workers\/scripts\/[^/]+\/assets-upload-session$/,
    () => ({ result: { jwt: "assets", buckets: [] } }),
  ],
  ["PATCH", /^\/workers\/scripts\/[^/]+\/script-settings$/, () => ({ result: {} })],
  ["GET", /^\/storage\/kv\/namespaces$/, () => page([])],
  ["GET", /^\/workers\/durable_objects\/namespaces$/, () => page([])],
];

/** Cloudflare refuses a version that binds something missing. */
function upload(account: FakeAccount, worker: FakeWorker, form: FormData | null) {
  const metadata = JSON.parse(String(form?.get("metadata"))) as {
    bindings: Binding[];
    annotations?: Record<string, string>;
  };
  for (const binding of metadata.bindings) {
    if (binding.type === "inherit" && !worker.secrets.has(binding.name))
      throw new Refused(400, 10021, `inherit binding '${binding.name}' is invalid`);
    if (binding.type === "d1") database(account, binding.id);
    if (binding.type === "r2_bucket") bucket(account, binding.bucket_name);
    if (
      binding.type === "queue" &&
      ![...account.queues.values()].some(({ name }) => name === binding.queue_name)
    )
      throw new Refused(404, 11000, `Queue ${binding.queue_name} does not exist.`);
  }
  const version = {
    id: randomUUID(),
    tag: metadata.annotations?.["workers/tag"],
    bindings: metadata.bindings,
  };
  worker.versions.push(version);
  return { ...describeVersion(version), startup_time_ms: 20, resources: { script: { etag: "etag" } } };
}

const describeVersion = ({ id, tag }: FakeWorker["versions"][number]) => ({
  id,
  number: 1,
  metadata: { created_on: "2026-11-22T00:00:00Z", source: "wrangler", author_email: "dreamer@example.com" },
  annotations: { "workers/triggered_by": "version_upload", ...(tag ? { "workers/tag": tag } : {}) },
});

const describeDeployment = (versionId: string) => ({
  id: "0d8a1f2c-0000-4000-8000-000000000001",
  source: "wrangler",
  strategy: "percentage",
  author_email: "dreamer@example.com",
  created_on: "2026-11-22T00:00:00Z",
  annotations: { "workers/triggered_by": "deployment" },
  versions: [{ version_id: versionId, percentage: 100 }],
});

function worker(account: FakeAccount, name: string | undefined): FakeWorker {
  const found = account.workers.get(name ?? "");
  if (!found) throw new Refused(404, 10007, "This Worker does not exist on your account.");
  return found;
}

const secretsOf = (account: FakeAccount, name: string | undefined) =>
  [...worker(account, name).secrets.keys()].map((key) => ({ name: key, type: "secret_text" }));

function databases(account: FakeAccount, name: string | null) {
  return [...account.databases]
    .filter(([, found]) => name === null || found.name === name)
    .map(([uuid, found]) => ({
      uuid,
      name: found.name,
      version: "production",
      created_at: "2026-11-22T00:00:00Z",
    }));
}

function database(account: FakeAccount, id: string | undefined) {
  const found =
    account.databases.get(id ?? "") ?? [...account.databases.values()].find((db) => db.name === id);
  if (!found) throw new Refused(404, 7404, `The database ${id} could not be found`);
  return found;
}

/** One result per statement, as D1 returns them. */
function query(account: FakeAccount, id: string | undefined, body: unknown) {
  const { sql, params = [] } = body as { sql: string; params?: string[] };
  const { sql: db } = database(account, id);
  const meta = { duration: 0, changes: 0, rows_read: 0, rows_written: 0, served_by: "fake" };
  try {
    // node:sqlite prepares only the first statement, so several statements run as a script.
    if (params.length === 0 && sql.trim().replace(/;$/, "").includes(";")) {
      db.exec(sql);
      return [{ success: true, results: [], meta }];
    }
    return [{ success: true, results: db.prepare(sql).all(...params), meta }];
  } catch (error) {
    throw new Refused(400, 7500, `${(error as Error).message}: SQLITE_ERROR`);
  }
}

function queueOf(account: FakeAccount, id: string | undefined): FakeQueue {
  const found = account.queues.get(id ?? "");
  if (!found) throw new Refused(404, 11000, "Queue does not exist.");
  return found;
}

function describeQueue([id, queue]: [string, FakeQueue]) {
  return {
    queue_id: id,
    queue_name: queue.name,
    created_on: "2026-11-22T00:00:00Z",
    modified_on: "2026-11-22T00:00:00Z",
    producers_total_count: 0,
    producers: [],
    consumers_total_count: queue.consumers.length,
    consumers: queue.consumers,
    settings: { delivery_delay: 0, delivery_paused: false, message_retention_period: 345_600 },
  };
}

function bucket(account: FakeAccount, name: string | undefined) {
  const found = account.buckets.get(name ?? "");
  if (!found) throw new Refused(404, 10006, "The specified bucket does not exist.");
  return found;
}

function describeBucket(account: FakeAccount, name: string | undefined) {
  bucket(account, name);
  return { name, creation_date: "2026-11-22T00:00:00Z", location: "WEUR", storage_class: "Standard" };
}
