/** The documentation has the models, prices and end dates of the catalogue. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { catalogue, defaultModels } from "../../contract/models.ts";

const read = (page: string) => readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");

it("has the default models and their prices in docs/cost.md and docs/configuration.md", () => {
  const row = (page: string, model: string) =>
    read(page)
      .split("\n")
      .find((line) => line.startsWith(`| ${model} `)) ?? "";
  for (const { model, price } of Object.values(defaultModels)) {
    const numbers =
      row("cost.md", model)
        .match(/\d+(\.\d+)?/g)
        ?.map(Number) ?? [];
    expect(numbers, model).toEqual(expect.arrayContaining(Object.values(price ?? {})));
    expect(read("configuration.md"), model).toContain(`\`${model}\``);
  }
});

it("has every announced end in docs/configuration.md", () => {
  const page = read("configuration.md").split("\n");
  for (const { model, endsOn, replacement } of catalogue) {
    if (endsOn === null) continue;
    const line = page.find((row) => row.startsWith(`| ${endsOn}`) && row.includes(`\`${model}\``));
    expect(line, `${model} ${endsOn}`).toContain(`\`${replacement}\``);
  }
});
