/**
 * The chain of voices against the simulator: which voice narrates, what its captions say, and what is kept.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { z } from "zod";
import { FilmOptions } from "../../contract/film.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { guardAi } from "../../render-worker/ai/guard-ai.ts";
import { joinWords } from "../../render-worker/captions/timed-word.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import { decodeVoice } from "../../render-worker/media/decode-voice.ts";
import { framesToSeconds } from "../../render-worker/media/grid.ts";
import type { FilmContext } from "../../render-worker/pipeline/film-context.ts";
import { prepareSound } from "../../render-worker/pipeline/prepare-sound.ts";
import { prepareVoice } from "../../render-worker/pipeline/prepare-voice.ts";
import { Progress } from "../../render-worker/pipeline/progress.ts";
import { createAssetStore } from "../../render-worker/purchases/asset-store.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";
import { changeWords } from "../../simulators/openai/voice/change-words.ts";
import { createFakeLedger } from "../fakes/fake-ledger.ts";
import { createFakeStorage, type FakeStorage } from "../fakes/fake-storage.ts";
import { openSimulator, type SimulatorProcess } from "./start-simulator.ts";

const { signal } = new AbortController();
const narration = "I was walking on the bottom of the sea, and I could breathe.";
const storyboard: Storyboard = {
  title: "Sea",
  language: "en",
  scenes: [{ narration, picture: "A sea", picture_take: 0, voice_take: 0 }],
};
let simulator: SimulatorProcess;
let folder: string;
let store: FakeStorage;
beforeAll(async () => {
  simulator = await openSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.reset();
  folder = await mkdtemp(join(tmpdir(), "dreamreel-test-"));
  store = createFakeStorage(folder);
  return () => rm(folder, { recursive: true });
});

/** One attempt at the scene. Its bucket is that of the test. */
async function narrate(env: Record<string, string>, options: z.input<typeof FilmOptions> = {}) {
  const ledger = createFakeLedger();
  const progress = new Progress(() => {});
  const ports = ledger.ports(store.storage, signal);
  const providers = parseProviders({
    OPENAI_API_KEY: "k",
    OPENAI_BASE_URL: `${simulator.origin}/v1`,
    ...env,
  });
  const kinds = providers.voices.flatMap((voice) => ("model" in voice ? [voice.kind] : []));
  const context = {
    ...ports,
    ...{ folder, progress, signal, storage: store.storage, providers, encoders: new Slots(2) },
    ai: guardAi(createAi(providers), { aiCall: () => {}, circuit: () => {} }, kinds),
    job: {
      ...{ outcome: "claimed", job_id: "j", dream_id: "d", attempt: 1, lease_ms: 60_000, asset_scope: "o" },
      ...{ traceparent: null, storyboard: null, dream: { title: null, transcript: "x" } },
      options: FilmOptions.parse(options),
    },
    ...{ filmSize: { width: 320, height: 180 }, previewSize: { width: 160, height: 90 } },
    assets: createAssetStore(ports, "o", folder, signal),
  } as unknown as FilmContext;
  const before = (await simulator.ledger()).billed.length;
  const voice = await prepareVoice(storyboard, 0, context);
  await context.assets.flush();
  const bought = (await simulator.ledger()).billed.slice(before);
  return {
    voice,
    /** Encoded only on demand: few tests listen to it. */
    sound: () => prepareSound(storyboard, 0, [Promise.resolve(voice)], context),
    shown: joinWords(voice.words),
    warnings: progress.snapshot.warnings.map(({ code }) => code),
    calls: bought.map(({ tokens, capability }) =>
      capability === "transcription" ? "transcription" : tokens ? "realtime" : "speech",
    ),
    models: ledger.calls.flatMap(({ reserve }) => reserve.map(({ model }) => model)),
  };
}
const faults = (...all: object[]) => simulator.control({ faults: all });
const reworded = changeWords("reworded", narration);

