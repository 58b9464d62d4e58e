import type { KeptStoryboard } from "../../contract/approval.ts";
import { mayNarrate } from "../../contract/estimate-cost.ts";
import { estimateStoryboard, type StoryboardCost } from "../../contract/estimate-storyboard.ts";
import type { FilmOptions } from "../../contract/film.ts";
import type { Prices } from "../../contract/prices.ts";
import type { WaitingFilm } from "../store/approval.ts";

type Scene = KeptStoryboard["scenes"][number];

/** What a waiting film costs further once it is approved: the price that its owner reads and then accepts. */
export interface WaitingPrice extends StoryboardCost {
  /** For each scene the index of the scene in `job.pictured` whose picture shows it; -1 if none does. */
  pictures: number[];
}

/** The price of the film with its storyboard as it is now, within its owner's limit. */
export function priceWaitingFilm({ job, input }: WaitingFilm, prices: Prices): WaitingPrice {
  const { storyboard, options } = input;
  const pictured: Scene[] = job.pictured === null ? [] : JSON.parse(job.pictured).scenes;
  const pictures = storyboard.scenes.map((scene) => pictured.findIndex((one) => isSamePicture(one, scene)));
  const placeholders = new Set<number>(JSON.parse(job.placeholders));
  const hasPicture = (index: number) => {
    const at = pictures[index] ?? -1;
    return at !== -1 && !placeholders.has(at);
  };
  const isOwn = isNarratedByRecordings(input, prices);
  const cost = estimateStoryboard(storyboard, options, prices, { isOwn, hasPicture });
  const most = leftOf(options, job.cost_micro_usd);
  return { ...cost, atMostMicroUsd: Math.min(cost.atMostMicroUsd, most), pictures };
}

/** Whether the dreamer's recordings narrate the film. */
export const isNarratedByRecordings = (
  { options, recordings = [] }: WaitingFilm["input"],
  prices: Prices,
): boolean => options.voice === "own" || (recordings.length > 0 && mayNarrate(options, prices));

/** What the owner's own limit leaves, in millionths of a US dollar. Options of older edges may lack it. */
const leftOf = ({ max_cost_usd }: FilmOptions, spentMicroUsd: number): number =>
  max_cost_usd == null ? Number.POSITIVE_INFINITY : Math.max(0, max_cost_usd * 1e6 - spentMicroUsd);

/** Whether both scenes are shown by the same picture, which depends on no word of the narration. */
const isSamePicture = (one: Scene, other: Scene) => writePicture(one) === writePicture(other);

function writePicture({ narration: _, voice_take: __, focus: ___, camera: ____, ...picture }: Scene): string {
  return JSON.stringify(Object.entries(picture).sort(([a], [b]) => (a < b ? -1 : 1)));
}
