/**
 * The redo of one scene, by the worker's film maker with the real ffmpeg: what it does again, and what it
 * asks for.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { placeCounters, takeRuns } from "../../bench/worker/count-ffmpeg.ts";
import { createStubPorts } from "../../bench/worker/stub-ports.ts";
import { ClaimedJob } from "../../contract/claim.ts";
import { FilmOptions } from "../../contract/film.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { readPictures } from "../../render-worker/media/mp4/read-pictures.ts";
import type { FilmPorts } from "../../render-worker/pipeline/film-context.ts";
import { type FinishedFilm, makeFilm } from "../../render-worker/pipeline/make-film.ts";
import { Progress } from "../../render-worker/pipeline/progress.ts";
import { createFakeStorage } from "../fakes/fake-storage.ts";
import { paint, speak } from "./scenes.ts";

const slots = 2;
const { signal } = new AbortController();
const small = (width: number, height: number) => ({
  ...{ "16:9": { width, height }, "9:16": { width, height }, "1:1": { width, height } },
});
let folder = "";
let counters = "";
let ports: FilmPorts;
/** What the provider paints, by scene. */
let pictures: string[] = [];
/** Requests to the store since the last film, by kind. */
let requests: string[] = [];
let objects: ReturnType<typeof createFakeStorage>["objects"];
const path = process.env.PATH;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "redo-"));
  counters = join(folder, "bin");
  placeCounters(counters);
  process.env.PATH = `${counters}:${path}`;
  pictures = await Promise.all(
    [200, 20, 120, 300].map(async (hue) => {
      const file = join(folder, `picture-${hue}.png`);
      await writeFile(file, await paint(hue, { width: 320, height: 192 }));
      return file;
    }),
  );
  const fake = createFakeStorage(folder);
  ({ objects } = fake);
  const counted = Object.fromEntries(
    Object.entries(fake.storage).map(([name, call]) => [
      name,
      (...args: unknown[]) => {
        requests.push(name);
        return (call as (...args: unknown[]) => unknown)(...args);
      },
    ]),
  );
  ports = {
    ...createStubPorts("http://127.0.0.1:1", { pictures, speak: () => speak(4, 0.3) }, slots),
    ...{
      storage: counted as unknown as FilmPorts["storage"],
      sizes: { film: small(320, 180), preview: small(160, 90) },
    },
  };
}, 60_000);
afterAll(async () => {
  process.env.PATH = path;
  await rm(folder, { recursive: true });
});

const board = (dream: string, scenes: number, takes: Record<number, number> = {}): Storyboard => ({
  title: dream,
  language: "en",
  scenes: Array.from({ length: scenes }, (_, scene) => ({
    narration: `Sentence ${scene + 1} of ${dream}.`,
    picture: `Picture ${scene + 1} of ${dream}`,
    picture_take: takes[scene] ?? 0,
    voice_take: 0,
  })),
});

/** The encoded pictures of a job's film of the sea. */
const picturesOf = async (job = "") =>
  readPictures(await readFile(objects.get(`dreams/sea/${job}/1/film.mp4`)?.path ?? "nothing")).frames;

let jobs = 0;

/** Makes the film; `encoded` are the scenes that were encoded. */
async function film(
  storyboard: Storyboard,
): Promise<FinishedFilm & { jobId: string; encoded: number[]; requests: string[] }> {
  requests = [];
  const job = ClaimedJob.parse({
    ...{
      outcome: "claimed",
      job_id: `job-${jobs++}`,
      dream_id: storyboard.title,
      attempt: 1,
      lease_ms: 30_000,
    },
    ...{ asset_scope: "owner", dream: { title: null, transcript: "-" }, storyboard },
    options: FilmOptions.parse({}),
  });
  const scratch = join(folder, job.job_id);
  await mkdir(scratch);
  const progress = new Progress(() => {});
  const made = await makeFilm(job, scratch, progress, signal, ports);
  if ("at" in made) throw new Error("no approval was asked for");
  const encoded = progress
    .unreportedEvents(1_000, Number.POSITIVE_INFINITY)
    .flatMap(({ event }) => (event.type === "scene.ready" && !event.data.reused ? [event.data.scene] : []));
  return { ...made, jobId: job.job_id, encoded: encoded.sort((a, b) => a - b), requests: [...requests] };
}

