import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { computeCost, printCost, printVoiceCosts } from "./cost-model.ts";

it("prints the tables in docs/cost.md", () => {
  const page = readFileSync(new URL("../docs/cost.md", import.meta.url), "utf8");
  // Formatters of Markdown align the columns.
  const plain = (text: string) => text.replace(/ *\| */g, "|").replace(/-{3,}:?/g, "-");
  for (const film of [
    { scenes: 11, seconds: 60, views: 10 },
    { scenes: 4, seconds: 20, views: 10 },
  ])
    for (const table of [printCost(film, 1000), printVoiceCosts(film)])
      expect(plain(page)).toContain(plain(table));
});

it("is within 5 % of the bill of a real film", () => {
  // The local cloud on 2026-11-22: 61 seconds, 11 scenes, by the usage that the AI simulator counted. Its
  // pictures were 1536x1024 with 1,584 tokens; at the film's own shape they have 1,323.
  const billed = 0.541336 - (11 * (1_584 - 1_323) * 30) / 1e6;
  const bought = computeCost({ scenes: 11, seconds: 61, views: 0 }, 1)
    .filter(({ what }) => /^(Pictures|Voice|Storyboard)/.test(what))
    .reduce((sum, { dollars }) => sum + dollars, 0);
  expect(Math.abs(bought - billed) / billed).toBeLessThan(0.05);
});
