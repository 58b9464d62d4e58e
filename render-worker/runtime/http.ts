/**
 * What the platform and the edge ask of a worker. Nothing here changes a job. The public port tells a stranger no more
 * than whether the machine is well; the metrics, which tell how much is made and spent, have a port that no service
 * exposes.
 */
import type { Server } from "node:http";
import express, { type Express } from "express";
import { verifyMessage } from "../../contract/signature.ts";

export interface HttpPorts {
  activeJobs(): number;
  slots: number;
  /** Why the worker cannot take jobs, or null. */
  notReadyReason(): string | null;
  /** What the edge signs wakes with. */
  callbackSecret: string;
  /** The edge put a job into the queue: look now. */
  wake(): void;
  /** Settles when a slot is free, or after `ms`. */
  untilFree(ms: number): Promise<void>;
  /** Prometheus text. */
  metrics(): Promise<{ type: string; text: string }>;
}

/** How long a full worker holds a wake: meanwhile Fly's proxy, which counts requests, sends the next one elsewhere. */
const holdMs = 5_000;

/** Starts the servers. `metricsPort`: where /metrics is; null for nowhere. Closing the one that it answers closes both. */
export async function serveHttp(port: number, metricsPort: number | null, ports: HttpPorts): Promise<Server> {
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
  // Signed, since whoever may wake a machine may keep it from falling asleep. A replay does no more than that.
  app.post("/wake", express.text({ type: () => true, limit: "1kb" }), async (request, response) => {
    const body = typeof request.body === "string" ? request.body : "";
    const nowSeconds = Math.floor(Date.now() / 1000);
    const verdict = verifyMessage([ports.callbackSecret], (name) => request.get(name), body, nowSeconds);
    if ("fault" in verdict) {
      response.status(401).json({ code: verdict.fault });
      return;
    }
    ports.wake();
    const isFull = ports.activeJobs() >= ports.slots;
    if (isFull) await ports.untilFree(holdMs);
    response.status(202).json({ status: isFull ? "busy" : "awake" });
  });
  const server = await listen(app, port);
  if (metricsPort === null || metricsPort === port) return server;
  const inside = express();
  inside.disable("x-powered-by");
  serveMetrics(inside, ports);
  const metricsServer = await listen(inside, metricsPort);
  server.once("close", () => {
    metricsServer.close();
    metricsServer.closeAllConnections();
  });
  return server;
}

function serveMetrics(app: Express, ports: HttpPorts): void {
  app.get("/metrics", async (_, response) => {
    const { type, text } = await ports.metrics();
    response.type(type).send(text);
  });
}

function listen(app: Express, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, (error?: Error) => (error ? reject(error) : resolve(server)));
  });
}
