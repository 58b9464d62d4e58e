/**
 * The worker's HTTP endpoints for the platform and the edge. No request changes a job.
 *
 * The public port tells a caller only whether the machine is healthy. The metrics, which show how much is
 * made and spent, have a port that no service exposes.
 */
import type { Server } from "node:http";
import express, { type Express } from "express";
import type { Priority } from "../../contract/film.ts";
import { verifyMessage } from "../../contract/signature.ts";
import { Wake } from "../../contract/worker-heartbeat.ts";

export interface HttpPorts {
  activeJobs(): number;
  slots: number;
  /** Why the worker takes no jobs, or null. */
  notReadyReason(): string | null;
  /** The edge signs wakes with this secret. */
  callbackSecret: string;
  /** The edge has put a job into this queue, or into one that it does not name: pull at once. */
  wake(queue: Priority | null): void;
  /** Resolves when a slot is free, or after `ms`. */
  untilFree(ms: number): Promise<void>;
  /** The metrics in Prometheus' text format. */
  metrics(): Promise<{ type: string; text: string }>;
}

/**
 * How long a full worker holds a wake. Fly's proxy counts open requests and sends the next wake to another
 * machine meanwhile.
 */
const holdMs = 5_000;

/**
 * Starts both servers. With `metricsPort` null the metrics are not served. Closing the returned server closes
 * both.
 *
 * @param host the address to listen on; null is every address of the machine
 *
 * @throws if a port cannot be opened
 */
export async function serveHttp(
  host: string | null,
  port: number,
  metricsPort: number | null,
  ports: HttpPorts,
): Promise<Server> {
  const app = express();
  app.disable("x-powered-by");
  app.get("/health", (_, response) => {
    response.json({ status: "ok" });
  });
  app.get("/ready", (_, response) => {
    const reason = ports.notReadyReason();
    response.status(reason === null ? 200 : 503).json({ ready: reason === null, reason });
  });
  if (metricsPort === port) serveMetrics(app, ports);
  // Signed, because a caller that can wake a machine can keep it from going idle. A replayed wake does no
  // more than that.
  app.post("/wake", express.text({ type: () => true, limit: "1kb" }), async (request, response) => {
    const body = typeof request.body === "string" ? request.body : "";
    const nowSeconds = Math.floor(Date.now() / 1000);
    const verdict = verifyMessage([ports.callbackSecret], (name) => request.get(name), body, nowSeconds);
    if ("fault" in verdict) {
      response.status(401).json({ code: verdict.fault });
      return;
    }
    ports.wake(readQueue(body));
    const isFull = ports.activeJobs() >= ports.slots;
    if (isFull) await ports.untilFree(holdMs);
    response.status(202).json({ status: isFull ? "busy" : "awake" });
  });
  const server = await listen(app, host, port);
  if (metricsPort === null || metricsPort === port) return server;
  const metricsApp = express();
  metricsApp.disable("x-powered-by");
  serveMetrics(metricsApp, ports);
  const metricsServer = await listen(metricsApp, host, metricsPort);
  server.once("close", () => {
    metricsServer.close();
    metricsServer.closeAllConnections();
  });
  return server;
}

/** The queue that a wake names. Null: an older edge sent it, or it is about no single message. */
function readQueue(body: string): Priority | null {
  return Wake.safeParse(parseJson(body)).data?.queue ?? null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function serveMetrics(app: Express, ports: HttpPorts): void {
  app.get("/metrics", async (_, response) => {
    const { type, text } = await ports.metrics();
    response.type(type).send(text);
  });
}

function listen(app: Express, host: string | null, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const listening = (error?: Error) => (error ? reject(error) : resolve(server));
    const server = host === null ? app.listen(port, listening) : app.listen(port, host, listening);
  });
}
