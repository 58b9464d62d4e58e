/** What the platform asks of a worker. Nothing here is secret, nothing here changes a job. */

import type { Server } from "node:http";
import express from "express";

export interface HealthPorts {
  activeJobs(): number;
  slots: number;
  /** Why the worker cannot take jobs, or null. */
  unready(): string | null;
}

export function serveHealth(port: number, ports: HealthPorts): Promise<Server> {
  const app = express();
  app.disable("x-powered-by");
  app.get("/health", (_, response) => {
    response.json({ status: "ok", active_jobs: ports.activeJobs(), slots: ports.slots });
  });
  app.get("/ready", (_, response) => {
    const reason = ports.unready();
    response.status(reason === null ? 200 : 503).json({ ready: reason === null, reason });
  });
  return new Promise((resolve, reject) => {
    const server = app.listen(port, (error?: Error) => (error ? reject(error) : resolve(server)));
  });
}
