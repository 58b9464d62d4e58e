/** A store or an API that stops answering, over real sockets: each call ends in time and is an outage. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEdgeClient } from "./edge.ts";
import { createStorage, type Storage } from "./storage.ts";
import { boundFetch } from "./transfer/bounded-fetch.ts";
import { apiLimits, storageLimits } from "./transfer/limits.ts";

const servers: Server[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dreamreel-test-"));
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true });
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const signal = new AbortController().signal;
const silent: RequestListener = () => {};
const half: RequestListener = (_, response) => {
  response.writeHead(200, { "content-length": "2000" });
  response.write(Buffer.alloc(1000));
};
const trickle: RequestListener = (_, response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write("x"), 50);
  response.once("close", () => clearInterval(timer));
};
const endless: RequestListener = (_, response) => {
  response.writeHead(200);
  const more = () => {
    while (response.write(Buffer.alloc(65_536)));
  };
  response.on("drain", more);
  more();
};

const limits = { ...storageLimits, stallMs: 400, totalMs: 1_500, maxBytes: 4 * 1024 * 1024 };
const storageAt = async (answer: RequestListener): Promise<Storage> =>
  createStorage(
    {
      endpoint: await serve(answer),
      region: "auto",
      bucket: "b",
      accessKeyId: "k",
      secretAccessKey: "s",
    },
    limits,
  );

/** The call's error and how long it took. */
async function timed(call: Promise<unknown>) {
  const startedAt = performance.now();
  const error = await call.then(
    () => null,
    (thrown) => thrown,
  );
  return { error, ms: performance.now() - startedAt };
}

const outage = { code: "storage.unavailable", isOutage: true };
/** More than a call's time limit, for a busy machine. */
const inTimeMs = limits.totalMs + 1_500;

describe("an object store", () => {
  it.each([
    ["accepts and never answers", silent],
    ["sends half a body and stops", half],
    ["sends a byte every 50 ms", trickle],
    ["sends a body without end", endless],
  ])("that %s ends a download in time", async (_, answer) => {
    const storage = await storageAt(answer);
    const { error, ms } = await timed(storage.fetchInto("k", join(folder, "f"), signal));
    expect(error).toMatchObject(outage);
    expect(ms).toBeLessThan(inTimeMs);
  });

  it.each([
    ["a small file", 1000],
    ["a file in parts", 20 * 1024 * 1024],
  ])("that accepts and never answers ends an upload of %s in time", async (_, size) => {
    const storage = await storageAt(silent);
    const path = join(folder, "f");
    await writeFile(path, Buffer.alloc(size));
    const { error, ms } = await timed(storage.putFile("k", path, "video/mp4", signal));
    expect(error).toMatchObject(outage);
    expect(ms).toBeLessThan(inTimeMs + (size / limits.minBytesPerSecond) * 1000);
    const put = await timed(storage.put("k", "text", "text/plain", signal));
    expect(put.error).toMatchObject(outage);
    expect(put.ms).toBeLessThan(inTimeMs);
  });

  it("that reads on slowly gets the time that the file's size allows", async () => {
    const storage = await storageAt((request, response) => {
      request.resume();
      setTimeout(() => response.end(), 300);
    });
    await storage.put("k", "text", "text/plain", signal);
  });
});

it("a server that sends its headers first and then works is waited for like one that sends nothing", async () => {
  const origin = await serve((_, response) => {
    response.writeHead(200).flushHeaders();
    setTimeout(() => response.end("sound"), 600);
  });
  const slow = boundFetch({ ...apiLimits, answerMs: 5_000, stallMs: 200 });
  expect(await (await slow(origin)).text()).toBe("sound");
});

describe("an edge", () => {
  it.each([
    ["never answers", silent],
    ["sends half a body and stops", half],
    ["sends a body without end", endless],
  ])("that %s ends a report in time, as an outage", async (_, answer) => {
    const short = { ...apiLimits, answerMs: 400, stallMs: 400, totalMs: 1_500, maxBytes: 1024 * 1024 };
    const client = createEdgeClient(await serve(answer), `whsec_${"A".repeat(32)}`, "w", short);
    const charge = { attempt: 1, settle: [], reserve: [], send: [] };
    const { error, ms } = await timed(client.charge("j", charge));
    expect(error).toMatchObject({ code: "edge.unreachable", isOutage: true });
    expect(ms).toBeLessThan(3_000);
  });
});
