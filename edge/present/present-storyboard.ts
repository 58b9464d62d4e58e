import type { WaitingStoryboard } from "../../contract/approval.ts";
import type { Prices } from "../../contract/prices.ts";
import type { WaitingFilm } from "../store/approval.ts";
import { findRefused } from "./find-refused.ts";
import { signedFolder, type Viewer } from "./present-dream.ts";
import { isNarratedByRecordings, priceWaitingFilm } from "./price-waiting-film.ts";

/** The storyboard of a film that waits for its owner, as the API answers it. */
export async function presentStoryboard(
  film: WaitingFilm,
  prices: Prices,
  viewer: Viewer,
): Promise<WaitingStoryboard> {
  const { job, input } = film;
  const { pictures, expectedMicroUsd, atMostMicroUsd } = priceWaitingFilm(film, prices);
  const files = { dreamId: job.dream_id, jobId: job.id, attempt: job.attempt };
  const folder = pictures.some((index) => index !== -1) ? await signedFolder(files, viewer) : null;
  return {
    ...input.storyboard,
    revision: job.revision,
    at: job.pause_point ?? "storyboard",
    expires_at: new Date(job.expires_at ?? 0).toISOString(),
    picture_urls: pictures.map((index) => (index === -1 ? null : `${folder}/scenes/${index}.jpg`)),
    refused: findRefused(input),
    own_voice: isNarratedByRecordings(input, prices),
    price: {
      spent_usd: job.cost_micro_usd / 1e6,
      expected_usd: expectedMicroUsd / 1e6,
      at_most_usd: atMostMicroUsd / 1e6,
    },
  };
}
