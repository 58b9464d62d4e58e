import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that take half a minute or more. They start first, because one that starts last delays the end of the
 * run.
 */
const long = [
  "tests/studio/studio.test.ts",
  "tests/stack/demo.test.ts",
  "tests/ops/ops.test.ts",
  "tests/chaos/falling-silent.test.ts",
  "tests/chaos/unknown-outcome.test.ts",
  "tests/deploy/real-wrangler.test.ts",
  "tests/chaos/chaos.test.ts",
  "tests/studio/recording.test.ts",
  "tests/telling/own-voice.test.ts",
  "tests/chaos/stopping.test.ts",
  "tests/pool/fair-queue.test.ts",
  "tests/chaos/provider-outage.test.ts",
  "tests/deploy/image.test.ts",
  "tests/edge/events.test.ts",
  "tests/edge/lease-watch.test.ts",
  "tests/edge/dream-ids.test.ts",
  "tests/telling/telling.test.ts",
  "tests/doctor/local-cloud.test.ts",
  "tests/edge/silent-receiver.test.ts",
  "tests/film/film.test.ts",
  "tests/film/own-voice.test.ts",
  "tests/edge/charges.test.ts",
  "tests/captions/alignment.test.ts",
  "tests/deploy/deploy-secrets.test.ts",
  "tests/doctor/planted-faults.test.ts",
  "tests/chaos/provider-faults.test.ts",
  "tests/chaos/voice-faults.test.ts",
  "tests/openai/voice-chain.test.ts",
  "tests/film/live-stream.test.ts",
  "tests/attack/media.test.ts",
  "tests/stack/npm-scripts.test.ts",
];

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = long.findIndex((name) => moduleId.endsWith(name));
      return found < 0 ? long.length : found;
    };
    return files.toSorted((a, b) => place(a) - place(b));
  }
}
