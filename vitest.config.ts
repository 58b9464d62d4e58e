import { totalmem } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import LongestFirst from "./tests/longest-first.ts";
import { quickFfmpeg } from "./tests/stack/quick-ffmpeg.ts";

// A child process starts in half the time if Node finds its compiled code. Tests start some hundred.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "build", "compiled");
const quick = quickFfmpeg(join(import.meta.dirname, "build", "quick"));
if (quick) process.env.PATH = `${quick}:${process.env.PATH}`;

/** Minutes of waiting for leases to end: `npm run test:long` runs these too. */
const long = ["tests/chaos/falling-silent.test.ts", "tests/chaos/unknown-outcome.test.ts"];
/**
 * `npm test` leaves these out, `npm run test:all` and CI run them: each costs half a minute or more, because
 * it waits for real time (films that play to their ends), makes films in full size, kills processes at random,
 * or starts tools of others again and again.
 */
const slow = [
  "tests/cast/*.test.ts",
  "tests/chaos/{chaos,provider-outage,stopping}.test.ts",
  "tests/deploy/{image,real-wrangler}.test.ts",
  "tests/pool/fair-queue.test.ts",
  "tests/queue/wrangler-pair.test.ts",
  "tests/stack/{demo-film,reload}.test.ts",
  "tests/studio/{gate,live,people,recording}.test.ts",
  "tests/telling/own-voice.test.ts",
];

/**
 * These replace modules or the ffmpeg that a process has found first, change its limits or keep a folder, so
 * each runs in a process of its own.
 */
const ownProcess = [
  "edge/channel/dream-channel.test.ts",
  "render-worker/media/disk-full.test.ts",
  "render-worker/media/ffmpeg.test.ts",
  "render-worker/media/no-handles.test.ts",
  "tests/deploy/{deploy,deploy-secrets,destroy}.test.ts",
  "tests/film/redo.test.ts",
];
/** Beside the code, but no unit tests: they use an edge in workerd, or start ffmpeg many times. */
const largeBesideCode = [
  "edge/store/*.test.ts",
  "edge/jobs/{report-progress,clean-up}.test.ts",
  "render-worker/ai/model-ends.test.ts",
  "render-worker/media/{decode-picture,decode-voice,normalise-recording,untrusted-input}.test.ts",
  "render-worker/purchases/unusable-assets.test.ts",
];
/**
 * The files of a project share a few processes. To start one for each and to load wrangler, vitest and the
 * code in it costs 1.7 CPU seconds a file, which is more than most files take. Those of a process that need
 * an edge use the same one.
 */
const shareProcesses = { isolate: false, setupFiles: "./tests/real-timers.ts" };
const never = ["node_modules/**", "build/**"];

export default defineConfig({
  test: {
    // More than cores: many files wait, for a film, a page or a process that starts, while others compute.
    // Six leave a quarter of two cores unused. A file and the processes that it starts take 0.9 GB at most.
    maxWorkers: Math.max(2, Math.min(8, Math.floor(totalmem() / 2 ** 30 / 1.2))),
    // For a test that hangs, not a promise: a machine under load takes five times as long as an idle one.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: ["default", "./tests/plain-summary.ts"],
    globalSetup: "./local/build.mjs",
    sequence: { sequencer: LongestFirst },
    // In this order, see longest-first.ts.
    projects: [
      {
        extends: true,
        test: {
          name: "system",
          include: ["tests/**/*.test.ts", ...largeBesideCode],
          exclude: [...never, ...ownProcess, ...slow, ...long],
          ...shareProcesses,
        },
      },
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...never, "tests/**", ...ownProcess, ...largeBesideCode],
          ...shareProcesses,
        },
      },
      { extends: true, test: { name: "own-process", include: ownProcess, exclude: never } },
      {
        extends: true,
        test: { name: "slow", include: [...slow, ...(process.env.LONG ? long : [])], exclude: never },
      },
    ],
  },
});
