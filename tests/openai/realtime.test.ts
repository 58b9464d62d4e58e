/**
 * What the worker's Realtime client does beyond every client of a voice (voice-conformance.test.ts), against
 * the simulator, over a plain WebSocket.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ceilingOfVoice } from "../../contract/prices.ts";
import { priceRealtime } from "../../contract/voices/realtime.ts";
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
/**
 * For a fault that only a timeout ends. The simulator has the speech by then, so its answer begins at once.
 */
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
});