const films = new Map<string, ReturnType<typeof makeBoth>>();
const scenesOf = { hill: 2, sea: 3 };

/** The film of a dream, and the one with another picture in its first scene. All tests use the same ones. */
function filmAndRedo(dream: keyof typeof scenesOf) {
  const made = films.get(dream) ?? makeBoth(dream);
  films.set(dream, made);
  return made;
}

/** `steps`: what ffmpeg did for the second one. */
async function makeBoth(dream: keyof typeof scenesOf) {
  const first = await film(board(dream, scenesOf[dream]));
  takeRuns(counters);
  pictures.reverse();
  const second = await film(board(dream, scenesOf[dream], { 0: 1 }));
  const { steps } = takeRuns(counters);
  return [first, second].map((made) => ({ ...made, steps }));
}

/** The runs of ffmpeg and ffprobe that overlapped at the fullest moment, and how many there were. */
async function runsAtOnce(): Promise<{ starts: number; most: number }> {
  const { steps, spans } = takeRuns(counters);
  const starts = [...steps.values()].reduce((sum, step) => sum + step.starts, 0);
  const most = Math.max(
    ...spans.map(({ from }) => spans.filter((one) => one.from <= from && from < one.to).length),
  );
  return { starts, most };
}

it("encodes the redone scene and the crossfade after it, and the first choice again gives the first film's bytes", async () => {
  const [first, second] = await filmAndRedo("sea");
  expect(first?.encoded).toEqual([0, 1, 2]);
  // What is made of new pictures and voices cannot be there: only the voices' hearings, and the lists of
  // known assets and of finished films, are asked for before anything is bought.
  expect(first?.requests.filter((name) => name === "fetchInto")).toHaveLength(3 + 2);
  expect(second?.encoded).toEqual([0, 1]);
  expect(second?.sha256).not.toBe(first?.sha256);
  const encoders = ["encode a crossfade", "encode a film segment", "encode a preview segment"];
  expect(encoders.map((step) => second?.steps.get(step)?.starts)).toEqual([2, 1, 1]);
  const [before, after] = await Promise.all([first?.jobId, second?.jobId].map(picturesOf));
  const [, fade = 0, afterFade = 0] = before?.flatMap(({ isKey }, i) => (isKey ? [i] : [])) ?? [];
  expect(after?.[fade]?.bytes.equals(before?.[fade]?.bytes as Buffer)).toBe(false);
  expect(after?.slice(afterFade)).toEqual(before?.slice(afterFade));
  const again = await film(board("sea", 3));
  expect(again.encoded).toEqual([]);
  expect(again.sha256).toBe(first?.sha256);
  const bytesOf = async (job = "") =>
    readFile(objects.get(`dreams/sea/${job}/1/film.mp4`)?.path ?? "nothing");
  expect((await bytesOf(again.jobId)).equals(await bytesOf(first?.jobId))).toBe(true);
});

it("asks the store at most seven times about a scene that does not change", async () => {
  const [[, few], [, many]] = [await filmAndRedo("hill"), await filmAndRedo("sea")];
  const more = (name: string) => {
    const [less, most] = [few, many].map(
      (redone) => redone?.requests.filter((one) => one === name).length ?? 0,
    );
    return (most ?? 0) - (less ?? 0);
  };
  expect(more("lookUp")).toBe(0);
  // Its sound, and its segments in both sizes.
  expect(more("fetchInto")).toBe(3);
  // Its thumbnail.
  expect(more("copy")).toBe(1);
  // Its pieces of the stream: two renditions and the captions. A playlist that grows with them is written
  // again.
  expect(more("put")).toBeLessThanOrEqual(3 + 4);
});

it("keeps all runs of ffmpeg under the machine's slots in two redos at once", async () => {
  const dreams = ["hill", "sea"] as const;
  for (const dream of dreams) await filmAndRedo(dream);
  takeRuns(counters);
  const redone = await Promise.all(dreams.map((dream) => film(board(dream, scenesOf[dream], { 0: 2 }))));
  expect(redone.map(({ encoded }) => encoded)).toEqual([
    [0, 1],
    [0, 1],
  ]);
  const { starts, most } = await runsAtOnce();
  expect(most).toBeLessThanOrEqual(slots);
  expect(starts).toBeGreaterThan(10);
  expect(await readdir(join(counters, "runs"))).toEqual([]);
});
