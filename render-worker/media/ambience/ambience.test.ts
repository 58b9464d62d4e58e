import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleRate } from "../../../contract/film.ts";
import { chooseMood, chooseTexture } from "./choose-mood.ts";
import { type Bed, synthesiseBed } from "./synthesise-bed.ts";
import { type SceneAmbience, writeAmbience } from "./write-ambience.ts";

const bed: Bed = { mood: "wonder", texture: "water", scene: 0, seed: 7, gain: 1 };
const next: Bed = { ...bed, texture: "wind", scene: 1 };
const dbOf = (samples: Float32Array) =>
  10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
const peakOf = (samples: Float32Array) =>
  samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

describe("a bed", () => {
  it("has the same samples for the same description, and others for another seed", () => {
    const first = synthesiseBed(bed, 0, 10_000);
    expect(Buffer.from(synthesiseBed(bed, 0, 10_000).buffer).equals(Buffer.from(first.buffer))).toBe(true);
    expect(synthesiseBed({ ...bed, seed: 8 }, 0, 10_000)).not.toEqual(first);
  });

  it("is computed from any sample on", () => {
    const whole = synthesiseBed(bed, 0, 3 * sampleRate);
    const part = synthesiseBed(bed, 2 * sampleRate, 3 * sampleRate);
    for (let i = 0; i < part.length; i += 997)
      expect(part[i]).toBeCloseTo(whole[4 * sampleRate + i] as number, 5);
  });

  it.each(["calm", "wonder", "dark"] as const)("is quiet and never silent in a %s mood", (mood) => {
    for (const texture of ["water", "wind", "night", "room"] as const) {
      const samples = synthesiseBed({ ...bed, mood, texture }, 0, 12 * sampleRate);
      const db = dbOf(samples);
      expect(db, texture).toBeGreaterThan(-35);
      expect(db, texture).toBeLessThan(-29);
      expect(peakOf(samples), texture).toBeLessThan(0.18);
    }
  });
});

describe("a scene's ambience", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ambience-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const context = 4_096;
  const write = async (name: string, ambience: SceneAmbience) => {
    await writeAmbience(ambience, context, join(folder, name));
    const bytes = await readFile(join(folder, name));
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  };
  const samples = 4 * sampleRate;
  const speech = [{ startSeconds: 0.3, endSeconds: 3.6 }];
  const first: SceneAmbience = { bed, speech, samples, earlier: null, next };
  const second: SceneAmbience = {
    ...{ bed: next, speech, samples, next: null },
    earlier: { bed, samples, lastWordEndSeconds: 3.6 },
  };

  it("is lower by 6 dB and more under the words than in a pause", async () => {
    const alone = await write("alone", { ...first, speech: [] });
    const ducked = await write("ducked", first);
    const at = (sound: Float32Array, from: number, to: number) =>
      dbOf(sound.subarray(2 * (context + from * sampleRate), 2 * (context + to * sampleRate)));
    expect(at(alone, 1.5, 3) - at(ducked, 1.5, 3)).toBeGreaterThan(6);
    expect(at(ducked, 1.5, 3)).toBeGreaterThan(-46);
  });

  it("continues in the next scene without a seam", async () => {
    const [before, after] = [await write("before", first), await write("after", second)];
    // What the earlier scene's encoder hears after its end is what the later scene begins with.
    const overlap = before.subarray(-2 * context);
    const start = after.subarray(2 * context, 4 * context);
    const difference = overlap.map((sample, i) => sample - (start[i] as number));
    expect(peakOf(difference)).toBeLessThan(0.02 * peakOf(start));
  });

  it("begins and ends the film in silence", async () => {
    const [before, after] = [await write("first", first), await write("last", second)];
    expect(peakOf(before.subarray(0, 2 * context))).toBe(0);
    expect(peakOf(after.subarray(-2 * context))).toBe(0);
    expect(peakOf(after.subarray(-2 * context - 200, -2 * context))).toBeLessThan(0.001);
  });
});

describe("the mood", () => {
  it("follows the pictures' words and the style", () => {
    expect(chooseMood(["A warm kitchen, a smiling mother, golden bread"], "dreamlike")).toBe("calm");
    expect(chooseMood(["A dark corridor full of shadows"], "dreamlike")).toBe("dark");
    expect(chooseMood(["A warm kitchen"], "noir")).toBe("dark");
    expect(chooseMood(["..."], "dreamlike")).toBe("wonder");
    expect(chooseTexture("A whale swims in the sea")).toBe("water");
    expect(chooseTexture("A woman at a table")).toBe("room");
  });
});
