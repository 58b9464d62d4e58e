/**
 * What each shape of a text model's answer costs, in calls and money, over the real wire, with a ledger that
 * permits every purchase. A valid storyboard in any wrapping costs one call, anything else at most two.
 */
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { FilmOptions } from "../../contract/film.ts";
import { textTokensOutAtMost } from "../../contract/prices.ts";
import { storyboardBounds } from "../../contract/storyboard-plan.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { Rejected } from "../../render-worker/errors.ts";
import type { FilmContext } from "../../render-worker/pipeline/film-context.ts";
import { Progress } from "../../render-worker/pipeline/progress.ts";
import { storyboardRequest } from "../../render-worker/pipeline/storyboard/storyboard-request.ts";
import { obtainStoryboard } from "../../render-worker/pipeline/storyboard.ts";
import { createAssetStore } from "../../render-worker/purchases/asset-store.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";
import { createFakeLedger } from "../fakes/fake-ledger.ts";
import { openSimulator, type SimulatorProcess } from "./start-simulator.ts";

let simulator: SimulatorProcess;
let folder: string;
beforeAll(async () => {
  [simulator, folder] = await Promise.all([openSimulator(), mkdtemp(join(tmpdir(), "dreamreel-test-"))]);
});
afterEach(() => simulator.reset());
afterAll(() => Promise.all([simulator.stop(), rm(folder, { recursive: true })]));

const signal = new AbortController().signal;
const transcript =
  "I flew over a silver sea. Under the water a town was lit. Somebody waved at me from a window.";

/** A bucket in a folder, and one attempt that obtains its storyboard. */
function newAttempt(objects = new Map<string, string>()) {
  const ledger = createFakeLedger();
  const storage = {
    fetchInto: async (key: string, path: string) => {
      const from = objects.get(key);
      if (from) await copyFile(from, path);
      return from ? {} : null;
    },
    lookUp: async (key: string) => (objects.has(key) ? {} : null),
    put: async () => {},
    putFile: async (key: string, from: string) => {
      const path = join(folder, `object-${Math.random()}`);
      await copyFile(from, path);
      objects.set(key, path);
    },
    copy: async () => false,
  };
  const progress = new Progress(() => {});
  const providers = parseProviders({ OPENAI_API_KEY: "local", OPENAI_BASE_URL: `${simulator.origin}/v1` });
  const context = {
    ai: { ...createAi(providers), isAway: () => false },
    providers,
    progress,
    assets: createAssetStore(ledger.ports(storage, signal), "owner", folder, signal),
    job: {
      dream: { title: null, transcript },
      options: FilmOptions.parse({ length_seconds: 10 }),
      storyboard: null,
    },
  };
  return {
    ledger,
    progress,
    objects,
    result: obtainStoryboard(context as unknown as FilmContext).then(
      (storyboard) => storyboard,
      (error: Error) => error,
    ),
  };
}

const billed = async () => (await simulator.ledger()).billed.map(({ fingerprint }) => fingerprint);

it.each(["code_fence", "thoughts", "preamble", "byte_order_mark", "nested"])(
  "a right storyboard with %s is bought by one call",
  async (kind) => {
    await simulator.control({ faults: [{ kind, capability: "text" }] });
    const { result, ledger } = newAttempt();
    expect(await result).toMatchObject({ language: "en", scenes: [{}, {}] });
    expect(await billed()).toHaveLength(1);
    expect(ledger.spent).toHaveLength(1);
  },
);

it.each(["null_content", "cut_off", "off_schema", "invalid_json"])(
  "after %s a second request says what was wrong, and its answer is used",
  async (kind) => {
    await simulator.control({ faults: [{ kind, capability: "text", times: 1 }] });
    const { result, ledger } = newAttempt();
    expect(await result).toMatchObject({ scenes: [{}, {}] });
    const fingerprints = await billed();
    expect(fingerprints).toHaveLength(2);
    expect(new Set(fingerprints).size).toBe(2);
    expect(ledger.spent).toHaveLength(2);
    expect(ledger.spent.every((cost) => cost > 0)).toBe(true);
  },
);

