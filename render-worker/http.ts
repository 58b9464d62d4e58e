/** What the platform asks of a worker. Nothing here is secret, nothing here changes a job. */

import type { Server } from "node:http";
import express from "express";

export interface HttpPorts {
  activeJobs(): number;
  slots: number;
  /** Why the worker cannot take jobs, or null. */
  unready(): string | null;
  /** Somebody put a job into the queue: look now. */
  wake(): void;
  /** Prometheus text. */
  metrics(): Promise<{ type: string; text: string }>;
}

export function serveHttp(port: number, ports: HttpPorts): Promise<Server> {
  const app = express();
  app.disable("x-powered-by");
  app.get("/health", (_, response) => {
    response.json({ status: "ok", active_jobs: ports.activeJobs(), slots: ports.slots });
  });
  app.get("/ready", (_, response) => {
    const reason = ports.unready();
    response.status(reason === null ? 200 : 503).json({ ready: reason === null, reason });
  });
  app.get("/metrics", async (_, response) => {
    const { type, text } = await ports.metrics();
    response.type(type).send(text);
  });
  // Unsigned on purpose: all it can do is bring the next pull forward, and the queue decides what there is.
  app.post("/wake", (_, response) => {
    ports.wake();
    response.status(202).json({ status: "awake" });
  });
  return new Promise((resolve, reject) => {
    const server = app.listen(port, (error?: Error) => (error ? reject(error) : resolve(server)));
  });
}
