#!/usr/bin/env node
/**
 * `npx dreamreel`: makes films of dreams from a terminal, with the local cloud or any deployment.
 *
 * Address and key come from --url and --key, else from DREAMREEL_URL and DREAMREEL_API_KEY, else from a
 * running `npm run dev`.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Estimate } from "../contract/cost.ts";
import {
  Aspect,
  CaptionStyle,
  FilmOptions,
  Narrator,
  OnBudget,
  Priority,
  VisualStyle,
} from "../contract/film.ts";
import { type ApiClient, ApiProblem, createApiClient, download } from "./api-client.ts";
import { filmReport } from "./film-report.ts";
import { createProgressPrinter } from "./progress-line.ts";
import { readDream, requireVisible } from "./read-dream.ts";
import { watchFilm } from "./watch-film.ts";

const oneOf = ({ options }: { options: readonly string[] }) => options.join("|");

const usage = `dreamreel make <file or text>       make a film and download it
dreamreel estimate <file or text>   show what the film would cost; makes nothing
dreamreel watch <dream id>          follow a film that is being made, and download it
dreamreel list                      list your dreams
dreamreel cancel <dream id>         stop making the film
dreamreel open <dream id>           play the film

  --text T         the dream itself; T is never read as a file name
  --encoding E     the file's encoding (default: UTF-8, or UTF-16 with a byte order mark)
  --pronounce WORD=RESPELLING   how the voice says a word; may be repeated
  --title T --length 10…180 --speed 0.7…1.3 --language TAG|NAME --max-cost DOLLARS
  --aspect ${oneOf(Aspect)} --captions ${oneOf(CaptionStyle)} --priority ${oneOf(Priority)} --on-budget ${oneOf(OnBudget)}
  --style ${oneOf(VisualStyle)}
  --voice ${oneOf(Narrator)}
  --ambience       a quiet bed of sound under the voice
  --out FILE --json --url URL --key KEY`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: "string" },
    key: { type: "string" },
    json: { type: "boolean", default: false },
    out: { type: "string" },
    title: { type: "string" },
    text: { type: "string" },
    encoding: { type: "string" },
    aspect: { type: "string" },
    length: { type: "string" },
    style: { type: "string" },
    voice: { type: "string" },
    speed: { type: "string" },
    pronounce: { type: "string", multiple: true },
    captions: { type: "string" },
    ambience: { type: "boolean" },
    language: { type: "string" },
    priority: { type: "string" },
    "max-cost": { type: "string" },
    "on-budget": { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const commands: Record<string, (api: ApiClient, argument: string) => Promise<void>> = {
  make,
  estimate,
  watch,
  list,
  cancel: async (api, dreamId) => {
    await api.cancel(dreamId);
    print({ dream_id: dreamId, status: "cancelled" }, `${dreamId} is cancelled.`);
  },
  open,
};

const [name = "", argument = ""] = positionals;
const takesDream = name === "make" || name === "estimate";
const isComplete = name === "list" || argument !== "" || (takesDream && values.text !== undefined);
const command = commands[name];
if (values.help || !command || !isComplete) {
  console.error(usage);
  process.exit(values.help ? 0 : 64);
}
try {
  await command(connect(), argument);
} catch (error) {
  const code = error instanceof ApiProblem ? error.code : "client.failed";
  if (values.json) console.log(JSON.stringify({ error: { code, message: (error as Error).message } }));
  console.error(`${(error as Error).message} (${code})`);
  process.exitCode = 1;
}

async function make(api: ApiClient, fileOrText: string): Promise<void> {
  const transcript = readTranscript(fileOrText);
  const options = readOptions();
  // The same problem as the API's, before the dream is stored.
  if (options.voice === "own")
    throw new ApiProblem(
      "voice.no_recording",
      "A dream that is made here has no recording. Tell it in the studio, and ask for its film there.",
    );
  const expected = await api.estimate(transcript, options);
  console.error(describeEstimate(expected));
  const dream = await api.createDream({ transcript, ...(values.title ? { title: values.title } : {}) });
  await api.finish(dream.id, options);
  await watch(api, dream.id);
}

async function estimate(api: ApiClient, fileOrText: string): Promise<void> {
  const expected = await api.estimate(readTranscript(fileOrText), readOptions());
  print(expected, describeEstimate(expected));
}

function readTranscript(fileOrText: string): string {
  return values.text === undefined
    ? readDream(fileOrText, values.encoding ?? null)
    : requireVisible(values.text, "The text");
}

function describeEstimate({ scenes, seconds, cost_usd, at_most_usd }: Estimate): string {
  const most = `at most $${at_most_usd.toFixed(2)}`;
  return `about $${cost_usd.toFixed(2)} (${most}) for ${scenes} ${scenes === 1 ? "scene" : "scenes"}, ${Math.round(seconds)} s`;
}

async function watch(api: ApiClient, dreamId: string): Promise<void> {
  const startedAt = performance.now();
  const printer = createProgressPrinter(process.stderr);
  const status = await watchFilm(api, dreamId, printer.show, new AbortController().signal);
  printer.end();
  if (status.status !== "completed" || !status.video_url)
    throw new ApiProblem(
      status.error?.code ?? "video.missing",
      status.error?.message ?? `There is no film: ${status.status ?? "none was requested"}`,
    );
  const path = values.out ?? `${dreamId}.mp4`;
  await download(status.video_url, path);
  print(
    { dream_id: dreamId, film_path: path, ...status },
    filmReport(status, await api.cost(dreamId), path, (performance.now() - startedAt) / 1000),
  );
}

async function list(api: ApiClient): Promise<void> {
  let cursor: string | null = null;
  do {
    const page = await api.list(cursor);
    for (const dream of page.data)
      print(
        dream,
        `${dream.id.padEnd(34)} ${(dream.video_status ?? "no film").padEnd(11)} ${dream.title ?? ""}`,
      );
    cursor = page.next_cursor;
  } while (cursor);
}

async function open(api: ApiClient, dreamId: string): Promise<void> {
  const { video_url } = await api.status(dreamId);
  if (!video_url) throw new ApiProblem("video.missing", "This dream has no film yet");
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  print({ dream_id: dreamId, video_url }, video_url);
  spawn(opener, [video_url], { detached: true, stdio: "ignore" })
    .on("error", () => {})
    .unref();
}

function connect(): ApiClient {
  const local = new URL("../.local/stack.json", import.meta.url);
  const stack = existsSync(local) ? JSON.parse(readFileSync(local, "utf8")) : {};
  const url = values.url ?? process.env.DREAMREEL_URL ?? stack.edge_url;
  const key = values.key ?? process.env.DREAMREEL_API_KEY ?? stack.api_key;
  if (url && key) return createApiClient(url, key);
  console.error("No deployment is known. Start `npm run dev`, or set DREAMREEL_URL and DREAMREEL_API_KEY.");
  process.exit(78);
}

function readOptions() {
  const { aspect, style, voice, captions, language, priority } = values;
  const given = {
    aspect,
    style,
    voice,
    captions,
    language,
    priority,
    ambience: values.ambience,
    speed: values.speed && Number(values.speed),
    pronunciations: values.pronounce && readPronunciations(values.pronounce),
    length_seconds: values.length && Number(values.length),
    max_cost_usd: values["max-cost"] && Number(values["max-cost"]),
    on_budget: values["on-budget"],
  };
  const asked = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const parsed = FilmOptions.safeParse(asked);
  if (parsed.success) return asked;
  throw new ApiProblem(
    "request.invalid",
    parsed.error.issues.map((issue) => `--${issue.path.join(".")}: ${issue.message}`).join("; "),
  );
}

function readPronunciations(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((one) => {
      const [word = "", respelling = ""] = one.split("=");
      return [word.trim(), respelling.trim()];
    }),
  );
}

/** Writes a result to stdout: with --json as one line of JSON, else as text. */
function print(result: unknown, text: string): void {
  console.log(values.json ? JSON.stringify(result) : text);
}
