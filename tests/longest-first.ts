import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that take a quarter of a minute or more, measured in a run of all on two cores. They start first,
 * because one that starts last delays the end of the run. The files that have a process of their own come
 * before those that share: vitest ends a shared process if the next file in the queue cannot use it.
 */
const long = [
  "tests/studio/studio.test.ts",
  "tests/ops/ops.test.ts",
  // Of a process each: those of `npm run test:long`, of `npm run test:all`, of `npm test`.
  "tests/chaos/falling-silent.test.ts",
  "tests/chaos/unknown-outcome.test.ts",
  "tests/deploy/real-wrangler.test.ts",
  "tests/chaos/chaos.test.ts",
  "tests/studio/recording.test.ts",
  "tests/telling/own-voice.test.ts",
  "tests/cast/same-people.test.ts",
  "tests/studio/gate.test.ts",
  "tests/studio/live.test.ts",
  "tests/chaos/stopping.test.ts",
  "tests/pool/fair-queue.test.ts",
  "tests/chaos/provider-outage.test.ts",
  "tests/deploy/image.test.ts",
  "tests/stack/reload.test.ts",
  "tests/queue/wrangler-pair.test.ts",
  "tests/film/redo.test.ts",
  "tests/deploy/deploy-secrets.test.ts",
  "render-worker/media/disk-full.test.ts",
  "render-worker/media/no-handles.test.ts",
  "tests/deploy/deploy.test.ts",
  "render-worker/media/ffmpeg.test.ts",
  "edge/channel/dream-channel.test.ts",
  "tests/deploy/destroy.test.ts",
  // Of shared processes.
  "tests/film/film.test.ts",
  "tests/edge/dream-ids.test.ts",
  "tests/film/own-voice.test.ts",
  "tests/edge/lease-watch.test.ts",
  "tests/edge/events.test.ts",
  "tests/stack/demo.test.ts",
  "render-worker/media/normalise-recording.test.ts",
  "tests/captions/alignment.test.ts",
  "render-worker/purchases/unusable-assets.test.ts",
  "tests/edge/asking.test.ts",
  "tests/chaos/provider-faults.test.ts",
  "render-worker/media/decode-picture.test.ts",
  "tests/openai/takes.test.ts",
  "tests/edge/silent-receiver.test.ts",
  "tests/openai/voice-chain.test.ts",
  "tests/openai/voice.test.ts",
  "tests/doctor/local-cloud.test.ts",
  "tests/edge/charges.test.ts",
  "tests/edge/dead-letters.test.ts",
  "tests/film/ambience.test.ts",
  "render-worker/media/decode-voice.test.ts",
  "tests/doctor/planted-faults.test.ts",
  "tests/telling/telling.test.ts",
  "tests/chaos/voice-faults.test.ts",
  "tests/attack/media.test.ts",
  "tests/film/live-stream.test.ts",
  "tests/edge/state-machine.test.ts",
  "tests/film/length.test.ts",
  "tests/edge/webhook-deliveries.test.ts",
  "tests/chaos/wrong-configuration.test.ts",
  "render-worker/media/untrusted-input.test.ts",
  "edge/jobs/clean-up.test.ts",
  "tests/openai/picture.test.ts",
  "edge/store/d1-losses.test.ts",
];

/** Of the unit tests, which come last. */
const longUnits = [
  "render-worker/media/camera/draw.test.ts",
  "render-worker/media/paint-placeholder.test.ts",
  "render-worker/ai/openai/read-answers.test.ts",
  "render-worker/pipeline/storyboard/hold-to-plan.test.ts",
  "render-worker/media/camera/plan.test.ts",
  "render-worker/pipeline/voice/obtain-voice.test.ts",
];

export default class LongestFirst extends BaseSequencer {
  /** The others follow in the order of their projects. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification) => {
      const found = long.findIndex((name) => moduleId.endsWith(name));
      if (found >= 0) return found;
      if (project.name !== "unit") return long.length;
      return long.length + (longUnits.some((name) => moduleId.endsWith(name)) ? 1 : 2);
    };
    return files.toSorted((a, b) => place(a) - place(b));
  }
}
