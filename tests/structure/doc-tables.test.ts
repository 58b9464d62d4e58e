/**
 * The tables of the documentation that come from code. A page holds each between `<!-- table: name -->` and
 * `<!-- end -->`; `npm run openapi` writes them.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { captionStyles } from "../../contract/caption-style.ts";
import { catalogue, defaultModels, type ModelUse } from "../../contract/models.ts";
import { priceVariables } from "../../contract/prices.ts";
import { problems } from "../../contract/problem.ts";
import { isPaidVoice, paidVoiceKinds, voiceKinds } from "../../contract/voice-kinds.ts";
import { printCost, printVoiceCosts } from "../../deploy/cost-model.ts";
import { ownerLimits } from "../../edge/store/owner-limits.ts";

interface Table {
  head: string[];
  rows: string[][];
  /** All columns but the first hold numbers. */
  isNumeric?: boolean;
}

/** The default prices of a use, by the variables that override them. */
function describePrices(use: ModelUse): string {
  const variables: Record<string, string> = priceVariables[use];
  const prices = Object.entries(defaultModels[use].price ?? {}).map(
    ([field, price]) => `\`${variables[field]}\` ${price}`,
  );
  const unit = isPaidVoice(use)
    ? voiceKinds[use].priceUnit
    : use === "transcription"
      ? "per minute"
      : "per million tokens";
  return `${prices.join(", ")}, ${unit}`;
}

const pages: Record<string, Record<string, Table>> = {
  "docs/captions.md": {
    "caption styles": {
      head: ["`captions`", "in the studio", "what the film shows"],
      rows: Object.entries(captionStyles).map(([style, { name, shows }]) => [`\`${style}\``, name, shows]),
    },
  },
  "docs/cost.md": {
    "a thousand films of 60 s": readTable(printCost({ scenes: 11, seconds: 60, views: 10 }, 1000)),
    "a thousand films of 20 s": readTable(printCost({ scenes: 4, seconds: 20, views: 10 }, 1000)),
    "voices of 60 s": readTable(printVoiceCosts({ scenes: 11, seconds: 60, views: 10 })),
    "voices of 20 s": readTable(printVoiceCosts({ scenes: 4, seconds: 20, views: 10 })),
    models: {
      head: ["default model", "for", "prices in US dollars"],
      rows: (Object.keys(defaultModels) as ModelUse[]).map((use) => {
        const { model, endsOn } = defaultModels[use];
        return [endsOn === null ? model : `${model} (until ${endsOn})`, use, describePrices(use)];
      }),
    },
  },
  "docs/configuration.md": {
    "ending models": {
      head: ["ends on", "models", "replacement"],
      rows: Array.from(
        Map.groupBy(catalogue, ({ endsOn, replacement }) => `${endsOn} ${replacement}`).values(),
      )
        .flatMap((models) => {
          const [{ endsOn, replacement } = { endsOn: null, replacement: null }] = models;
          const names = models.map(({ model }) => `\`${model}\``).join(", ");
          return endsOn === null ? [] : [[endsOn, names, `\`${replacement}\``]];
        })
        .sort(([one = ""], [other = ""]) => one.localeCompare(other)),
    },
    voices: {
      head: ["kind", "what it is", "default model", "prices in US dollars"],
      rows: [
        ...paidVoiceKinds.map((kind) => [
          `\`${kind}\``,
          voiceKinds[kind].is,
          `\`${defaultModels[kind].model}\``,
          describePrices(kind),
        ]),
        ["`own`", "the dreamer's recordings, for dreams that have some; the first only", "", ""],
        ["`none`", "a silent film whose captions are paced for reading; the last only", "", ""],
      ],
    },
    "owner limits": {
      head: ["variable", "default", "meaning", "problem"],
      rows: Object.values(ownerLimits).map(({ variable, numbers, limits, problem }) => [
        `\`${variable}\``,
        `\`${Object.values(numbers).join(" ")}\``,
        limits,
        `${problems[problem][0]} \`${problem}\``,
      ]),
    },
  },
};

it.each(Object.entries(pages))("%s has the tables that its code declares", async (page, tables) => {
  const path = `${import.meta.dirname}/../../${page}`;
  let text = readFileSync(path, "utf8");
  for (const [name, table] of Object.entries(tables)) {
    const marked = new RegExp(`(<!-- table: ${name} -->\n).*?(<!-- end -->)`, "s");
    expect(text, `the page has no place for the table "${name}"`).toMatch(marked);
    text = text.replace(marked, (_, begin, end) => `${begin}\n${write(table)}\n${end}`);
  }
  await expect(text, "write it by: npm run openapi").toMatchFileSnapshot(path);
});

/** Markdown as Biome formats it: columns as wide as their widest cell. */
function write({ head, rows, isNumeric = false }: Table): string {
  const lines = [head, ...rows].map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const isRight = (column: number) => isNumeric && column > 0;
  const pad = (cell: string, width: number, column: number) =>
    isRight(column) ? cell.padStart(width) : cell.padEnd(width);
  const format = (cells: string[]) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? "", width, column)).join(" | ")} |\n`;
  const rule = widths.map((width, column) =>
    isRight(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  const [first, ...others] = lines.map(format);
  return `${first}${format(rule)}${others.join("")}`;
}

/** A table that a command prints as Markdown, with numbers in all columns but the first. */
function readTable(markdown: string): Table {
  const [head = [], , ...rows] = markdown.split("\n").map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return { head, rows, isNumeric: true };
}
