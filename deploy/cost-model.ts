/**
 * What a thousand films cost: the prices, what one film uses, and the product. docs/cost.md has the table
 * that this script prints; a test compares them.
 *
 * The free allowances of the paid plans are not counted, so a small service pays less.
 */
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { createProgram, numberBy, runProgram } from "../command-line/program.ts";
import { countPictureTokens } from "../contract/picture-sizes.ts";
import { priceVoice } from "../contract/prices.ts";
import { paidVoiceKinds } from "../contract/voice-kinds.ts";
import { type PaidVoiceProvider, parseProviders } from "../render-worker/runtime/providers.ts";

/**
 * US dollars, as read by 2026-11-22. AI prices are the worker's own defaults.
 * @source developers.cloudflare.com: workers/platform/pricing, d1/platform/pricing, queues/platform/pricing,
 * r2/pricing, durable-objects/platform/pricing; fly.io/docs/about/pricing (North America and Europe)
 */
export const prices = {
  workerRequest: 0.3 / 1e6,
  workerCpuMs: 0.02 / 1e6,
  d1RowWritten: 1.0 / 1e6,
  d1RowRead: 0.001 / 1e6,
  queueOperation: 0.4 / 1e6,
  r2Write: 4.5 / 1e6,
  r2Read: 0.36 / 1e6,
  r2GigabyteMonth: 0.015,
  objectRequest: 0.15 / 1e6,
  objectGigabyteSecond: 12.5 / 1e6,
  /** performance-2x with 4 GB, $62.00 for 30 days. */
  machineSecond: 62 / (30 * 24 * 3600),
  egressGigabyte: 0.02,
} as const;

/** One film and how often it is watched. */
export interface FilmUse {
  scenes: number;
  seconds: number;
  /** Full plays in the first month. */
  views: number;
}

/**
 * What one film uses. Measured on a film of 61 seconds and 11 scenes in the local cloud on 2026-11-22: 89
 * objects of 112 MB in the bucket, 67 events, 52 signed requests, 82 seconds from finish to done.
 */
export function measureUse({ scenes, seconds, views }: FilmUse) {
  const signedRequests = 8 + 4 * scenes;
  const events = 12 + 5 * scenes;
  const segments = 2 * scenes;
  const makingSeconds = 25 + 5.2 * scenes;
  return {
    /** The image (1536x864, medium quality) and its prompt. */
    picture: { tokensIn: 200 * scenes, tokensOut: countPictureTokens("medium", "1536x864") * scenes },
    /** The storyboard: instructions and dream in, scenes out. */
    text: { tokensIn: 2_500, tokensOut: 250 * scenes },
    /** The page and the progress stream while the film is made; playlists and segments of each view. */
    workerRequests: signedRequests + 20 + views * (5 + segments),
    workerCpuMs: 4 * signedRequests + 2 * views * (5 + segments),
    /**
     * A request writes the worker's row, the job's and the lease's index; an event writes a row and an index.
     */
    d1RowsWritten: 3 * signedRequests + 2 * events + 40,
    d1RowsRead: 10 * signedRequests + 20 * views,
    /** One write, read and delete; and the empty pulls of a machine that waits for the next job. */
    queueOperations: 3 + 60,
    /** Pictures, voices, scenes, stream segments and scene pictures; and the playlists at every scene. */
    r2Writes: 6 * scenes + 20 + 3 * scenes,
    r2Reads: 4 * scenes + views * (5 + segments),
    r2Gigabytes: (3.15 * scenes + 1.28 * seconds) / 1000,
    objectRequests: events + 10,
    objectGigabyteSeconds: 0.128 * makingSeconds,
    /** Two films share a machine. */
    machineSeconds: makingSeconds / 2,
    /** The machine's uploads; traffic from R2 to viewers is free. */
    egressGigabytes: (3.15 * scenes + 1.28 * seconds) / 1000,
  };
}

export interface CostLine {
  what: string;
  dollars: number;
}

