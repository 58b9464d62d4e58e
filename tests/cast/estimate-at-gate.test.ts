/**
 * The price that is told before a film, beside the price at the gate for the storyboard that is then written.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { estimateFilm } from "../../contract/estimate-cost.ts";
import { estimateStoryboard } from "../../contract/estimate-storyboard.ts";
import { FilmOptions } from "../../contract/film.ts";
import { newPictureSize } from "../../contract/picture-sizes.ts";
import { readPrices } from "../../contract/prices.ts";
import { Storyboard } from "../../contract/storyboard.ts";
import { planStoryboard } from "../../contract/storyboard-plan.ts";
import { settleCast, withoutCast } from "../../render-worker/pipeline/cast/settle-cast.ts";
import { writeStoryboard } from "../../simulators/openai/storyboard/write-storyboard.ts";
import { dreams } from "./dreams.ts";

const examples = new URL("../../examples/dreams/", import.meta.url);
const prices = readPrices({});
const picture_size = newPictureSize("16:9", prices.picture.model);
const alone = [
  "I flew over a silver sea. Under the water a town was lit, and somebody waved at me.",
  "I was walking through my school and all the rooms were under water.",
  "All my teeth fell out.",
  "I sat in a train that went through the houses of my street, and nobody but me was surprised.",
];
const texts = [...dreams.flatMap(({ first, second }) => [first, second]), ...alone];

it.each(readdirSync(examples).filter((name) => name.endsWith(".txt")))(
  "is within a fifth of the price at the gate for the example %s, most of which are old prose",
  (name) => {
    const transcript = readFileSync(new URL(name, examples), "utf8");
    for (const cast of [true, false]) expect(offOf(transcript, cast)).toBeLessThan(0.2);
  },
);

it.each([true, false])(
  "is within 15 per cent of the price at the gate, for dreams of people who return and of nobody, cast: %s",
  (cast) => {
    for (const transcript of texts) expect(offOf(transcript, cast), transcript).toBeLessThan(0.15);
  },
);

/** By how much the estimate differs from the price at the gate, as a share of it. */
function offOf(transcript: string, cast: boolean): number {
  const options = FilmOptions.parse({ cast, length_seconds: 33 });
  const { picture, voice } = estimateFilm(transcript, options, prices).microUsd;
  const plan = planStoryboard(options.length_seconds, { transcript, language: "auto" });
  const written = Storyboard.parse(writeStoryboard({ transcript, language: "auto", ...plan }, cast));
  const { scenes, ...held } = cast ? settleCast(written, []) : withoutCast(written);
  const storyboard = { ...held, scenes: scenes.map((scene) => ({ ...scene, picture_size })) };
  const { expectedMicroUsd } = estimateStoryboard(storyboard, options, prices, {
    ...{ isOwn: false, hasPicture: () => false },
  });
  return Math.abs((picture + voice) / expectedMicroUsd - 1);
}
