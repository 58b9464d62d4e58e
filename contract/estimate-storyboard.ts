/** What a film costs whose storyboard waits for its owner. */
import { ceilingOfSheets, ceilingOfTake, priceScene, sheetTokens } from "./estimate-cost.ts";
import type { FilmOptions } from "./film.ts";
import { type Prices, priceSheet } from "./prices.ts";
import type { Storyboard } from "./storyboard.ts";
import type { TakeAsset } from "./takes.ts";

type Scene = Storyboard["scenes"][number];

/** What a storyboard costs once its film is approved, in millionths of a US dollar. */
export interface StoryboardCost {
  expectedMicroUsd: number;
  atMostMicroUsd: number;
}

/**
 * The cost of a film of a given storyboard, without what it has bought already. Reference sheets count in
 * full where a picture is to be bought: the owner may have them.
 *
 * @param isOwn the dreamer's recordings narrate
 * @param hasPicture whether the picture of the scene of this index is bought already
 */
export function estimateStoryboard(
  storyboard: Storyboard,
  options: FilmOptions,
  prices: Prices,
  { isOwn, hasPicture }: { isOwn: boolean; hasPicture: (index: number) => boolean },
): StoryboardCost {
  const { scenes, language, cast = [] } = storyboard;
  const bare = scenes.filter((_, index) => !hasPicture(index));
  const members = new Set(bare.flatMap((scene) => scene.cast ?? []));
  const sheets = options.cast ? cast.filter(({ id }) => members.has(id)) : [];
  const sum = (of: readonly Scene[], price: (scene: Scene) => number) =>
    of.reduce((total, scene) => total + price(scene), 0);
  const usual = (scene: Scene) => priceScene(scene, language, options, prices);
  const most = (asset: TakeAsset) => (scene: Scene) => ceilingOfTake(scene, asset, options, prices);
  return {
    expectedMicroUsd:
      sum(bare, (scene) => usual(scene).picture) +
      (isOwn ? 0 : sum(scenes, (scene) => usual(scene).voice)) +
      sheets.reduce(
        (total, { photo }) => total + priceSheet(prices.picture, sheetTokens, photo === undefined ? 0 : 1),
        0,
      ),
    atMostMicroUsd:
      sum(bare, most("picture")) +
      sum(scenes, most("voice")) +
      (bare.length > 0 ? ceilingOfSheets(sheets.length, prices) : 0),
  };
}
