/**
 * What the client of every kind of voice does, against the simulator: a kind of contract/voice-kinds.ts is
 * here as soon as it is registered, and the simulator needs its endpoint.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Voice } from "../../contract/film.ts";
import { ceilingOfVoice, priceByLength, priceVoice } from "../../contract/prices.ts";
import { paidVoiceKinds, voiceKinds } from "../../contract/voice-kinds.ts";
import { runChecks } from "../../doctor/check.ts";
import { checkProviders } from "../../doctor/checks/providers.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { voiceClients } from "../../render-worker/ai/voices/voice-clients.ts";
import { decodeVoice } from "../../render-worker/media/decode-voice.ts";
import { type PaidVoiceProvider, parseProviders } from "../../render-worker/runtime/providers.ts";
import { freePort } from "../free-port.ts";
import { until } from "../until.ts";
import { openSimulator, type SimulatorProcess } from "./start-simulator.ts";

let simulator: SimulatorProcess;
let folder: string;
beforeAll(async () => {
  simulator = await openSimulator();
  folder = await mkdtemp(join(tmpdir(), "dreamreel-voices-"));
});
afterAll(async () => {
  await simulator.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => simulator.reset());

const text = "I was walking on the bottom of the sea, and I could breathe.";

describe.each(paidVoiceKinds)("a voice of the kind %s", (kind) => {
  const client = voiceClients[kind];
  const providers = (more: Record<string, string> = {}) =>
    parseProviders({
      OPENAI_API_KEY: "k",
      [`${voiceKinds[kind].prefix}API_KEY`]: "k",
      OPENAI_BASE_URL: `${simulator.origin}/v1`,
      [`${voiceKinds[kind].prefix}BASE_URL`]: `${simulator.origin}/v1`,
      VOICE_CHAIN: kind,
      ...more,
    });
  const speak = (more: Record<string, string> = {}, speed?: number, { signal } = new AbortController()) => {
    const request = { text, voice: client.voiceName("sage"), instructions: client.instructions("en") };
    const ai = createAi(providers(more));
    return ai.speak(kind, { ...request, ...(speed !== undefined && { speed }) }, signal);
  };
  const hear = async (speed?: number) => {
    const { value, costMicroUsd } = await speak({}, speed);
    if (!("bytes" in value)) throw value.unusable;
    const path = join(folder, `${kind}-${speed ?? 1}`);
    await writeFile(path, value.bytes);
    const { signal } = new AbortController();
    const { durationSeconds } = await decodeVoice(path, `${path}.f32`, signal);
    return { seconds: durationSeconds, costMicroUsd };
  };

  it("gives a sound that is decoded, and costs no more than its ceiling", async () => {
    const [voice] = providers().voices as [PaidVoiceProvider];
    const { seconds, costMicroUsd } = await hear();
    expect(seconds).toBeGreaterThan(2);
    const cost = costMicroUsd ?? priceByLength(voice, seconds);
    expect(cost).toBeGreaterThan(0);
    expect(cost).toBeLessThanOrEqual(ceilingOfVoice(voice, text));
    expect(priceVoice(voice, seconds, 1)).toBeLessThanOrEqual(ceilingOfVoice(voice, text));
    expect((await simulator.ledger()).billed).toHaveLength(1);
  });

  it("speaks faster and slower", async () => {
    const [slow, fast] = [await hear(0.7), await hear(1.3)];
    expect(slow.seconds / fast.seconds).toBeGreaterThan(1.3);
  });

  it("has a name for every voice of the film but the dreamer's own", () => {
    for (const voice of Voice.options) expect(client.voiceName(voice)).toMatch(/\S/);
  });

  it.each([
    ["rate_limited", {}, "openai.rate_limited"],
    ["insufficient_quota", {}, "voice.no_credit"],
    ["model_not_found", {}, "voice.model_unavailable"],
    ["content_policy_violation", {}, "openai.refused"],
    ["server_error", {}, "openai.unavailable"],
    ["server_error", { status: 400 }, "openai.bad_request"],
    ["server_error", { status: 401 }, "voice.key_refused"],
  ])("that fails with %s %o is one of the worker's errors, and not charged", async (fault, more, code) => {
    await simulator.control({ faults: [{ kind: fault, ...more }] });
    await expect(speak()).rejects.toMatchObject({ code, mayBePaid: false });
  });

  it("may be charged where the connection breaks after the request", async () => {
    await simulator.control({ faults: [{ kind: "connection_reset" }] });
    await expect(speak()).rejects.toMatchObject({
      code: expect.stringMatching(/^openai\.un/),
      mayBePaid: true,
    });
  });

  it("may be charged where the provider does not answer in time", async () => {
    await simulator.control({ faults: [{ kind: "timeout_after_charge" }] });
    await expect(speak({ VOICE_TIMEOUT_SECONDS: "2" })).rejects.toMatchObject({
      code: "openai.timeout",
      mayBePaid: true,
    });
  });

  it.each([
    ["a refused key", "API_KEY", async () => "invalid", "voice.key_refused"],
    ["no server", "BASE_URL", async () => `http://127.0.0.1:${await freePort()}/v1`, "openai.unreachable"],
  ])("is not bought from %s", async (_, variable, value, code) => {
    const env = { [`${voiceKinds[kind].prefix}${variable}`]: await value() };
    await expect(speak(env)).rejects.toMatchObject({ code, mayBePaid: false });
    expect((await simulator.ledger()).billed).toEqual([]);
  });

  it("ends at once when its signal aborts, with the signal's reason", async () => {
    await simulator.control({ latency_ms: { voice: 600_000 } });
    const stop = new AbortController();
    const speaking = speak({}, undefined, stop);
    speaking.catch(() => {});
    await until(async () => (await simulator.ledger()).billed.length === 1);
    stop.abort(new Error("stop"));
    await expect(speaking).rejects.toThrow("stop");
  });

  it("passes the doctor, which buys nothing", async () => {
    const findings = await runChecks([checkProviders(providers(), fetch)]);
    expect(findings.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(await simulator.ledger()).toEqual({ billed: [], unbilled: [] });
  });
});