/** US dollars for `films` films, one line per item. */
export function computeCost(film: FilmUse, films: number): CostLine[] {
  const use = measureUse(film);
  const { text, picture, voices } = parseProviders({ OPENAI_API_KEY: "none" });
  const voice = voices[0] as PaidVoiceProvider;
  const tokens = (
    used: { tokensIn: number; tokensOut: number },
    price: { priceIn: number; priceOut: number },
  ) => (used.tokensIn * price.priceIn + used.tokensOut * price.priceOut) / 1e6;
  const one: [string, number][] = [
    [`Pictures (${picture.model}, ${picture.quality})`, tokens(use.picture, picture)],
    [`Voice (${voice.model})`, priceVoice(voice, film.seconds, film.scenes) / 1e6],
    [`Storyboard (${text.model})`, tokens(use.text, text)],
    ["Fly: machines", use.machineSeconds * prices.machineSecond],
    ["Fly: uploads to R2", use.egressGigabytes * prices.egressGigabyte],
    ["R2: a month of storage", use.r2Gigabytes * prices.r2GigabyteMonth],
    ["R2: operations", use.r2Writes * prices.r2Write + use.r2Reads * prices.r2Read],
    ["Workers", use.workerRequests * prices.workerRequest + use.workerCpuMs * prices.workerCpuMs],
    ["D1", use.d1RowsWritten * prices.d1RowWritten + use.d1RowsRead * prices.d1RowRead],
    [
      "Durable Objects",
      use.objectRequests * prices.objectRequest + use.objectGigabyteSeconds * prices.objectGigabyteSecond,
    ],
    ["Queues", use.queueOperations * prices.queueOperation],
  ];
  return one.map(([what, dollars]) => ({ what, dollars: dollars * films }));
}

/**
 * What the narration of a film costs with each kind of voice, and its part of the whole, as a Markdown table.
 */
export function printVoiceCosts(film: FilmUse): string {
  const { voices } = parseProviders({
    OPENAI_API_KEY: "none",
    VOICE_CHAIN: [...paidVoiceKinds, "none"].join(","),
  });
  const lines = computeCost(film, 1);
  const isVoice = ({ what }: CostLine) => what.startsWith("Voice");
  const others = lines.reduce((sum, line) => sum + (isVoice(line) ? 0 : line.dollars), 0);
  const rows = [...voices, { kind: "own" } as const].map((voice) => {
    const dollars = priceVoice(voice, film.seconds, film.scenes) / 1e6;
    const model = "model" in voice ? voice.model : "nothing is bought";
    return `| \`${voice.kind}\` (${model}) | ${dollars.toFixed(4)} | ${(others + dollars).toFixed(3)} |`;
  });
  return [
    `| a film of ${film.seconds} s, ${film.scenes} scenes, narrated by | voice, US dollars | film, US dollars |`,
    "|---|---:|---:|",
    ...rows,
  ].join("\n");
}

/** The costs as a Markdown table. */
export function printCost(film: FilmUse, films: number): string {
  const lines = computeCost(film, films);
  const total = lines.reduce((sum, { dollars }) => sum + dollars, 0);
  const row = (what: string, dollars: number) =>
    `| ${what} | ${dollars.toFixed(2)} | ${((100 * dollars) / total).toFixed(1)} % |`;
  return [
    `| ${films.toLocaleString("en")} films of ${film.seconds} s, ${film.scenes} scenes, ${film.views} views each | US dollars | share |`,
    "|---|---:|---:|",
    ...lines.map(({ what, dollars }) => row(what, dollars)),
    row("**together**", total),
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const count = numberBy(z.int("It must be a whole number").min(1));
  await runProgram(
    createProgram("node deploy/cost-model.ts", "Prints what the platform costs, without the AI provider.")
      .option("--scenes <n>", "of a film", count, 11)
      .option("--seconds <n>", "of a film", count, 60)
      .option("--views <n>", "of a film", count, 10)
      .option("--films <n>", "a month", count, 1000)
      .action(({ films, ...film }) => {
        process.stdout.write(`${printCost(film, films)}\n`);
      }),
  );
}