describe("a voice that says other words", () => {
  it("is asked once more, and both takes are kept", async () => {
    await faults({ kind: "reworded", times: 1 });
    const first = await narrate({ VOICE_CHAIN: "realtime" });
    expect([first.shown, first.warnings, first.calls]).toEqual([narration, [], ["realtime", "realtime"]]);
    const second = await narrate({ VOICE_CHAIN: "realtime" });
    expect([second.shown, second.warnings, second.calls]).toEqual([narration, [], []]);
  });

  it("is replaced by the next voice of the chain", async () => {
    await faults({ kind: "reworded", times: 2 });
    const { shown, warnings, calls } = await narrate({ VOICE_CHAIN: "realtime,speech" });
    expect([shown, warnings, calls]).toEqual([
      narration,
      ["voice.replaced"],
      ["realtime", "realtime", "speech"],
    ]);
  });

  it("is captioned with what it says where no voice does better, also when it is found again", async () => {
    await faults({ kind: "reworded" });
    await simulator.control({ without: ["speech"] });
    const first = await narrate({ VOICE_CHAIN: "realtime,speech,none" });
    expect([first.shown, first.warnings]).toEqual([reworded, ["voice.reworded"]]);
    const found = await narrate({ VOICE_CHAIN: "realtime" });
    expect([found.shown, found.warnings, found.calls]).toEqual([reworded, ["voice.reworded"], []]);
  });

  it.each([
    ["cut_short", "voice.cut"],
    ["said_twice", "voice.doubled"],
  ] as const)("shows %s as it is heard", async (kind, code) => {
    await faults({ kind });
    const { shown, warnings } = await narrate({ VOICE_CHAIN: "realtime" });
    expect([shown, warnings]).toEqual([changeWords(kind, narration), [code]]);
  });

  it("over /audio/speech is found by the transcription, where one is configured", async () => {
    await faults({ kind: "reworded", capability: "voice", times: 1 });
    const env = { VOICE_CHAIN: "speech", TRANSCRIPTION_MODEL: "gpt-transcribe" };
    const { shown, warnings, calls } = await narrate(env);
    expect([shown, warnings]).toEqual([narration, []]);
    expect(calls).toEqual(["speech", "transcription", "speech", "transcription"]);
    await simulator.control({ without: ["transcription"] });
    expect((await narrate(env)).calls).toEqual([]);
  });

  it("over /audio/speech is filmed without a transcription that does not exist", async () => {
    await simulator.control({ without: ["transcription"] });
    const env = { VOICE_CHAIN: "speech", TRANSCRIPTION_MODEL: "gpt-transcribe" };
    expect(await narrate(env)).toMatchObject({ shown: narration, warnings: [], calls: ["speech"] });
  });

  it("over /audio/speech is heard again once the transcription is back", async () => {
    await faults({ kind: "reworded", capability: "voice" });
    await simulator.control({ without: ["transcription"] });
    const env = { VOICE_CHAIN: "speech", TRANSCRIPTION_MODEL: "gpt-transcribe" };
    expect(await narrate(env)).toMatchObject({ shown: narration, calls: ["speech"] });
    await simulator.control({ without: [] });
    const { shown, calls } = await narrate(env);
    expect([shown, calls[0]]).toEqual([reworded, "transcription"]);
  });
});

describe("a sound that is not the text's", () => {
  it("is found where /audio/speech says the text twice", async () => {
    await faults({ kind: "said_twice", times: 1 });
    const { warnings, calls } = await narrate({ VOICE_CHAIN: "speech" });
    expect([warnings, calls]).toEqual([[], ["speech", "speech"]]);
  });

  it("is replaced by the next voice where it is silent", async () => {
    await faults({ kind: "silence", times: 2 });
    const { shown, warnings, calls } = await narrate({ VOICE_CHAIN: "realtime,speech" });
    expect([shown, warnings, calls]).toEqual([
      narration,
      ["voice.replaced"],
      ["realtime", "realtime", "speech"],
    ]);
  });

  it.each(["dropped_mid_sound", "incomplete", "half_body"])(
    "of %s is bought again and never kept",
    async (kind) => {
      await faults({ kind, times: 1 });
      const { shown, warnings, calls } = await narrate({ VOICE_CHAIN: "realtime" });
      expect([shown, warnings, calls]).toEqual([narration, [], ["realtime", "realtime"]]);
      expect([...store.objects.keys()].filter((key) => key.endsWith(".wav"))).toHaveLength(1);
    },
  );
});

