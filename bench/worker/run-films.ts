/**
 * Production's film maker in a process of its own: a film, then redos of one of its scenes, or films with a
 * take that was bought beside it. Prints a line of JSON after each, and waits for a line.
 */
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { ClaimedJob, TakesJob } from "../../contract/claim.ts";
import { FilmOptions, framesPerSecond } from "../../contract/film.ts";
import { filmKey } from "../../contract/storage.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { buyTakes } from "../../render-worker/pipeline/buy-takes.ts";
import { makeFilm } from "../../render-worker/pipeline/make-film.ts";
import { Progress } from "../../render-worker/pipeline/progress.ts";
import { hashOf } from "../../render-worker/purchases/fingerprint.ts";
import { withScratch } from "../../render-worker/runtime/scratch.ts";
import { speak } from "../film/speak.ts";
import { createStubPorts } from "./stub-ports.ts";

export interface FilmsToRun {
  folder: string;
  storeUrl: string;
  pictures: string[];
  scenes: number;
  /**
   * `chosen take` shows a picture that was bought beside the film. `one scene` is a film of that scene alone,
   * with another such picture. Both buy nothing.
   */
  films: ("film" | "new picture" | "new voice" | "chosen take" | "one scene")[];
}

export interface FilmRun {
  film: FilmsToRun["films"][number];
  /** In milliseconds since the epoch. */
  startedAt: number;
  wallSeconds: number;
  /** Of this process, all its threads. ffmpeg's is counted where it starts. */
  cpuSeconds: number;
  timings: Record<string, number>;
  durationSeconds: number;
  megabytes: number;
  reusedSegments: number;
  /** Of each scene. */
  frames: number[];
  /** The film's path in the store. */
  path: string;
}

const { folder, storeUrl, pictures, scenes, films } = JSON.parse(process.argv[2] ?? "") as FilmsToRun;
const sentences = [
  "I was flying over a quiet sea, and everyone I knew was waving from the shore below",
  "The house had more rooms than I remembered, and behind every door a child was asleep",
];
const storyboard: Storyboard = {
  title: "A long dream",
  language: "en",
  scenes: Array.from({ length: scenes }, (_, scene) => ({
    narration: `${scene + 1} ${sentences[scene % sentences.length]}.`,
    picture: `Picture ${scene + 1} of the dream`,
    picture_take: 0,
    voice_take: 0,
  })),
};
/** Voices are spoken before the clock starts: their synthesis would count as the worker's work. */
const spoken = new Map<string, Buffer>();
const voiceOf = (text: string): Buffer => {
  const seed = text.length + Number.parseInt(text, 10);
  const known = spoken.get(text) ?? speak(text.length / 20, seed, text);
  spoken.set(text, known);
  return known;
};
const ports = createStubPorts(storeUrl, { pictures, speak: voiceOf });
const { signal } = new AbortController();
await mkdir(folder, { recursive: true });
for (const [number, film] of films.entries()) {
  const middle = Math.floor(scenes / 2);
  const scene = storyboard.scenes[middle];
  if (scene && film === "new picture") scene.picture_take++;
  if (scene && film === "new voice") scene.narration += " Nobody answered.";
  for (const { narration } of storyboard.scenes) voiceOf(narration);
  const showsTake = scene !== undefined && (film === "chosen take" || film === "one scene");
  if (showsTake) {
    scene.picture_take++;
    await buyTake(middle, scene);
  }
  const filmed = showsTake && film === "one scene" ? { ...storyboard, scenes: [scene] } : storyboard;
  const job = ClaimedJob.parse({
    ...{ outcome: "claimed", job_id: `job-${number}`, dream_id: "dream", attempt: 1, lease_ms: 30_000 },
    ...{ asset_scope: "bench", dream: { title: "Bench", transcript: "-" } },
    ...{ options: FilmOptions.parse({}), storyboard: filmed },
    ...(film === "chosen take" && { chosen: { scene: middle, asset: "picture", placeholders: [] } }),
  });
  let reusedSegments = 0;
  const frames: number[] = [];
  const progress = new Progress(() => {});
  const log = progress.log.bind(progress);
  progress.log = (event) => {
    if (event.type === "scene.ready") {
      if (event.data.reused) reusedSegments++;
      frames[event.data.scene] = Math.round(event.data.seconds * framesPerSecond);
    }
    log(event);
  };
  const [startedAt, cpu] = [Date.now(), process.cpuUsage()];
  const made = await withScratch(folder, job.job_id, (scratch) =>
    makeFilm(job, scratch, progress, signal, ports),
  );
  if ("at" in made) throw new Error("a bench's film asks for no approval");
  const { user, system } = process.cpuUsage(cpu);
  const run: FilmRun = {
    ...{ film, startedAt },
    wallSeconds: (Date.now() - startedAt) / 1000,
    cpuSeconds: (user + system) / 1e6,
    timings: made.timings,
    durationSeconds: made.durationSeconds,
    megabytes: made.sizeBytes / 1e6,
    reusedSegments,
    frames,
    path: `/bench/${filmKey(job.dream_id, job.job_id, job.attempt, "film.mp4")}`,
  };
  console.log(JSON.stringify(run));
  // The next film begins when this one's counts have been read.
  await once(process.stdin, "data");
}
process.exit(0);

/** Buys a further picture of the scene, as it is before its owner can choose it. */
async function buyTake(index: number, scene: Storyboard["scenes"][number]): Promise<void> {
  const jobId = `takes-${scene.picture_take}`;
  const job = TakesJob.parse({
    ...{ outcome: "takes", job_id: jobId, dream_id: "dream", attempt: 1, lease_ms: 30_000 },
    ...{ asset_scope: "bench", options: FilmOptions.parse({}), language: "en" },
    ...{ asset: "picture", scene: index, takes: [{ id: hashOf({ jobId }).slice(0, 16), scene }] },
  });
  const { takes } = await withScratch(folder, jobId, (scratch) =>
    buyTakes(job, scratch, new Progress(() => {}), signal, ports),
  );
  if (takes.some(({ error }) => error !== null)) throw new Error(JSON.stringify(takes));
}
