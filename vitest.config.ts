import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules/**", "build/**"],
    // Two at a time: many files start ffmpeg or workerd, which want a core each.
    maxWorkers: 2,
    // A shared machine may stall any of the thousand tests once; a failure that repeats is real.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default", "./tests/plain-summary.ts"],
  },
});
