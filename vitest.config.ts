import { defineConfig } from "vitest/config";
import LongestFirst from "./tests/longest-first.ts";

/** Minutes of waiting for leases to end: `npm run test:long` runs these too. */
const long = ["tests/chaos/falling-silent.test.ts", "tests/chaos/unknown-outcome.test.ts"];

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules/**", "build/**", ...(process.env.LONG ? [] : long)],
    // Three at a time: many files start ffmpeg or workerd, which want a core each, and many others wait for leases to end.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // A shared machine may stall any of the thousand tests once; a failure that repeats is real.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default", "./tests/plain-summary.ts"],
  },
});
