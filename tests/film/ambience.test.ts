/** The sound of whole films, with and without an ambience, of the simulator's voices. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareSound } from "../../render-worker/pipeline/prepare-sound.ts";
import { openSimulator, type SimulatorProcess } from "../openai/start-simulator.ts";
import { type FilmVoices, hearSound, makeSoundtrack, makeVoices } from "./make-soundtrack.ts";

const transcript =
  "I was flying over a city made of glass. Every window held a different season. When I landed, my grandmother was waiting with a lantern, and the street turned into a slow green river.";
let simulator: SimulatorProcess;
let root: string;
beforeAll(async () => {
  simulator = await openSimulator();
  root = await mkdtemp(join(tmpdir(), "dreamreel-ambience-"));
});
afterAll(async () => {
  await simulator.stop();
  await rm(root, { recursive: true });
});

async function film(options: Parameters<typeof makeVoices>[2], env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(root, "film-"));
  return makeVoices(simulator.origin, transcript, { length_seconds: 15, ...options }, folder, env);
}

/** A film's sound, measured. */
const soundOf = async (made: FilmVoices) => hearSound(await makeSoundtrack(made));

/** The film with an ambience, for all tests that only look at it. */
let ambient: Promise<FilmVoices> | undefined;
const filmWithAmbience = () => {
  ambient ??= film({ ambience: true });
  return ambient;
};

describe("a film with an ambience", () => {
  it("has no dead silence, and is as loud as without: -16 LUFS under -1.5 dBTP", async () => {
    const plain = await soundOf(await film({}));
    const filled = await soundOf(await filmWithAmbience());
    for (const { integratedLufs, truePeakDb } of [plain, filled]) {
      expect(Math.abs(integratedLufs + 16)).toBeLessThanOrEqual(0.5);
      expect(truePeakDb).toBeLessThanOrEqual(-1.5);
    }
    // The ends fade in and out.
    expect(filled.deadShare).toBeLessThan(0.05);
    expect(filled.longestDeadSeconds).toBeLessThan(0.5);
    expect(plain.deadShare).toBeGreaterThan(0.1);
    expect(filled.seconds).toBe(plain.seconds);
  });

  it("is made to the same bytes again, so that a film that is taken over has no seam", async () => {
    const [first, second] = [await filmWithAmbience(), await film({ ambience: true })];
    const bytes = await Promise.all(
      [first, second].map(async (made) => readFile(await makeSoundtrack(made))),
    );
    expect(bytes[0]?.equals(bytes[1] as Buffer)).toBe(true);
  });

  it("has it alone where no voice narrates", async () => {
    const silent = await soundOf(await film({ ambience: true }, { VOICE_CHAIN: "none" }));
    expect(silent.deadShare).toBeLessThan(0.05);
    expect(silent.integratedLufs).toBeGreaterThan(-36);
    expect(silent.integratedLufs).toBeLessThan(-24);
  });

  it("keeps the sounds of scenes that a redo of another scene does not touch", async () => {
    const { storyboard, voices, context } = await filmWithAmbience();
    const sound = (words: typeof voices, index: number) =>
      prepareSound(
        storyboard,
        index,
        words.map((voice) => Promise.resolve(voice)),
        context,
      );
    const [first, second] = voices as [(typeof voices)[0], (typeof voices)[0]];
    const before = await Promise.all(voices.map((_, i) => sound(voices, i)));
    const longer = [first, { ...second, frames: second.frames + 32, voiceKey: "other" }, ...voices.slice(2)];
    const after = await Promise.all(longer.map((_, i) => sound(longer, i)));
    const changed = after.map(({ path }, i) => path !== before[i]?.path);
    expect(changed).toEqual(voices.map((_, i) => i === 1 || i === 2));
  });
});
