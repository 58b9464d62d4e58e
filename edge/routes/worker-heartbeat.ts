/** The signed endpoints by which the edge knows that a render worker's process is alive. */
import { z } from "zod";
import { writePrices } from "../../contract/prices.ts";
import { WorkerHeartbeat, WorkerHeartbeatAnswer } from "../../contract/worker-heartbeat.ts";
import { readPrices } from "../env.ts";
import { ApiError } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { acceptOnce } from "../store/nonces.ts";
import { noteWorker } from "../store/workers.ts";

export const workerHeartbeatRoutes = newRouter();

const workerHeartbeat = route({
  method: "post",
  path: "/internal/workers/{worker_id}/sign-of-life",
  operationId: "noteWorker",
  summary: "Send a worker heartbeat",
  tags: ["Worker"],
  access: "worker",
  quiet: true,
  request: { params: z.object({ worker_id: z.string().min(1).max(128) }), body: jsonBody(WorkerHeartbeat) },
  responses: {
    200: json("Stored. The answer to a worker that sends its prices.", WorkerHeartbeatAnswer),
    204: { description: "Stored. The answer to an older worker." },
  },
  problems: ["request.not_found"],
});

workerHeartbeatRoutes.openapi(workerHeartbeat, async (c) => {
  const { nonce, ports, primary } = c.var;
  const params = c.req.valid("param");
  const body = c.req.valid("json");
  if (params.worker_id !== body.worker_id) throw new ApiError("request.not_found");
  const isNew = await noteWorker(primary(), body, nonce, ports.now());
  if (!isNew) throw new ApiError("signature.replayed");
  if (body.prices === undefined) return c.body(null, 204);
  return c.json({ prices: writePrices(readPrices(c.env)) }, 200);
});

const presence = route({
  method: "get",
  path: "/internal/workers/{worker_id}/presence",
  operationId: "openPresence",
  summary: "Open the worker's presence connection",
  description:
    "A WebSocket on which the worker sends `ping` every 2 s and gets `pong`. Its end says that the process may be dead: " +
    "3 s later the worker loses the jobs that it has not reported since. `process` is a random name of the process. " +
    "Since there is no body, the signature covers the address, from its path to the end of its query.",
  tags: ["Worker"],
  access: "worker",
  quiet: true,
  request: {
    params: z.object({ worker_id: z.string().min(1).max(128) }),
    query: z.object({ process: z.uuid() }),
  },
  responses: { 101: { description: "The connection is open." } },
  problems: ["request.not_found"],
});

workerHeartbeatRoutes.openapi(presence, async (c) => {
  const { nonce, ports, primary } = c.var;
  if (c.req.header("upgrade") !== "websocket") throw new ApiError("request.not_found");
  if (!(await acceptOnce(primary(), nonce, ports.now()))) throw new ApiError("signature.replayed");
  const asked = new URLSearchParams({
    worker: c.req.valid("param").worker_id,
    process: c.req.valid("query").process,
  });
  const opened = await c.env.LEASES.getByName("all").fetch(`https://leases/?${asked}`, {
    headers: { upgrade: "websocket" },
  });
  return new Response(null, { status: 101, webSocket: opened.webSocket });
});
