/**
 * Compares estimates with the film's cost, and each ceiling with the asset's price, at the simulator's
 * prices.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { estimateFilm } from "../../contract/estimate-cost.ts";
import { FilmOptions } from "../../contract/film.ts";
import { newPictureSize } from "../../contract/picture-sizes.ts";
import { ceilingOfPicture, ceilingOfText, ceilingOfVoices, readPrices } from "../../contract/prices.ts";
import { storyboardBounds } from "../../contract/storyboard-plan.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { explainExcess } from "../../render-worker/pipeline/storyboard/hold-to-plan.ts";
import { picturePrompt } from "../../render-worker/pipeline/storyboard/picture-prompt.ts";
import { readStoryboard } from "../../render-worker/pipeline/storyboard/read-storyboard.ts";
import {
  longestText,
  storyboardRequest,
} from "../../render-worker/pipeline/storyboard/storyboard-request.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";
import { openSimulator, type SimulatorProcess } from "./start-simulator.ts";

let simulator: SimulatorProcess;
beforeAll(async () => {
  // Only the price of pictures counts here, and that is the requested size's.
  simulator = await openSimulator();
  await simulator.control({ picture_scale: 0.2 });
});
afterAll(() => simulator.stop());

const example = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../examples/dreams", `${name}.txt`), "utf8");
const texts = {
  flying: example("flying-short"),
  jacob: example("genesis-28-jacob"),
  shelley: example("mary-shelley-1831"),
  bottom: example("bottom-1600"),
  sea: "I flew over a silver sea. Under the water a town was lit, and somebody waved at me.",
  japanese:
    "私は銀色の海の上を飛んでいた。水の下には町の明かりが見えた。誰かが窓から手を振っていた。風が私をガラスの塔へ運んだ。",
  school: "I was walking through my school and all the rooms were under water.",
  whale: "A whale came out of the water and looked at me.",
  teeth: "All my teeth fell out.",
  train: "I sat in a train that went through the houses of my street, and nobody but me was surprised.",
  stairs: "Ich lief eine Treppe hinauf, die kein Ende hatte.",
};

function known(costMicroUsd: number | null): number {
  if (costMicroUsd === null) throw new Error("the simulator reports no usage");
  return costMicroUsd;
}

it.each([
  ["flying", 30, "16:9"],
  ["jacob", 30, "9:16"],
  ["jacob", 60, "16:9"],
  ["shelley", 10, "1:1"],
  ["shelley", 60, "16:9"],
  ["bottom", 60, "16:9"],
  ["sea", 20, "16:9"],
  ["japanese", 20, "16:9"],
  ["school", 30, "16:9"],
  ["whale", 30, "16:9"],
  ["whale", 120, "1:1"],
  ["teeth", 30, "9:16"],
  ["train", 30, "16:9"],
  ["stairs", 30, "16:9"],
] as const)(
  "of %s in %d s, %s, is within 15 per cent of the film's cost; every asset within its ceiling",
  async (name, length_seconds, aspect) => {
    const providers = parseProviders({ OPENAI_API_KEY: "local", OPENAI_BASE_URL: `${simulator.origin}/v1` });
    const ai = createAi(providers);
    const { signal } = new AbortController();
    const options = FilmOptions.parse({ length_seconds, aspect });
    const transcript = texts[name];
    const prices = readPrices({});
    const estimate = estimateFilm(transcript, options, prices);

    const request = storyboardRequest({ title: null, transcript }, options);
    const written = await ai.write(request, signal);
    expect(known(written.costMicroUsd)).toBeLessThanOrEqual(ceilingOfText(prices.text, longestText(request)));
    const reading = readStoryboard(written.value, options.language);
    if ("problem" in reading) throw new Error(reading.problem);
    expect(explainExcess(reading.storyboard, storyboardBounds(length_seconds))).toBeNull();
    const { scenes } = reading.storyboard;
    let cost = known(written.costMicroUsd);
    // Three scenes are spoken: the others cost as much for each character.
    const said = scenes.filter((_, i) => i === 0 || i === scenes.length >> 1 || i === scenes.length - 1);
    const length = (some: typeof scenes) => some.reduce((sum, { narration }) => sum + narration.length, 0);
    for (const scene of said) {
      const request = { text: scene.narration, voice: "sage", instructions: "calm" };
      const spoken = await ai.speak("realtime", request, signal);
      const voice = known(spoken.costMicroUsd);
      expect(voice).toBeLessThanOrEqual(ceilingOfVoices(prices.voices.slice(0, 1), scene.narration));
      cost += (voice * length(scenes)) / length(said);
    }
    // One picture is painted; the others have the same size, quality and prompt length, so they cost the
    // same.
    const size = newPictureSize(aspect, providers.picture.model);
    const prompt = picturePrompt(scenes[0] as (typeof scenes)[0], options.style);
    const painted = await ai.paint({ prompt, size }, signal);
    expect(known(painted.costMicroUsd)).toBeLessThanOrEqual(ceilingOfPicture(prices.picture, size, prompt));
    cost += known(painted.costMicroUsd) * scenes.length;

    const { text, picture, voice } = estimate.microUsd;
    const off = (text + picture + voice) / cost - 1;
    expect(
      Math.abs(off),
      `estimated ${estimate.scenes} scenes, were ${scenes.length}; off by ${off}`,
    ).toBeLessThan(0.15);
    expect(cost).toBeLessThanOrEqual(estimate.atMostMicroUsd);
  },
);