it.each(["null_content", "cut_off", "off_schema", "invalid_json"])(
  "%s twice ends the job: two calls, both booked, and its owner may ask again",
  async (kind) => {
    await simulator.control({ faults: [{ kind, capability: "text" }] });
    const { result, ledger } = newAttempt();
    const error = await result;
    // Rejected fails the job with `retryable`; Transient would hand it back, and the storyboard would be
    // bought again.
    expect(error).toBeInstanceOf(Rejected);
    expect(error).toMatchObject({ code: "storyboard.malformed" });
    expect(await billed()).toHaveLength(2);
    expect(ledger.spent).toHaveLength(2);
  },
);

it("a refusal ends the job after one call, whose tokens are booked", async () => {
  await simulator.control({ faults: [{ kind: "refusal", capability: "text" }] });
  const { result, ledger } = newAttempt();
  expect(await result).toMatchObject({ code: "openai.refused", aiFault: "refused" });
  expect(await billed()).toHaveLength(1);
  expect(ledger.settled).toMatchObject([
    { outcome: "paid", cost_micro_usd: ledger.spent[0], estimated: false },
  ]);
  expect(ledger.spent[0]).toBeGreaterThan(0);
});

it("40 scenes for a film of 10 seconds are asked for once more, then held to the plan with a warning", async () => {
  await simulator.control({ faults: [{ kind: "overlong", capability: "text" }] });
  const { result, progress, objects } = newAttempt();
  const storyboard = await result;
  if (storyboard instanceof Error) throw storyboard;
  const { scenes, words } = storyboardBounds(10);
  expect(storyboard.scenes.length).toBeLessThanOrEqual(scenes);
  expect(
    storyboard.scenes
      .map(({ narration }) => narration)
      .join(" ")
      .split(" ").length,
  ).toBeLessThanOrEqual(words);
  expect(progress.snapshot.warnings).toMatchObject([{ code: "storyboard.cut" }]);
  expect(await billed()).toHaveLength(2);

  const again = newAttempt(objects);
  expect(await again.result).toEqual(storyboard);
  expect(await billed()).toHaveLength(2);
});

it.each([
  ["cut off", (json: string) => json.slice(0, -40)],
  ["of an older shape", () => JSON.stringify({ title: "Sea", shots: [{ text: "I flew." }] })],
])("a stored storyboard that is %s is bought once more, and found after that", async (_, damage) => {
  const { result, objects } = newAttempt();
  const storyboard = await result;
  for (const path of objects.values()) await writeFile(path, damage(await readFile(path, "utf8")));
  for (const calls of [2, 2]) {
    expect(await newAttempt(objects).result).toEqual(storyboard);
    expect(await billed()).toHaveLength(calls);
  }
});

it("a longer answer is cut and filmed if the second one cannot be used", async () => {
  await simulator.control({
    faults: [
      { kind: "overlong", capability: "text", times: 1 },
      { kind: "null_content", capability: "text" },
    ],
  });
  const { result } = newAttempt();
  expect(await result).toMatchObject({ scenes: [{}, {}] });
  expect(await billed()).toHaveLength(2);
});

it("a model may write no more tokens than its ceiling covers", async () => {
  const { choices, usage } = await simulator.client.chat.completions.create({
    model: "m",
    messages: [{ role: "user", content: "Hello" }],
    max_completion_tokens: 4,
  });
  expect(choices[0]?.finish_reason).toBe("length");
  expect(usage?.completion_tokens).toBeLessThanOrEqual(4);
});

it.each(["max_completion_tokens", "max_tokens"])("a text request carries its limit as %s", async (field) => {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer(async (req, res) => {
    bodies.push(JSON.parse(await readText(req)));
    res.setHeader("content-type", "application/json").end(JSON.stringify({ choices: [{ message: {} }] }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const providers = parseProviders({
    OPENAI_API_KEY: "local",
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    TEXT_TOKEN_LIMIT: field,
  });
  const request = storyboardRequest({ title: null, transcript }, FilmOptions.parse({}));
  await createAi(providers).write(request, signal);
  server.close();
  expect(bodies).toMatchObject([{ [field]: textTokensOutAtMost }]);
});
