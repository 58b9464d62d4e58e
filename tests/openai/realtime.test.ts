/** The worker's Realtime client (the official one) against the simulator, over a plain WebSocket. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ceilingOfVoice } from "../../contract/prices.ts";
import { priceRealtime } from "../../contract/voice-kinds.ts";
import type { Narration, PricedResult } from "../../render-worker/ai/ai.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { readWav } from "../../render-worker/media/voice/read-wav.ts";
import { readSaid } from "../../render-worker/media/voice/said-chunk.ts";
import { type PaidVoiceProvider, parseProviders } from "../../render-worker/runtime/providers.ts";
import { openSimulator, type SimulatorProcess } from "./start-simulator.ts";

let simulator: SimulatorProcess;
beforeAll(async () => {
  simulator = await openSimulator();
});
afterAll(() => simulator.stop());
beforeEach(() => simulator.reset());

const text = "I was walking on the bottom of the sea, and I could breathe.";
const request = { text, voice: "sage", instructions: "Say it word for word." };
const providers = (more: Record<string, string> = {}) =>
  parseProviders({
    OPENAI_API_KEY: "k",
    OPENAI_BASE_URL: `${simulator.origin}/v1`,
    VOICE_CHAIN: "realtime",
    ...more,
  });
const speak = (more: Record<string, string> = {}, { signal } = new AbortController()) =>
  createAi(providers(more)).speak("realtime", request, signal);
/** For a fault that only a timeout ends. The simulator has the speech by then, so its answer begins at once. */
async function impatient() {
  await speak();
  await simulator.reset();
  return { VOICE_TIMEOUT_SECONDS: "2" };
}
const bytesOf = ({ value }: PricedResult<Narration>) => {
  if (!("bytes" in value)) throw value.unusable;
  return Buffer.from(value.bytes);
};

describe("a voice over the Realtime socket", () => {
  it("is a WAV that contains what it says, priced by the tokens of the simulator's bill", async () => {
    const spoken = await speak();
    const wav = bytesOf(spoken);
    expect(readSaid(wav)).toBe(text);
    expect(readWav(wav)).toMatchObject({
      format: "s16le",
      sampleRate: 24_000,
      channels: 1,
      missingSeconds: 0,
    });
    const { billed } = await simulator.ledger();
    const [{ tokens, said } = {}] = billed;
    const [voice] = providers().voices as [PaidVoiceProvider<"realtime">];
    expect([billed.length, said]).toEqual([1, text]);
    const price = priceRealtime(voice, {
      textIn: tokens?.text_in ?? 0,
      audioIn: 0,
      textOut: tokens?.text_out ?? 0,
      audioOut: tokens?.audio_out ?? 0,
    });
    expect(spoken.costMicroUsd).toBe(price);
    expect(price).toBeLessThan(ceilingOfVoice(voice, text));
  });

  it.each([
    ["dropped_mid_sound", "voice.broken_off"],
    ["stalled_mid_sound", "voice.broken_off"],
    ["incomplete", "voice.incomplete"],
    ["content_filter", "openai.refused"],
    ["no_bytes", "voice.empty"],
  ])("that ends with %s is charged for and its sound is not kept", async (kind, code) => {
    const env = kind === "stalled_mid_sound" ? await impatient() : {};
    await simulator.control({ faults: [{ kind }] });
    const { value } = await speak(env);
    expect(value).toMatchObject({ unusable: { code } });
    expect((await simulator.ledger()).billed).toHaveLength(1);
  });

  it.each([
    ["rate_limited", {}, "openai.rate_limited", false],
    ["insufficient_quota", {}, "voice.no_credit", false],
    ["model_not_found", {}, "voice.model_unavailable", false],
    ["content_policy_violation", {}, "openai.refused", false],
    ["server_error", {}, "openai.unavailable", false],
    ["server_error", { status: 400 }, "openai.bad_request", false],
    ["server_error", { status: 401 }, "voice.key_refused", false],
    // Nothing tells whether the provider began.
    ["connection_reset", {}, "openai.unavailable", true],
    ["timeout_after_charge", {}, "openai.timeout", true],
  ])("that fails with %s %o is one of the worker's errors", async (kind, more, code, mayBePaid) => {
    const env = kind === "timeout_after_charge" ? await impatient() : {};
    await simulator.control({ faults: [{ kind, ...more }] });
    await expect(speak(env)).rejects.toMatchObject({ code, mayBePaid });
  });

  it.each([
    ["a server without the endpoint", { without: ["realtime"] }, {}, "voice.model_unavailable"],
    ["a refused key", {}, { OPENAI_API_KEY: "invalid" }, "voice.key_refused"],
    ["no server", {}, { VOICE_REALTIME_BASE_URL: "http://127.0.0.1:9/v1" }, "openai.unreachable"],
  ])("is not bought from %s", async (_, control, env, code) => {
    await simulator.control(control);
    await expect(speak(env)).rejects.toMatchObject({ code, mayBePaid: false });
    expect((await simulator.ledger()).billed).toEqual([]);
  });

  it("ends at once when its signal aborts, with the signal's reason", async () => {
    await simulator.control({ latency_ms: { voice: 20_000 } });
    const stop = new AbortController();
    const speaking = speak({}, stop);
    setTimeout(() => stop.abort(new Error("stop")), 300);
    await expect(speaking).rejects.toThrow("stop");
  });
});
