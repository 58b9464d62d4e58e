import { describe, expect, it } from "vitest";
import { ceilingOfVoice, ceilingOfVoices, readPrices } from "./prices.ts";
import { readVoiceChain } from "./voice-chain.ts";
import { tokensOutOfNarration } from "./voices/realtime.ts";

const chainOf = (env: Record<string, string>) =>
  readVoiceChain(env).links.map((link) => ("model" in link ? `${link.kind} ${link.model}` : link.kind));
const [realtime, speech] = ["realtime gpt-realtime-2.1-mini", "speech gpt-4o-mini-tts"];

describe("the chain of voices", () => {
  it.each([
    [{}, [realtime]],
    [{ VOICE_CHAIN: "", VOICE_MODEL: "" }, [realtime]],
    [{ VOICE_CHAIN: "realtime, speech,none" }, [realtime, speech, "none"]],
    [{ VOICE_CHAIN: "own,realtime" }, ["own", realtime]],
    [{ VOICE_CHAIN: "none" }, ["none"]],
    // As before the chain existed: a model or a server of /audio/speech.
    [{ VOICE_MODEL: "gpt-4o-mini-tts" }, [speech]],
    [{ VOICE_MODEL: "kokoro" }, ["speech kokoro"]],
    [{ VOICE_BASE_URL: "https://voices.example/v1" }, [speech]],
    [{ VOICE_BASE_URL: "https://api.openai.com/v2" }, [realtime]],
    [{ OPENAI_BASE_URL: "http://localhost:8080/v1" }, [realtime, speech]],
    [{ VOICE_MODEL: "gpt-realtime-mini" }, ["realtime gpt-realtime-mini"]],
    [{ VOICE_CHAIN: "realtime,speech", VOICE_MODEL: "tts-1" }, [realtime, "speech tts-1"]],
    [{ VOICE_CHAIN: "realtime,speech", VOICE_SPEECH_MODEL: "kokoro" }, [realtime, "speech kokoro"]],
    [{ VOICE_CHAIN: "realtime", VOICE_MODEL: "another" }, ["realtime another"]],
  ])("of %o is %o", (env, expected) => {
    expect(chainOf(env as Record<string, string>)).toEqual(expected);
  });

  it.each([
    [{ VOICE_CHAIN: "realtime,piper" }, /^VOICE_CHAIN: must be a list of realtime, speech, .*own, none/],
    [{ VOICE_CHAIN: "none,realtime" }, /^VOICE_CHAIN: none never fails/],
    [{ VOICE_CHAIN: "own" }, /^VOICE_CHAIN: own must be followed/],
    [{ VOICE_CHAIN: "realtime,own,none" }, /^VOICE_CHAIN: own must be the first/],
    [{ VOICE_CHAIN: "speech,speech" }, /^VOICE_CHAIN: must name each kind once/],
    [{ VOICE_CHAIN: "realtime", VOICE_MODEL: "tts-1" }, /^VOICE_MODEL: tts-1 is a model of speech/],
  ])("of %o is refused with the variable's name", (env, message) => {
    expect(() => chainOf(env as Record<string, string>)).toThrow(message);
  });

  it("is priced voice by voice, and its ceiling covers all of them", () => {
    const { voices } = readPrices({ VOICE_CHAIN: "realtime,speech,none", VOICE_PRICE_AUDIO_OUT: "40" });
    expect(voices).toEqual([
      { kind: "realtime", textIn: 0.6, textOut: 2.4, audioIn: 10, audioOut: 40 },
      { kind: "speech", pricePerMinute: 0.015 },
      { kind: "none" },
    ]);
    const sum = voices.reduce((total, voice) => total + ceilingOfVoice(voice, "A sea."), 0);
    expect(ceilingOfVoices(voices, "A sea.")).toBe(sum);
    expect(() => readPrices({ VOICE_PRICE_AUDIO_OUT: "dear" })).toThrow(/^VOICE_PRICE_AUDIO_OUT: /);
  });
});

// German voices take up to 0.62 s for a figure, measured 2026-11-28.
it("lets a narration of figures be said to its end", () => {
  const figures = "19871988".repeat(10);
  expect(tokensOutOfNarration(figures)).toBeGreaterThan(80 * 0.62 * 20);
});