describe("a voice that cannot be bought", () => {
  it("is passed over without a warning where the whole film has another one", async () => {
    await simulator.control({ without: ["realtime"] });
    const { shown, warnings, calls } = await narrate({ VOICE_CHAIN: "realtime,speech" });
    expect([shown, warnings, calls]).toEqual([narration, [], ["speech"]]);
  });

  it("leaves a silent scene that is paced for reading where the chain ends with none", async () => {
    await simulator.control({ without: ["realtime", "speech"] });
    const { voice, sound, shown, warnings, calls } = await narrate({ VOICE_CHAIN: "realtime,speech,none" });
    expect([shown, warnings, calls]).toEqual([narration, ["voice.none"], []]);
    const last = voice.words.at(-1)?.endSeconds ?? 0;
    expect(framesToSeconds(voice.frames)).toBeGreaterThan(last);
    const decoded = await decodeVoice((await sound()).path, join(folder, "decoded"), signal);
    expect(decoded.loudness.truePeakDb).toBeLessThan(-80);
    expect(decoded.durationSeconds).toBeCloseTo(framesToSeconds(voice.frames), 1);
  });

  it("is the configuration's fault where the chain has no other, and named as such", async () => {
    await simulator.control({ without: ["realtime"] });
    await expect(narrate({ VOICE_CHAIN: "realtime" })).rejects.toMatchObject({
      code: "voice.model_unavailable",
    });
  });
});

it("keeps the names of voices that were bought from /audio/speech before the chain existed", async () => {
  const { models } = await narrate({ VOICE_CHAIN: "speech" });
  expect(models).toEqual(["gpt-4o-mini-tts"]);
  // sha256 over {v, scope, capability, model, take, text, voice, instructions}, as the store has named them
  // all along.
  expect([...store.objects.keys()].filter((key) => key.endsWith(".wav"))).toEqual([
    "assets/dfb54193e02f0a6587691196f45c8580719e7b25cc42d22be954dd0acbbde97c.wav",
  ]);
});

it.each(["realtime", "speech"])(
  "is spoken faster and slower by %s, and bought once for each speed",
  async (kind) => {
    const secondsAt = async (speed: number) => {
      const { voice, calls } = await narrate({ VOICE_CHAIN: kind }, { speed });
      return { seconds: voice.words.at(-1)?.endSeconds ?? 0, calls };
    };
    const [usual, slow, fast] = [await secondsAt(1), await secondsAt(0.7), await secondsAt(1.3)];
    expect([usual.calls, slow.calls, fast.calls]).toEqual([[kind], [kind], [kind]]);
    expect(slow.seconds / usual.seconds).toBeGreaterThan(1.3);
    expect(fast.seconds / usual.seconds).toBeLessThan(0.85);
    expect((await secondsAt(0.7)).calls).toEqual([]);
  },
);

describe("a respelled word", () => {
  const pronunciations = { Sea: "see", breathe: "breeth" };

  it.each(["realtime", "speech"])("is said by %s, and captioned as it is written", async (kind) => {
    const { shown, warnings, calls } = await narrate({ VOICE_CHAIN: kind }, { pronunciations });
    expect([shown, warnings, calls]).toEqual([narration, [], [kind]]);
    const { billed } = await simulator.ledger();
    expect(billed.at(-1)?.said).toBe("I was walking on the bottom of the see, and I could breeth.");
  });

  it("is captioned as it is written where the voice says other words", async () => {
    await faults({ kind: "said_twice" });
    const { shown, warnings } = await narrate({ VOICE_CHAIN: "realtime" }, { pronunciations });
    expect(warnings).toEqual(["voice.doubled"]);
    expect(shown).toContain("breathe");
    expect(shown).not.toContain("breeth.");
  });
});
