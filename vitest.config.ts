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
 * `npm test` leaves these out, `npm run test:all` and CI run them: each costs half a minute or more, because it
 * waits for real time, kills processes at random, or starts tools of others again and again.
 */
const slow = [
  "tests/cast/*.test.ts",
  "tests/chaos/{chaos,provider-outage,stopping}.test.ts",
  "tests/deploy/{image,real-wrangler}.test.ts",
  "tests/pool/fair-queue.test.ts",
  "tests/queue/wrangler-pair.test.ts",
  "tests/stack/reload.test.ts",
  "tests/studio/{gate,recording}.test.ts",
  "tests/telling/own-voice.test.ts",
];

/** These replace modules, change the process's limits or keep a folder, so each runs in a process of its own. */
const ownProcess = [
  "edge/channel/dream-channel.test.ts",
  "render-worker/media/disk-full.test.ts",
  "render-worker/media/ffmpeg.test.ts",
  "render-worker/media/no-handles.test.ts",
  "tests/deploy/{deploy,deploy-secrets,destroy}.test.ts",
];
/** Each uses an edge in workerd; those of a process use the same one. */
const withEdge = [
  "edge/store/*.test.ts",
  "edge/jobs/{attempt,clean-up}.test.ts",
  "tests/edge/*.test.ts",
  "tests/attack/requests.test.ts",
  "tests/chaos/{provider-faults,voice-faults,wrong-configuration}.test.ts",
];
/** They read files, or start a few processes of their own, such as ffmpeg. */
const withoutCloud = [
  "render-worker/ai/model-ends.test.ts",
  "render-worker/media/{decode-picture,decode-voice,normalise-recording,untrusted-input}.test.ts",
  "render-worker/purchases/unusable-assets.test.ts",
  "tests/attack/{captions,media}.test.ts",
  "tests/captions/*.test.ts",
  "tests/chaos/{check-history,failpoints}.test.ts",
  "tests/deploy/{dependencies,fly-config,observability,runbook}.test.ts",
  "tests/doctor/{planted-faults,realtime,remote}.test.ts",
  "tests/film/*.test.ts",
  "tests/openai/*.test.ts",
  "tests/queue/{conformance,local-queue}.test.ts",
  "tests/stack/commands.test.ts",
  "tests/structure/*.test.ts",
];
/**
 * The files of a project share a few processes. To start one for each and to load wrangler, vitest and the code in it
 * costs 1.7 CPU seconds a file, which is more than most files take.
 */
const shareProcesses = { isolate: false, setupFiles: "./tests/real-timers.ts" };
const never = ["node_modules/**", "build/**"];

export default defineConfig({
  test: {
    // More than cores: many files wait, for a film, a page or a process that starts, while others compute. A file
    // and the processes that it starts take 0.9 GB at most.
    maxWorkers: Math.max(2, Math.min(6, Math.floor(totalmem() / 2 ** 30 / 1.2))),
    // For a test that hangs, not a promise: a machine under load takes five times as long as an idle one.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: ["default", "./tests/plain-summary.ts"],
    globalSetup: "./local/build.mjs",
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...never, "tests/**", ...ownProcess, ...withEdge, ...withoutCloud],
          ...shareProcesses,
        },
      },
      {
        extends: true,
        test: {
          name: "edge",
          include: withEdge,
          exclude: never,
          // Without it Miniflare prints a line for each queue message.
          env: { WRANGLER_LOG: "error" },
          ...shareProcesses,
        },
      },
      {
        extends: true,
        test: { name: "without-cloud", include: withoutCloud, exclude: never, ...shareProcesses },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: ["tests/**/*.test.ts"],
          exclude: [...never, ...withEdge, ...withoutCloud, ...ownProcess, ...slow, ...long],
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
