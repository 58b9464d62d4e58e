import type { WaitingStoryboard } from "../../contract/approval.ts";
import { mayNarrate } from "../../contract/estimate-cost.ts";
import { estimateStoryboard } from "../../contract/estimate-storyboard.ts";
import type { FilmOptions } from "../../contract/film.ts";
import type { Prices } from "../../contract/prices.ts";
import type { WaitingFilm } from "../store/approval.ts";
import { signedFolder, type Viewer } from "./present-dream.ts";

type Scene = WaitingStoryboard["scenes"][number];

/** The storyboard of a film that waits for its owner, as the API answers it. */
export async function presentStoryboard(
  { job, input }: WaitingFilm,
  prices: Prices,
  viewer: Viewer,
): Promise<WaitingStoryboard> {
  const { storyboard, options, recordings = [] } = input;
  const pictured: Scene[] = job.pictured === null ? [] : JSON.parse(job.pictured).scenes;
  const shown = storyboard.scenes.map((scene) => pictured.findIndex((one) => isSamePicture(one, scene)));
  const film = { dreamId: job.dream_id, jobId: job.id, attempt: job.attempt };
  const folder = pictured.length > 0 ? await signedFolder(film, viewer) : null;
  const isOwn = options.voice === "own" || (recordings.length > 0 && mayNarrate(options, prices));
  const placeholders = new Set<number>(JSON.parse(job.placeholders));
  const hasPicture = (index: number) => {
    const at = shown[index] ?? -1;
    return at !== -1 && !placeholders.has(at);
  };
  const cost = estimateStoryboard(storyboard, options, prices, { isOwn, hasPicture });
  return {
    ...storyboard,
    revision: job.revision,
    at: job.pause_point ?? "storyboard",
    expires_at: new Date(job.expires_at ?? 0).toISOString(),
    picture_urls: shown.map((index) => (index === -1 ? null : `${folder}/scenes/${index}.jpg`)),
    price: {
      spent_usd: job.cost_micro_usd / 1e6,
      expected_usd: cost.expectedMicroUsd / 1e6,
      at_most_usd: Math.min(cost.atMostMicroUsd, leftOf(options, job.cost_micro_usd)) / 1e6,
    },
  };
}

/** What the owner's own limit leaves, in millionths of a US dollar. Options of older edges may lack it. */
const leftOf = ({ max_cost_usd }: FilmOptions, spentMicroUsd: number): number =>
  max_cost_usd == null ? Number.POSITIVE_INFINITY : Math.max(0, max_cost_usd * 1e6 - spentMicroUsd);

/** Whether both scenes are shown by the same picture, which depends on no word of the narration. */
const isSamePicture = (one: Scene, other: Scene) => writePicture(one) === writePicture(other);

function writePicture({ narration: _, voice_take: __, focus: ___, camera: ____, ...picture }: Scene): string {
  return JSON.stringify(Object.entries(picture).sort(([a], [b]) => (a < b ? -1 : 1)));
}
