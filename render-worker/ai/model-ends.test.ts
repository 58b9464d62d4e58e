import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { voiceKinds } from "../../contract/voice-kinds.ts";
import { runChecks } from "../../doctor/check.ts";
import { checkModels } from "../../doctor/checks/models.ts";
import { checkProviders } from "../../doctor/checks/providers.ts";
import { openSimulator, type SimulatorProcess } from "../../tests/openai/start-simulator.ts";
import { parseProviders } from "../runtime/providers.ts";
import { daysLeft, endingModels, readModelEnds, refuseEndedModels } from "./model-ends.ts";

const read = (env: Record<string, string> = {}, request: typeof fetch = listNothing) =>
  readModelEnds(parseProviders({ OPENAI_API_KEY: "k", ...env }), request);
const listNothing = async () => new Response("no such page", { status: 404 });
const listing = (data: object[]) => async () => Response.json({ object: "list", data });
const today = Date.parse("2026-11-27");
const dates = ["2027-01-07", "2027-03-01", "2028-01-01"];

describe.each(dates)("on %s", (date) => {
  const now = Date.parse(date);

  it("the default configuration starts, and the doctor finds nothing", async () => {
    const models = await read();
    refuseEndedModels(models, now);
    expect(endingModels(models)).toEqual([]);
    const findings = await runChecks([
      checkModels(parseProviders({ OPENAI_API_KEY: "k" }), listNothing, now),
    ]);
    expect(findings.map(({ status }) => status)).toEqual(["ok"]);
  });

  it.each([
    [{ VOICE_MODEL: "gpt-4o-mini-tts" }, "VOICE"],
    [{ VOICE_CHAIN: "speech" }, "VOICE"],
    [{ VOICE_CHAIN: "realtime,speech" }, "VOICE_SPEECH"],
    [{ VOICE_MODEL: "tts-1-hd" }, "VOICE"],
  ])("the configuration of 2026 %o is refused, and what the message says repairs it", async (env, name) => {
    const models = await read(env);
    expect(() => refuseEndedModels(models, today)).not.toThrow();
    const ended = models.find(({ use }) => use === "speech")?.model;
    expect(() => refuseEndedModels(models, now)).toThrow(
      `${name}_MODEL: the provider ended ${ended} on 2027-01-06. ` +
        `Set VOICE_CHAIN=realtime, which speaks by gpt-realtime-2.1-mini, and remove ${name}_MODEL=${ended}.`,
    );
    const repaired = await read({ ...env, VOICE_CHAIN: "realtime", [`${name}_MODEL`]: "" });
    expect(() => refuseEndedModels(repaired, now)).not.toThrow();
  });
});

it("asks a voice's server with the key in that kind's own headers, and any other with a bearer", async () => {
  const asked: [string, Record<string, string>][] = [];
  const request = (async (url: string, { headers }: { headers: Record<string, string> }) => {
    asked.push([new URL(url).hostname, headers]);
    return listNothing();
  }) as unknown as typeof fetch;
  voiceKinds.speech.keyHeaders = (key) => ({ "x-api-key": key });
  try {
    const voice = { VOICE_BASE_URL: "https://voices.example/v1", VOICE_API_KEY: "v" };
    const providers = parseProviders({ OPENAI_API_KEY: "k", VOICE_CHAIN: "speech", ...voice });
    await readModelEnds(providers, request);
    await checkProviders(providers, request).run();
  } finally {
    delete voiceKinds.speech.keyHeaders;
  }
  const of = (host: string) => asked.filter(([name]) => name === host).map(([, headers]) => headers);
  expect(of("voices.example").length).toBeGreaterThan(1);
  for (const headers of of("voices.example")) {
    expect(headers).toMatchObject({ "x-api-key": "v" });
    expect(headers).not.toHaveProperty("authorization");
  }
  for (const headers of of("api.openai.com")) expect(headers).toMatchObject({ authorization: "Bearer k" });
});

