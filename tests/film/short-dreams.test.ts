/** Dreams with fewer words than the length asked for: what is told beforehand, and what the film becomes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { estimateFilm } from "../../contract/estimate-cost.ts";
import { FilmOptions } from "../../contract/film.ts";
import { readPrices } from "../../contract/prices.ts";
import { openSimulator, type SimulatorProcess } from "../openai/start-simulator.ts";
import { makeVoices } from "./make-soundtrack.ts";

const sentence = "I was walking through my school and all the rooms were under water.";
const flying =
  "I was flying over a city made of glass. Every window held a different season. When I landed, my grandmother was waiting with a lantern, and the street turned into a slow green river.";
let simulator: SimulatorProcess;
let root: string;
beforeAll(async () => {
  simulator = await openSimulator();
  root = await mkdtemp(join(tmpdir(), "dreamreel-short-"));
});
afterAll(async () => {
  await simulator.stop();
  await rm(root, { recursive: true });
});

async function film(transcript: string, options: { length_seconds: number; ambience?: boolean }) {
  const estimate = estimateFilm(transcript, FilmOptions.parse(options), readPrices({}));
  const made = await makeVoices(simulator.origin, transcript, options, await mkdtemp(join(root, "film-")));
  return { estimate, seconds: made.seconds, scenes: made.storyboard.scenes };
}

describe("a dream of one sentence", () => {
  it.each([30, 120])("is told to fill a few of %d s, and does", async (length_seconds) => {
    const { estimate, seconds, scenes } = await film(sentence, { length_seconds });
    expect(estimate.fillsLength).toBe(false);
    expect(scenes).toHaveLength(estimate.scenes);
    // A redo buys no picture again at another size.
    for (const scene of scenes) expect(scene.picture_size).toBe("1536x864");
    expect(Math.abs(seconds / estimate.seconds - 1)).toBeLessThan(0.15);
  });
});

describe("a dream of a few sentences", () => {
  it("breathes to the length asked for where its words nearly fill it", async () => {
    const { estimate, seconds } = await film(flying, { length_seconds: 18 });
    expect(estimate.fillsLength).toBe(true);
    expect(Math.abs(seconds / 18 - 1)).toBeLessThan(0.1);
  });

  it("lingers on its pictures where an ambience fills the pauses", async () => {
    const plain = await film(flying, { length_seconds: 25 });
    const lingering = await film(flying, { length_seconds: 25, ambience: true });
    expect(lingering.seconds).toBeGreaterThan(plain.seconds + 1);
    expect(Math.abs(lingering.seconds / lingering.estimate.seconds - 1)).toBeLessThan(0.15);
  });
});
