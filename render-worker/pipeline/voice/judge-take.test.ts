import { expect, it } from "vitest";
import { speakingSeconds } from "../../../contract/speech-rate.ts";
import { judgeTake } from "./judge-take.ts";

const script = "I was walking on the bottom of the sea and I could breathe like all the others";
const expected = speakingSeconds(script, "en");
const sampleRate = 16_000;

/** A tone of so many times the expected length, which fades at its end or stops. */
function tone(share: number, end: "fades" | "stops", truePeakDb = -6) {
  const durationSeconds = share * expected;
  const pcm = Float32Array.from({ length: Math.round(durationSeconds * sampleRate) }, (_, i) => {
    const left = durationSeconds - i / sampleRate;
    return Math.sin(i / 8) * (end === "fades" ? Math.min(1, Math.max(0, left - 0.1) / 0.1) : 1);
  });
  return { pcm, sampleRate, durationSeconds, loudness: { integratedLufs: -20, truePeakDb } };
}

it.each([
  ["is as long as expected", tone(1, "fades"), script, "verbatim"],
  ["is read fast", tone(0.7, "fades"), script, "verbatim"],
  ["is read slowly, by its transcript once", tone(2, "fades"), script, "verbatim"],
  ["stops within a word", tone(0.7, "stops"), script, "cut"],
  ["has a third of its length, though its transcript is whole", tone(0.34, "fades"), script, "cut"],
  ["has twice its length and no transcript", tone(2, "fades"), null, "doubled"],
  ["has no sound", tone(1, "fades", -60), script, "silent"],
  ["says other words", tone(1, "fades"), script.replace("sea", "lake"), "reworded"],
] as const)("judges a voice that %s", (_, voice, said, verdict) => {
  expect(judgeTake(script, said, "en", voice)).toBe(verdict);
});

it("judges no voice whose script has nothing to say or is too short to measure", () => {
  expect(judgeTake("…", null, "en", tone(1, "fades", -60))).toBe("verbatim");
  expect(judgeTake("Oh no!", null, "en", tone(0.01, "stops"))).toBe("verbatim");
});

it("expects a voice to be as long as its speed makes it, or as its text where the provider ignores the speed", () => {
  const judge = (share: number, speed: number, said: string | null) =>
    judgeTake(script, said, "en", tone(share, "fades"), speed);
  expect([judge(1 / 0.7, 0.7, null), judge(1, 0.7, null), judge(1 / 0.7, 1, null)]).toEqual(
    Array(3).fill("verbatim"),
  );
  expect([judge(2.2, 0.7, null), judge(2.2, 1, null)]).toEqual(["verbatim", "doubled"]);
  expect([judge(0.45, 1.3, script), judge(0.45, 1, script)]).toEqual(["verbatim", "cut"]);
});

it("expects a figure to take as long as its words", () => {
  const seconds = 4.24;
  const voice = { ...tone(1, "fades"), durationSeconds: seconds };
  expect(judgeTake("A lantern 157 swam over the water.", null, "en", voice)).toBe("verbatim");
});