describe("the end of a model", () => {
  it("is the catalogue's at OpenAI alone, also for a snapshot, and 40 days away on 2026-11-27", async () => {
    const [, , voice] = await read({ VOICE_MODEL: "gpt-4o-mini-tts-2025-12-15" });
    expect(voice).toMatchObject({ endsOn: "2027-01-06", replacement: "gpt-realtime-2.1-mini" });
    expect(daysLeft(voice as never, today)).toBe(40);
    const elsewhere = await read({ VOICE_MODEL: "tts-1", VOICE_BASE_URL: "https://voices.example/v1" });
    expect(endingModels(elsewhere)).toEqual([]);
  });

  it.each([
    ["earlier", "2026-12-24", [{ id: "gpt-4o-mini-tts", shutdown_date: "2026-12-24" }]],
    [
      "later, in seconds",
      "2027-06-01",
      [{ id: "gpt-4o-mini-tts", shutdown_date: Date.UTC(2027, 5, 1) / 1000 }],
    ],
    ["not listed", "2027-01-06", [{ id: "gpt-4o-mini-tts", shutdown_date: null }]],
  ])("is the provider's own where it lists one: %s", async (_, endsOn, list) => {
    const [, , voice] = await read({ VOICE_MODEL: "gpt-4o-mini-tts" }, listing(list));
    expect(voice?.endsOn).toBe(endsOn);
  });

  it("that only the provider knows names the default model of the same use", async () => {
    const models = await read({}, listing([{ id: "gpt-6-luna", shutdown_date: "2030-01-01" }]));
    expect(endingModels(models)).toEqual([
      { model: "gpt-6-luna", ends_on: "2030-01-01", replacement: "gpt-6-luna" },
    ]);
  });
});

describe("the worker's process", () => {
  let simulator: SimulatorProcess;
  beforeAll(async () => {
    simulator = await openSimulator();
    await simulator.control({ shutdown_dates: { "gpt-4o-mini-tts": "2027-01-06" } });
  });
  afterAll(() => simulator.stop());

  /** What the process says until it ends or has started, with the clock of a date. */
  async function startOn(date: string, env: Record<string, string>) {
    const shiftMs = Date.parse(date) - Date.now();
    const clock = `const now = Date.now; Date.now = () => now() + ${shiftMs};`;
    const main = fileURLToPath(new URL("../main.ts", import.meta.url));
    const child = spawn(
      process.execPath,
      ["--import", `data:text/javascript,${encodeURIComponent(clock)}`, main],
      {
        env: {
          PATH: process.env.PATH,
          EDGE_URL: "http://127.0.0.1:9",
          CALLBACK_SECRET: `whsec_${Buffer.alloc(32).toString("base64")}`,
          ...{
            CLOUDFLARE_ACCOUNT_ID: "a",
            CLOUDFLARE_API_TOKEN: "t",
            QUEUE_STANDARD_ID: "s",
            QUEUE_PREMIUM_ID: "p",
          },
          ...{ CLOUDFLARE_API_BASE_URL: "http://127.0.0.1:9", S3_ENDPOINT: "http://127.0.0.1:9" },
          ...{ S3_ACCESS_KEY_ID: "k", S3_SECRET_ACCESS_KEY: "x", PORT: "0", STOP_DEADLINE_SECONDS: "1" },
          ...{ OPENAI_BASE_URL: `${simulator.origin}/v1`, OPENAI_API_KEY: "k", ...env },
        },
      },
    );
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        said += chunk;
        if (said.includes("worker.started")) child.kill("SIGKILL");
      });
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, said };
  }

  it("starts with the default voice, and refuses the ended one with exit code 78", async () => {
    const started = await startOn("2027-03-01", { VOICE_CHAIN: "realtime" });
    expect(started.said).toContain("worker.started");
    const refused = await startOn("2027-01-07", { VOICE_MODEL: "gpt-4o-mini-tts" });
    expect(refused.code).toBe(78);
    expect(refused.said).toContain(
      "the provider ended gpt-4o-mini-tts on 2027-01-06. Set VOICE_CHAIN=realtime",
    );
  });
});
