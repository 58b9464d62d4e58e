/** The four processes of the local cloud, with the same interfaces as in production. */
import { hostname } from "node:os";
import { join } from "node:path";
import type { LocalPlace } from "../command-line/local-cloud.ts";
import { localAccountId, localQueues } from "../simulators/queue/catalogue.ts";
import type { Secrets } from "./keys.ts";
import { localObjectStore, wranglerDev } from "./wrangler.ts";

export type ServiceName = "edge" | "queue" | "openai" | "worker";

export interface Service {
  name: ServiceName;
  /** The arguments of node. */
  command: string[];
  env: Record<string, string | undefined>;
  /** Answers with 200 when the service is ready. */
  readyUrl: string;
  /** How long it may take to end. */
  stopMs: number;
}

export interface Addresses {
  edge: string;
  queue: string;
  worker: string;
  /** The AI simulator's or another server's API. */
  openai: string;
}

/** The addresses of a cloud. */
export function addressesOf({ port }: LocalPlace): Addresses {
  const url = (offset: number) => `http://127.0.0.1:${port + offset}`;
  const openai = process.env.OPENAI_BASE_URL || `${url(2)}/v1`;
  return { edge: url(0), queue: url(1), openai, worker: url(3) };
}

/**
 * The services. If no `OPENAI_BASE_URL` is set, the AI simulator is one of them.
 * @param more additional environment variables of the worker and the AI simulator
 */
export async function listServices(
  place: LocalPlace,
  secrets: Secrets,
  more: Record<string, string>,
): Promise<Service[]> {
  const simulates = !process.env.OPENAI_BASE_URL;
  // Set on both sides, so that the edge's estimates are about the voices that the worker buys.
  const voiceChain =
    more.VOICE_CHAIN ?? process.env.VOICE_CHAIN ?? (simulates ? "realtime,speech" : undefined);
  const worker = describeWorker(place, secrets, simulates);
  return [
    await describeEdge(place, secrets, voiceChain),
    await describeQueue(place, secrets),
    ...(simulates ? [describeSimulator(place, more)] : []),
    { ...worker, env: { ...worker.env, VOICE_CHAIN: voiceChain, ...more } },
  ];
}

const stopMs = 10_000;

async function describeEdge(
  place: LocalPlace,
  secrets: Secrets,
  voiceChain: string | undefined,
): Promise<Service> {
  const { edge, worker } = addressesOf(place);
  const { stateDir, port } = place;
  const command = await wranglerDev(
    ...(["wrangler.toml", port, join(stateDir, "edge"), join(stateDir, "edge.vars")] as const),
    {
      CALLBACK_SECRETS: secrets.callback,
      PLAYBACK_SECRET: secrets.playback,
      ADMIN_KEY: secrets.admin,
    },
    "log",
  );
  // Not in the file of secrets: wrangler reads from it only those that wrangler.toml requires.
  const vars = {
    WEBHOOKS_ALLOW_PRIVATE: "1",
    RATE_LIMITS: "off",
    ACTIVE_JOBS: "1000 1000",
    ...localObjectStore(edge),
    WORKER_WAKE_URL: `${worker}/wake`,
    ...(voiceChain ? { VOICE_CHAIN: voiceChain } : {}),
  };
  const options = Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  return {
    ...{ name: "edge", env: {}, readyUrl: `${edge}/health`, stopMs },
    command: [...command, ...options],
  };
}

async function describeQueue(place: LocalPlace, { queueToken }: Secrets): Promise<Service> {
  const { stateDir, port } = place;
  const command = await wranglerDev(
    ...(["simulators/queue/wrangler.toml", port + 1] as const),
    ...([join(stateDir, "queue"), join(stateDir, "queue.vars"), { API_TOKEN: queueToken }] as const),
  );
  return { name: "queue", command, env: {}, readyUrl: `${addressesOf(place).queue}/health`, stopMs };
}

const describeSimulator = ({ port }: LocalPlace, more: Record<string, string>): Service => ({
  name: "openai",
  command: ["simulators/openai/main.ts"],
  env: { PORT: String(port + 2), ...more },
  ...{ readyUrl: `http://127.0.0.1:${port + 2}/health`, stopMs },
});

function describeWorker(place: LocalPlace, secrets: Secrets, simulates: boolean): Service {
  const { edge, queue, openai, worker } = addressesOf(place);
  const port = String(place.port + 3);
  // The simulator answers at once. A purchase from a real provider takes longer, and is lost if it is cut
  // off.
  const stopSeconds = Number(process.env.STOP_DEADLINE_SECONDS || (simulates ? 6 : 25));
  return {
    name: "worker",
    // A test may run a worker whose films cost nothing.
    command: [process.env.DREAMREEL_WORKER ?? "render-worker/main.ts"],
    env: {
      ...{ LISTEN_HOST: "127.0.0.1", PORT: port, METRICS_PORT: port },
      // The same after a restart: with a process id in it, a worker that was killed would be listed as lost
      // beside itself.
      WORKER_ID: `${hostname()}-${place.port}`,
      STOP_DEADLINE_SECONDS: String(stopSeconds),
      EDGE_URL: edge,
      CALLBACK_SECRET: secrets.callback,
      CLOUDFLARE_ACCOUNT_ID: localAccountId,
      CLOUDFLARE_API_TOKEN: secrets.queueToken,
      CLOUDFLARE_API_BASE_URL: `${queue}/client/v4`,
      QUEUE_STANDARD_ID: localQueues.standard.id,
      QUEUE_PREMIUM_ID: localQueues.premium.id,
      ...localObjectStore(edge),
      OPENAI_BASE_URL: openai,
      OPENAI_API_KEY: process.env.OPENAI_API_KEY || "local",
      SCRATCH_DIR: join(place.stateDir, "scratch"),
    },
    readyUrl: `${worker}/ready`,
    stopMs: (stopSeconds + 5) * 1000,
  };
}
