import type { Estimate } from "../../../contract/cost.ts";

/** In US dollars. */
export interface ScenePrices {
  picture: number;
  voice: number;
}

/** The prices within the estimate of a film that has the scene's words. */
export const scenePrices = ({
  scenes,
  by_capability: { picture, voice },
}: Pick<Estimate, "scenes" | "by_capability">): ScenePrices => ({
  picture: picture / Math.max(1, scenes),
  voice,
});

/** "about $0.02", or "less than $0.01". */
export const describePrice = (usd: number): string =>
  usd < 0.005 ? "less than $0.01" : `about $${usd.toFixed(2)}`;
