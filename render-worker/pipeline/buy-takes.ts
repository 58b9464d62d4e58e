/**
 * Buys further pictures or voices of one scene of a film, and stores them for the studio. They are the assets
 * that the film would buy for the same words and numbers, so a film that shows one of them buys nothing.
 */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClaimedJob, TakesJob } from "../../contract/claim.ts";
import { sampleRate } from "../../contract/film.ts";
import { filmKey } from "../../contract/storage.ts";
import type { BoughtTake, WantedTake } from "../../contract/takes.ts";
import { CodedError, OverBudget, Poison, Rejected } from "../errors.ts";
import { decodePicture } from "../media/decode-picture.ts";
import { writeFloatWav } from "../media/own-voice/write-float-wav.ts";
import { sniffVoice } from "../media/untrusted-input.ts";
import { costOf } from "../purchases/asset-files.ts";
import { openSheets } from "./cast/obtain-sheets.ts";
import { type FilmContext, type FilmPorts, openFilm } from "./film-context.ts";
import { keepField } from "./keep-field.ts";
import { obtainPicture } from "./obtain-picture.ts";
import type { SpokenSound } from "./prepare-sound.ts";
import { Progress } from "./progress.ts";
import { publishTake } from "./publish-images.ts";
import { screenScenes } from "./screen-words.ts";
import { urgency } from "./urgency.ts";
import { obtainVoice } from "./voice/obtain-voice.ts";

export interface BoughtTakes {
  takes: BoughtTake[];
  costMicroUsd: number;
}

/**
 * Buys the takes of one attempt, side by side, in `folder`, which the caller removes. One that the provider
 * refuses, or that the budget does not cover, is told as failed and stops no other.
 *
 * @throws the first take's error if all failed; Transient, or `signal`'s reason
 */
export async function buyTakes(
  job: TakesJob,
  folder: string,
  progress: Progress,
  signal: AbortSignal,
  ports: FilmPorts,
): Promise<BoughtTakes> {
  const failed = new AbortController();
  const opened = openFilm(asFilm(job), folder, progress, signal, ports, failed.signal);
  const context = { ...opened, sheets: openSheets(job.cast, opened) };
  const errors: CodedError[] = [];
  try {
    progress.enter("scenes");
    await screenScenes(
      job.takes.map(({ scene }) => scene),
      opened.moderate,
      opened.signal,
    );
    const takes = job.takes.map(async (take) => {
      const bought = await buyTake(take, job, context).catch((error: unknown) => {
        if (!isOfTake(error)) {
          failed.abort(error);
          throw error;
        }
        errors.push(error);
        return { ...nothing, id: take.id, error: { code: error.code, message: error.message } };
      });
      progress.advance(progress.snapshot.percent + Math.floor(90 / job.takes.length));
      return bought;
    });
    const ended = await Promise.allSettled(takes);
    for (const one of ended) if (one.status === "rejected") throw one.reason;
    const bought = await Promise.all(takes);
    if (errors.length === job.takes.length) throw errors[0];
    return { takes: bought, costMicroUsd: progress.snapshot.costMicroUsd };
  } finally {
    await context.assets.flush();
  }
}

/** The takes' scene as a film's job, which the steps of a film read. */
const asFilm = (job: TakesJob): ClaimedJob => ({
  ...job,
  outcome: "claimed",
  dream: { title: null, transcript: "" },
  storyboard: null,
  recordings: [],
  known_cast: [],
  renews_photos: false,
  takes_last_report: false,
  takes_refusal: false,
});

const nothing = { has_file: false, cost_usd: 0, error: null, softened: false };

/** The error is about this take alone: another one may succeed. */
const isOfTake = (error: unknown): error is CodedError =>
  error instanceof CodedError &&
  (error instanceof OverBudget ||
    ((error instanceof Poison || error instanceof Rejected) &&
      error.aiFault !== "configuration" &&
      error.aiFault !== "away"));

async function buyTake(take: WantedTake, job: TakesJob, film: FilmContext): Promise<BoughtTake> {
  const folder = join(film.folder, take.id);
  await mkdir(folder);
  // Its warnings speak of a film. A take that is not as wanted is told as failed.
  const warnings = new Progress(() => {});
  const context = { ...film, folder, progress: warnings };
  return job.asset === "picture" ? buyPicture(take, job, context) : buyVoice(take, job, context);
}

const messages: Record<string, string> = {
  "picture.refused": "The provider refused this picture. Describe it otherwise.",
  "picture.failed": "The provider failed several times. Ask for another picture.",
  "picture.unusable": "The provider's picture could not be decoded. Ask for another picture.",
};

async function buyPicture(
  { id, scene }: WantedTake,
  job: TakesJob,
  context: FilmContext,
): Promise<BoughtTake> {
  const { folder, previewSize, encoders, signal, progress } = context;
  const hint = scene.focus ?? null;
  const to = join(folder, "plate.yuv");
  const decode = (file: string) =>
    encoders.run(
      signal,
      () => decodePicture(file, [{ filmSize: previewSize, to }], signal, hint),
      urgency.thumbnail(job.scene),
    );
  const picture = await obtainPicture(scene, job.scene, context, decode);
  if (picture.model === null) {
    const code = progress.snapshot.warnings.at(-1)?.code ?? "picture.failed";
    return { ...nothing, id, error: { code, message: messages[code] ?? "The picture could not be bought." } };
  }
  const plate = async () => {
    const [small] = await decode(await picture.file());
    if (small === undefined) throw new Error("a picture has one plate for each size");
    return small;
  };
  const { focus = null } = await keepField({ pictureKey: picture.key, hint, plate }, context);
  const image = {
    scene: job.scene,
    camera: scene.camera,
    pictureKey: picture.key,
    focus,
    isNew: !picture.reused,
    plate,
  };
  await publishTake(`takes/${id}.jpg`, image, context);
  return {
    ...nothing,
    id,
    has_file: true,
    cost_usd: picture.costMicroUsd / 1e6,
    softened: picture.isSoftened,
  };
}

/** The file if it is a WAV, else the decoded sound: clients get WAVs, whatever the provider answers with. */
async function readAsWav(path: string, sound: SpokenSound | null): Promise<Buffer> {
  if (sound === null || (await sniffVoice(path)).demuxer === "wav") return readFile(path);
  const { buffer, byteOffset, byteLength } = await readFile(await sound.file());
  const stereo = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  // A voice is the same on both sides.
  return writeFloatWav(
    stereo.filter((_, n) => n % 2 === 0),
    sampleRate,
  );
}

async function buyVoice({ id, scene }: WantedTake, job: TakesJob, context: FilmContext): Promise<BoughtTake> {
  const { folder, storage, signal } = context;
  const voice = await obtainVoice(scene, job.language, job.scene, context);
  if (voice.model === null)
    return { ...nothing, id, error: { code: "voice.none", message: "No voice could be bought." } };
  const path = join(folder, "voice.wav");
  const metadata = await storage.fetchInto(voice.key, path, signal);
  if (metadata === null)
    return { ...nothing, id, error: { code: "voice.none", message: "The voice is gone." } };
  const key = filmKey(job.dream_id, job.job_id, job.attempt, `takes/${id}.wav`);
  await storage.put(key, await readAsWav(path, voice.sound), "audio/wav", signal);
  return { ...nothing, id, has_file: true, cost_usd: costOf(metadata) / 1e6 };
}
