import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Cloudflare from "cloudflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ProcessGroup, startGroup } from "../../local/process-group.ts";
import { localAccountId, localQueues } from "../../simulators/queue/catalogue.ts";
import { freePort } from "../free-port.ts";
import { until } from "../until.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const account_id = localAccountId;
const apiToken = "a-token-from-a-file";

/** As local/services.ts starts them: two `wrangler dev` that find each other through their own registry. */
describe("two wrangler dev", () => {
  const groups: ProcessGroup[] = [];
  let folder: string;
  let senderUrl: string;
  let queuePort: number;
  let api: Cloudflare;

  const wranglerDev = async (name: string, config: string, port: number, more: string[] = []) => {
    const logPath = join(folder, `${name}.log`);
    const command = [
      process.execPath,
      join("node_modules", "wrangler", "bin", "wrangler.js"),
      ...["dev", "--config", config, "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"],
      ...["--persist-to", join(folder, name), "--show-interactive-dev-session", "false", ...more],
    ];
    const env = { ...process.env, WRANGLER_REGISTRY_PATH: join(folder, "registry"), CI: "1" };
    const group = startGroup(name, command, { cwd: root, env, logPath });
    groups.push(group);
    await Promise.race([
      until(() => fetch(`http://127.0.0.1:${port}/health`).then(isOk, () => false)),
      group.exited.then(async () => {
        throw new Error(`${name} ended:\n${await readFile(logPath, "utf8")}`);
      }),
    ]);
    return group;
  };
  const startQueue = () =>
    wranglerDev("queue", "simulators/queue/wrangler.toml", queuePort, [
      "--env-file",
      join(folder, "queue.vars"),
    ]);
  const send = (job: string) =>
    fetch(senderUrl, { method: "POST", body: JSON.stringify({ v: 1, job_id: job }) });
  const pull = async (visibility_timeout_ms: number) => {
    const { messages = [] } = await api.queues.messages.pull(localQueues.standard.id, {
      account_id,
      batch_size: 100,
      visibility_timeout_ms,
    });
    return messages.map(({ body = "", attempts }) => ({
      ...(JSON.parse(Buffer.from(body, "base64").toString()) as { job_id: string }),
      attempts,
    }));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "queue-pair-"));
    await writeFile(join(folder, "queue.vars"), `API_TOKEN="${apiToken}"\n`);
    await writeFile(join(folder, "sender.js"), senderSource);
    await writeFile(join(folder, "wrangler.toml"), senderConfig);
    const senderPort = await freePort();
    queuePort = await freePort();
    senderUrl = `http://127.0.0.1:${senderPort}/`;
    api = new Cloudflare({
      apiToken,
      baseURL: `http://127.0.0.1:${queuePort}/client/v4`,
      maxRetries: 0,
      timeout: 5_000,
      logLevel: "off",
    });
    await Promise.all([wranglerDev("sender", join(folder, "wrangler.toml"), senderPort), startQueue()]);
    // Until the two have found each other, the sender's broker drops messages.
    await until(async () => {
      await send("first");
      return (await depth()) > 0;
    });
    await api.queues.purge.start(localQueues.standard.id, { account_id, delete_messages_permanently: true });
  });

  afterAll(async () => {
    await Promise.all(groups.map((group) => group.stop(5_000)));
    await rm(folder, { recursive: true, force: true });
  });

  it("moves a message without deliveries left to the Worker that consumes the dead letters", async () => {
    await send("doomed");
    await send("alive");
    await until(async () => (await depth()) === 2);
    const acks: { lease_id: string }[] = [];
    await until(async () => {
      const { messages = [] } = await api.queues.messages.pull(localQueues.standard.id, {
        account_id,
        batch_size: 100,
        visibility_timeout_ms: 0,
      });
      const others = messages.filter(({ body = "" }) => !Buffer.from(body, "base64").includes("doomed"));
      acks.push(...others.map(({ lease_id = "" }) => ({ lease_id })));
      if (others.length > 0) await api.queues.messages.ack(localQueues.standard.id, { account_id, acks });
      return (await depth()) === 0;
    });
    const dead = await until(async () => {
      const bodies = (await (await fetch(new URL("/dead", senderUrl))).json()) as unknown[];
      return bodies.length > 0 && bodies;
    });
    expect(dead).toEqual([{ v: 1, job_id: "doomed" }]);
    expect(await depth()).toBe(0);
  });

  it("carries a Worker's messages to a consumer that pulls over HTTP, and keeps them when the queue is killed", async () => {
    for (const job of ["leased", "acked", "waiting"]) await send(job);
    await until(async () => (await depth()) === 3);
    const { messages = [] } = await api.queues.messages.pull(localQueues.standard.id, {
      account_id,
      batch_size: 2,
      visibility_timeout_ms: 1_000,
    });
    const acked = messages.find(({ body = "" }) => Buffer.from(body, "base64").includes("acked"));
    await api.queues.messages.ack(localQueues.standard.id, {
      account_id,
      acks: [{ lease_id: acked?.lease_id ?? "" }],
    });

    process.kill(-(groups.find(({ name }) => name === "queue")?.pid ?? Number.NaN), "SIGKILL");
    await until(() =>
      fetch(`http://127.0.0.1:${queuePort}/health`).then(
        () => false,
        () => true,
      ),
    );
    await startQueue();

    expect(await depth()).toBe(2);
    const found = await until(async () => {
      const jobs = await pull(0);
      return jobs.length === 2 && jobs;
    });
    expect(found.map(({ job_id }) => job_id).sort()).toEqual(["leased", "waiting"]);
    expect(found.find(({ job_id }) => job_id === "leased")?.attempts).toBeGreaterThanOrEqual(2);
  });

  const depth = async () =>
    (await api.queues.getMetrics(localQueues.standard.id, { account_id })).backlog_count ?? 0;
});

const senderConfig = `name = "sender"
main = "sender.js"
compatibility_date = "2026-11-01"
[[queues.producers]]
binding = "VIDEO_STANDARD"
queue = "video-standard"
[[queues.consumers]]
queue = "video-dead"
max_batch_timeout = 0
`;

const senderSource = `const dead = [];
export default {
  async fetch(request, env) {
    if (request.method === "POST") await env.VIDEO_STANDARD.send(await request.json(), { contentType: "json" });
    return new URL(request.url).pathname === "/dead" ? Response.json(dead) : new Response("ok");
  },
  queue(batch) {
    dead.push(...batch.messages.map(({ body }) => body));
  }
}`;

const isOk = (response: Response) => response.ok;
