import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSimulator, type SimulatorProcess } from "../openai/start-simulator.ts";
import { longDreams, measureFilmSeconds } from "./measure-length.ts";

const hasVoices = (() => {
  try {
    return execFileSync("espeak-ng", ["--version"]).length > 0;
  } catch {
    return false;
  }
})();

let simulator: SimulatorProcess;
beforeAll(async () => {
  simulator = await openSimulator();
});
afterAll(() => simulator.stop());

// With 2.4 words a second in every language: en 23, hi 20, es 17, de 15 % too long and fr 15 % too short.
it.runIf(hasVoices).each([...longDreams])(
  "a film in %s is as long as asked within ten per cent",
  async (_language, transcript) => {
    const seconds = await measureFilmSeconds(simulator, transcript, { length_seconds: 20 });
    expect(seconds).toBeGreaterThan(18);
    expect(seconds).toBeLessThan(22);
  },
);
