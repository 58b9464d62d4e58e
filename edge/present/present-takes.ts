import { priceScene } from "../../contract/estimate-cost.ts";
import type { FilmOptions } from "../../contract/film.ts";
import type { Prices } from "../../contract/prices.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { Take, TakeList } from "../../contract/takes.ts";
import type { TakesInput, TakesRow } from "../store/takes.ts";
import { collectTakes, type KnownTake, wordsOf } from "./known-takes.ts";
import { signedFolder, type Viewer } from "./present-dream.ts";

/** A scene of the film to which the takes belong. */
export interface TakesOf {
  /** The dream's id that its owner knows, and the edge's own key. */
  clientId: string;
  dreamId: string;
  /** The job of the film. */
  jobId: string;
  index: number;
  storyboard: Storyboard;
  options: FilmOptions;
  rows: readonly TakesRow[];
}

/** The takes of the scene as the API answers them, with addresses that are signed for the caller. */
export async function presentTakes(
  of: TakesOf,
  scene: Storyboard["scenes"][number],
  prices: Prices,
  viewer: Viewer,
): Promise<TakeList> {
  const { clientId, jobId, index, storyboard, options, rows } = of;
  const takes = await collectTakes(rows, jobId, index);
  const { picture, voice } = priceScene(scene, storyboard.language, options, prices);
  const numbers = { picture: 0, voice: 0 };
  return {
    dream_id: clientId,
    scene: index,
    film_job_id: jobId,
    job: presentJob(rows),
    price: { picture_usd: picture / 1e6, voice_usd: voice / 1e6 },
    takes: await Promise.all(takes.map((take) => presentTake(take, ++numbers[take.asset], of, viewer))),
  };
}

function presentJob(rows: readonly TakesRow[]): TakeList["job"] {
  const row = rows.find(({ kind }) => kind === "takes");
  if (row === undefined) return null;
  const { id, status, wanted, error_code: code, error_message: message } = row;
  const { scene }: TakesInput = JSON.parse(wanted ?? "");
  return { job_id: id, scene, status, error: code === null ? null : { code, message: message ?? "" } };
}

async function presentTake(
  { id, asset, status, error, file, heard, ...take }: KnownTake,
  number: number,
  { dreamId, index }: TakesOf,
  viewer: Viewer,
): Promise<Take> {
  const folder = file && (await signedFolder({ dreamId, ...file }, viewer));
  const taken = folder && file.kind === "takes";
  // A voice that has a file of its own is heard alone.
  const film = heard && !taken && (await signedFolder({ dreamId, ...heard }, viewer));
  return {
    ...{ id, asset, number, status, error },
    is_chosen: take.isChosen,
    prompt: wordsOf(take.scene, asset),
    cost_usd: take.costMicroUsd / 1e6,
    created_at: new Date(take.createdAt).toISOString(),
    job_id: take.jobId,
    is_softened: take.isSoftened,
    picture_url:
      asset === "picture" && folder ? `${folder}/${taken ? `takes/${id}.jpg` : `scenes/${index}.jpg`}` : null,
    audio_url: asset === "voice" && taken ? `${folder}/takes/${id}.wav` : null,
    film_url: film ? `${film}/film.mp4#t=${round(heard.from)},${round(heard.to)}` : null,
    is_file_gone: take.isFileGone,
  };
}

/** To the millisecond: less than a frame of the film. */
const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
