/** Which voice of the chain narrates a scene when the budget ends between two of them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { OverBudget } from "../../errors.ts";
import { writeSpeechWav } from "../../media/voice/said-chunk.ts";
import type { AssetStore } from "../../purchases/asset-store.ts";
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
  let seed = 1;
  for (let at = 0; at < pcm.length / 2; at++) {
    seed = (seed * 16_807) % 2_147_483_647;
    const swell = Math.sin((at / rate) * Math.PI * 4) ** 2;
    pcm.writeInt16LE(Math.round((seed / 2_147_483_647 - 0.5) * 20_000 * swell), at * 2);
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
    return { key: path, path, reused: false, costMicroUsd: 1 };
  };
  const context = {
    folder,
    assets: { obtain },
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
