import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createEdgeClient } from "./edge.ts";
import { createQueue } from "./queue.ts";

it("edge and queue are asked for answers as they are: to unpack one costs more than its bytes", async () => {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers["accept-encoding"]);
    response.writeHead(503).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const edge = createEdgeClient(url, `whsec_${Buffer.alloc(24).toString("base64")}`, "w");
  const queue = createQueue({ accountId: "a", apiToken: "t", baseUrl: url }, "q");
  await edge.claim({ jobId: "j", queue: null }, "c").catch(() => {});
  await queue.pull(1).catch(() => {});
  server.close();
  expect(asked).toEqual(["identity", "identity"]);
});
