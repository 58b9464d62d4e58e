/** Moderation over the real wire, with the official client. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { KnownMember } from "../../contract/claim.ts";
import { moderationPatienceMs } from "../../contract/moderation.ts";
import { createModerator } from "../../render-worker/ai/openai/moderate.ts";
import { screenWords } from "../../render-worker/pipeline/screen-words.ts";
import { type SimulatorProcess, startSimulator } from "./start-simulator.ts";

let simulator: SimulatorProcess;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.reset());
afterAll(() => simulator.stop());

const { signal } = new AbortController();
const lines: unknown[] = [];
const log = { info: (...line: unknown[]) => void lines.push(line) } as never;
const results: string[] = [];
const metrics = { moderated: (result: string) => void results.push(result) };
afterEach(() => void results.splice(0));
const ask = (baseUrl = `${simulator.origin}/v1`, patienceMs?: number) =>
  createModerator({ baseUrl, apiKey: "local", model: "omni-moderation-latest" }, log, metrics, patienceMs);

it("finds the sentence that would be refused, in any of many", async () => {
  const many = Array.from({ length: 150 }, (_, index) => `I went through door ${index}.`);
  expect(await ask()([...many, "A child stood there naked.", "I woke up."], signal)).toBe(150);
  expect(await ask()(many, signal)).toBe(null);
  expect(results).toEqual(["blocked", "passed"]);
  expect((await simulator.ledger()).billed).toHaveLength(0);
});

it("finds one of the owner's people who would be refused, before anything is bought and in no log", async () => {
  const person = (name: string, description: string) => ({ kind: "person" as const, name, description });
  const screen = (...known_cast: KnownMember[]) => {
    const dream = { title: "The sea", transcript: "I flew. I woke up." };
    const job = { dream, storyboard: null, attempt: 1, known_cast, options: { cast: true } };
    return screenWords(job, ask(), signal);
  };
  await screen(person("Ann", "A tall woman in a red coat"));
  lines.length = 0;
  await expect(screen(person("Bob", "A man"), person("Ann", "A naked child"))).rejects.toMatchObject({
    code: "cast.not_allowed",
    message: expect.stringMatching(/“Ann”.*Nothing was bought\./) as string,
  });
  await expect(screen(person("The naked child", "A child"))).rejects.toMatchObject({
    code: "cast.not_allowed",
    message: expect.not.stringContaining("naked") as string,
  });
  expect((await simulator.ledger()).billed).toHaveLength(0);
  expect(lines).toEqual([]);
});

it("lets nightmares be told: violence, grief and blood are flagged, and pass", async () => {
  const told = ["A man stabbed me, and blood ran over the floor.", "I wanted to kill myself and jumped."];
  const { results } = await simulator.client.moderations.create({ input: told });
  expect(results.map(({ flagged }) => flagged)).toEqual([true, true]);
  expect(await ask()(told, signal)).toBe(null);
});

it("sends whole characters, so that no server takes a long text for a wrong request", async () => {
  const inputs: string[] = [];
  const server = createServer(async (req, res) => {
    inputs.push(...((await json(req)) as { input: string[] }).input);
    res.writeHead(200, { "content-type": "application/json" }).end('{"results":[]}');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const moderate = ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  await moderate([`a${"🌊".repeat(3_000)}`], signal);
  expect(inputs).toHaveLength(1);
  expect(inputs[0]?.isWellFormed()).toBe(true);
  server.close();
});

it.each([
  ["without the endpoint once in the life of a process", 404, {}, ["missing"]],
  ["that does not know the model once", 400, { param: "model" }, ["missing"]],
  [
    "that called the words of one film a wrong request for the next film too",
    ...[400, { param: "input" }, ["skipped", "skipped", "skipped"]],
  ],
] as const)("asks a server %s", async (_, status, error, expected) => {
  let calls = 0;
  const server = createServer((_, res) => {
    calls++;
    res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const moderate = ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  for (let film = 0; film < 3; film++) expect(await moderate(["A naked child."], signal)).toBe(null);
  expect(calls).toBe(expected.length);
  expect(results).toEqual(expected);
  server.close();
});

it("goes on where the provider fails, and logs no word of the dream", async () => {
  let calls = 0;
  const server = createServer((_, res) => {
    calls++;
    res
      .writeHead(500, { "content-type": "application/json" })
      .end('{"error":{"message":"no: a naked child"}}');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const moderate = ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  lines.length = 0;
  expect(await moderate(["A naked child."], signal)).toBe(null);
  expect(await moderate(["A naked child."], signal)).toBe(null);
  expect(calls).toBe(2);
  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toMatch(/naked|child/);
  server.close();
});

it("is silent where it is switched off", async () => {
  expect(await createModerator(null, log, metrics)(["A naked child."], signal)).toBe(null);
});

it("goes on after four seconds where the provider is silent, or begins an answer and does not end it", async () => {
  expect(moderationPatienceMs).toBe(4_000);
  const server = createServer((req, res) => {
    if (req.url?.startsWith("/slow")) res.writeHead(200, { "content-type": "application/json" }).write("{");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const patienceMs = 200;
  for (const path of ["/silent", "/slow"]) {
    const startedAt = performance.now();
    expect(await ask(`${origin}${path}`, patienceMs)(["A naked child."], signal)).toBe(null);
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThan(patienceMs - 20);
    // The official client asks again after a fault; the patience is for all of it. The rest is for a machine
    // under load.
    expect(tookMs).toBeLessThan(patienceMs + 30_000);
  }
  expect(results).toEqual(["skipped", "skipped"]);
  server.closeAllConnections();
  server.close();
});
