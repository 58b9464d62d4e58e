import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { signMessage } from "../../contract/signature.ts";
import { serveHttp } from "./http.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const otherSecret = "whsec_T2xkZXIgc2VjcmV0IHRoYXQgc3RpbGwgb3BlbnM=";
let server: Server | undefined;
afterEach(() => server?.close());

async function start(activeJobs = 0, untilFree = async () => {}, metricsPort: number | null = null) {
  const wakes: (string | null)[] = [];
  server = await serveHttp("127.0.0.1", 0, metricsPort, {
    slots: 2,
    activeJobs: () => activeJobs,
    notReadyReason: () => null,
    callbackSecret: secret,
    wake: (queue) => void wakes.push(queue),
    untilFree,
    metrics: async () => ({ type: "text/plain", text: "films 1" }),
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/wake`;
  const wake = (headers: object, body = "{}") =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
  return { wake, wakes: () => wakes.length, queues: wakes };
}

const sign = (by = secret, atSeconds = Math.floor(Date.now() / 1000), body = "{}") =>
  signMessage(by, randomUUID(), atSeconds, body);

it("shows its metrics on their own port, and a stranger on the public one no numbers", async () => {
  const probe = createServer().listen(0);
  await once(probe, "listening");
  const { port: metricsPort } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  await start(2, async () => {}, metricsPort);
  const publicUrl = `http://127.0.0.1:${((server as Server).address() as AddressInfo).port}`;
  const texts = [];
  for (const path of ["/metrics", "/health", "/ready", "/"]) {
    const answer = await fetch(publicUrl + path);
    texts.push(`${answer.status} ${await answer.text()}`);
  }
  expect(texts[0]).toMatch(/^404/);
  expect(texts.join()).not.toMatch(/films|active|slots/);
  expect(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()).toBe("films 1");
  server?.close();
  server?.closeAllConnections();
  await vi.waitFor(() => expect(fetch(`http://127.0.0.1:${metricsPort}/metrics`)).rejects.toThrow());
});

it("wakes for the edge", async () => {
  const { wake, wakes } = await start();
  const answer = await wake(sign());
  expect([answer.status, await answer.json(), wakes()]).toEqual([202, { status: "awake" }, 1]);
});

it("passes on which queue has the message, and none for a wake of an older or a newer edge", async () => {
  const { wake, queues } = await start();
  for (const body of ['{"queue":"standard"}', "{}", '{"queue":"express"}', ""])
    expect((await wake(sign(secret, undefined, body), body)).status).toBe(202);
  expect(queues).toEqual(["standard", null, null, null]);
});

it("wakes for no other caller", async () => {
  const { wake, wakes } = await start();
  const strangers = [
    {},
    sign(otherSecret),
    sign(secret, 1_000_000),
    { ...sign(), "webhook-signature": "v1,AAAA" },
  ];
  for (const headers of strangers) expect((await wake(headers)).status).toBe(401);
  expect((await wake(sign(), '{"other":1}')).status).toBe(401);
  expect(wakes()).toBe(0);
});

it("takes either of two signatures, as long as a secret is being replaced", async () => {
  const { wake, wakes } = await start();
  const signed = sign();
  const older = signMessage(otherSecret, signed["webhook-id"], Number(signed["webhook-timestamp"]), "{}");
  const both = `${older["webhook-signature"]} ${signed["webhook-signature"]}`;
  expect((await wake({ ...signed, "webhook-signature": both })).status).toBe(202);
  expect(wakes()).toBe(1);
});

it("holds a wake while all slots are busy, so that the next goes to another machine", async () => {
  let free: (() => void) | undefined;
  const { wake } = await start(2, () => new Promise((resolve) => (free = resolve)));
  let answered = false;
  const waking = wake(sign()).then((answer) => {
    answered = true;
    return answer.json();
  });
  await vi.waitFor(() => expect(free).toBeDefined());
  expect(answered).toBe(false);
  free?.();
  expect(await waking).toEqual({ status: "busy" });
});
