/** Which voice of the chain narrates a scene when the budget ends between two of them. */
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FilmOptions } from "../../../contract/film.ts";
import { createFakeLedger } from "../../../tests/fakes/fake-ledger.ts";
import { createFakeStorage } from "../../../tests/fakes/fake-storage.ts";
import { seeded } from "../../../tests/seeded.ts";
import { OverBudget } from "../../errors.ts";
import { Slots } from "../../flow/slots.ts";
import { writeSpeechWav } from "../../media/voice/said-chunk.ts";
import { type AssetStore, createAssetStore } from "../../purchases/asset-store.ts";
import type { FilmContext } from "../film-context.ts";
import { obtainVoice } from "./obtain-voice.ts";

const narration = "I flew over a silver sea, and under the water a town was lit.";
const scene = { narration, picture: "A sea.", picture_take: 0, voice_take: 0 } as Parameters<
  typeof obtainVoice
>[0];
const rate = 24_000;

/** Five seconds of noise that swells like syllables. The provider says that it is `said`. */
function speak(said: string): Buffer {
  const pcm = Buffer.alloc(5 * rate * 2);
  const random = seeded(1);
  for (let at = 0; at < pcm.length / 2; at++) {
    const swell = Math.sin((at / rate) * Math.PI * 4) ** 2;
    pcm.writeInt16LE(Math.round((random() - 0.5) * 20_000 * swell), at * 2);
  }
  return writeSpeechWav(pcm, rate, said);
}

it("uses the take that says other words if the next voice is over the budget, and says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "obtain-voice-"));
  const bought: string[] = [];
  const warnings: string[] = [];
  const obtain: AssetStore["obtain"] = async (_, shape, { check }) => {
    if (shape.kind !== "realtime") throw new OverBudget("budget.job_exceeded", "");
    bought.push(`take ${shape.retake ?? 0}`);
    const path = join(folder, `sound-${bought.length}`);
    await writeFile(path, speak("I sank under a silver sea, and under the water a town was dark."));
    await check?.(path, false);
    return { key: path, file: async () => path, reused: false, costMicroUsd: 1 };
  };
  const context = {
    folder,
    assets: { obtain, note: () => ({ find: async () => null, keep: () => {} }) },
    encoders: new Slots(1),
    ai: {},
    job: { options: { voice: "sage" } },
    providers: {
      voices: [
        { kind: "realtime", model: "a", textIn: 1, textOut: 1, audioIn: 1, audioOut: 1 },
        { kind: "speech", model: "b", pricePerMinute: 1 },
      ],
      transcription: null,
    },
    progress: { warn: (code: string) => warnings.push(code) },
    signal: new AbortController().signal,
  } as unknown as FilmContext;
  const { words } = await obtainVoice(scene, "en", 0, context);
  expect(words.map(({ text }) => text).join(" ")).toMatch(/^I sank under/);
  expect(bought).toEqual(["take 0", "take 1"]);
  expect(warnings).toEqual(["voice.reworded"]);
  await rm(folder, { recursive: true });
});

/** Attempts at the voice of one scene, with one store. */
async function openAttempts() {
  const folder = await mkdtemp(join(tmpdir(), "obtain-voice-"));
  const { storage, objects } = createFakeStorage(folder);
  const { signal } = new AbortController();
  const reads: string[] = [];
  const bill = { spoken: 0 };
  const attempt = () => {
    const counted: typeof storage = {
      ...storage,
      fetchInto: (key, path, until) => {
        if (key.endsWith(".wav")) reads.push(key);
        return storage.fetchInto(key, path, until);
      },
    };
    const assets = createAssetStore(createFakeLedger().ports(counted, signal), "owner", folder, signal);
    const context = {
      ...{ folder, signal, assets, encoders: new Slots(1) },
      ai: {
        speak: async () => {
          bill.spoken++;
          return { value: { bytes: speak(narration) }, costMicroUsd: 1, requestId: null };
        },
      },
      job: { options: FilmOptions.parse({}) },
      providers: {
        voices: [{ kind: "realtime", model: "a", textIn: 1, textOut: 1, audioIn: 1, audioOut: 1 }],
        transcription: null,
      },
      progress: { warn: () => {} },
    } as unknown as FilmContext;
    return { voice: obtainVoice(scene, "en", 0, context), assets };
  };
  return { attempt, reads, bill, objects, close: () => rm(folder, { recursive: true }) };
}

it("is heard once: a redo neither reads, decodes nor aligns a voice that did not change", async () => {
  const { attempt, reads, bill, close } = await openAttempts();
  const made = attempt();
  const first = await made.voice;
  await made.assets.flush();
  const again = await attempt().voice;
  expect([bill.spoken, again.reused, reads]).toEqual([1, true, []]);
  const { sound: firstSound, reused: _, ...heard } = first;
  expect(again).toMatchObject(heard);
  expect(again.sound).toMatchObject({ loudness: firstSound?.loudness, samples: firstSound?.samples });
  // Another recipe of the sound needs the samples: they are decoded then.
  const decoded = await stat((await again.sound?.file()) ?? "");
  expect(decoded.size).toBe(8 * (firstSound?.samples ?? 0));
  expect(reads).toHaveLength(1);
  await close();
});

it("is bought again by the next attempt if it was heard before and its file is damaged", async () => {
  const { attempt, bill, objects, close } = await openAttempts();
  const made = attempt();
  const { sound } = await made.voice;
  await made.assets.flush();
  for (const [key, { path }] of objects) if (key.endsWith(".wav")) await writeFile(path, "damaged");
  const second = attempt();
  const damaged = (await second.voice).sound;
  await expect(damaged?.file()).rejects.toMatchObject({ code: "asset.damaged" });
  await second.assets.flush();
  const third = await attempt().voice;
  expect([bill.spoken, third.reused, third.sound?.samples]).toEqual([2, false, sound?.samples]);
  await close();
});
