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

/**
 * The call's error. These servers never end an answer, so without its limits no call ends within the test's
 * time.
 */
const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (thrown: unknown) => thrown,
  );

const outage = { code: "storage.unavailable", isOutage: true };

describe("an object store", () => {
  it.each([
    ["accepts and never answers", silent],
    ["sends half a body and stops", half],
    ["sends a byte every 50 ms", trickle],
    ["sends a body without end", endless],
  ])("that %s ends a download in time", async (_, answer) => {
    const storage = await storageAt(answer);
    expect(await errorOf(storage.fetchInto("k", join(folder, "f"), signal))).toMatchObject(outage);
  });

  it.each([
    ["a small file", 1000],
    ["a file in parts", 20 * 1024 * 1024],
  ])("that accepts and never answers ends an upload of %s in time", async (_, size) => {
    const storage = await storageAt(silent);
    const path = join(folder, "f");
    await writeFile(path, Buffer.alloc(size));
    expect(await errorOf(storage.putFile("k", path, "video/mp4", signal))).toMatchObject(outage);
    expect(await errorOf(storage.put("k", "text", "text/plain", signal))).toMatchObject(outage);
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
  const slow = boundFetch({ ...apiLimits, answerMs: 60_000, stallMs: 200 });
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
    const charge = { attempt: 1, report: null, settle: [], reserve: [], send: [] };
    expect(await errorOf(client.charge("j", charge))).toMatchObject({
      code: "edge.unreachable",
      isOutage: true,
    });
  });
});
