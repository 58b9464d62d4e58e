import type { Take, TakeAsset, TakeList } from "../../../../contract/takes.ts";
import { describePrice } from "../scene-prices.ts";

/** "1 picture", "3 voices". */
export const countTakes = (count: number, asset: TakeAsset): string =>
  `${count} ${asset}${count === 1 ? "" : "s"}`;

/** What the dialog says of itself. */
export const introOf = (asset: TakeAsset): string =>
  `${asset === "picture" ? "The film shows one of them." : "The film speaks with one of them."} ` +
  "You can change to another one at no cost, and back. All are kept.";

/** What one take is, and what it cost when it was bought. */
export function describeTake({ asset, number, status, cost_usd }: Take): string {
  const name = `${asset === "picture" ? "Picture" : "Voice"} ${number}`;
  if (status === "making") return `${name}, being ${asset === "picture" ? "painted" : "spoken"}`;
  if (status === "failed") return `${name}, could not be bought`;
  // It was bought with an earlier film, or for another dream.
  if (cost_usd === 0) return `${name}, paid before`;
  return `${name}, ${cost_usd < 0.005 ? "less than $0.01" : `$${cost_usd.toFixed(2)}`}`;
}

/** What else there is to know of a take: why it failed, or how it differs from what was asked for; or "". */
export function describeNote({ asset, status, error, is_softened, is_file_gone, ...take }: Take): string {
  if (error !== null) return error.message;
  const notes: string[] = [];
  if (is_softened)
    notes.push("The provider refused the description, and painted this gentler picture instead.");
  if (is_file_gone)
    notes.push(`It is too old to be ${asset === "picture" ? "shown" : "played"} here. It may still be used.`);
  else if (asset === "voice" && status === "ready" && take.audio_url === null && take.film_url === null)
    notes.push("Hear it in the film.");
  return notes.join(" ");
}

/** What is being bought, for the dialog's status line; "" if nothing is. */
export function describeState({ takes, job }: TakeList, asset: TakeAsset): string {
  const making = takes.filter((take) => take.asset === asset && take.status === "making").length;
  if (making > 0) return `${countTakes(making, asset)} will be here soon. You can close this meanwhile.`;
  if (job?.error && job.status === "failed") return `The last ones could not be bought: ${job.error.message}`;
  return "";
}

/** The price of so many more, in words for the line above the button. `ownWords`: a description is given. */
export function describeOffer(
  { price }: TakeList,
  asset: TakeAsset,
  count: number,
  ownWords: boolean,
): string {
  const usd = count * (asset === "picture" ? price.picture_usd : price.voice_usd);
  const words = ownWords ? "with your words" : "with the scene's own words";
  return `${countTakes(count, asset)} ${words}, for ${describePrice(usd)}.`;
}
