/**
 * `npm run demo`: starts the local cloud, makes the film of one dream, saves it in out/ and stops the cloud.
 *
 *   npm run demo -- [--text "…" | --file path [--encoding windows-1252]] [--title "…"] [--aspect 9:16]
 *                   [--length 30] [--style ink] [--json]
 */
import { mkdir } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { type ApiClient, createApiClient, download } from "../cli/api-client.ts";
import { filmReport } from "../cli/film-report.ts";
import { createProgressPrinter } from "../cli/progress-line.ts";
import { readDreamFile, requireVisible } from "../cli/read-dream.ts";
import { watchFilm } from "../cli/watch-film.ts";
import { FilmOptions } from "../contract/film.ts";
import type { VideoStatus } from "../contract/job.ts";
import { root, type Stack, stackOptions, startStack } from "./stack.ts";
import { untilStopped } from "./until-stopped.ts";

const { values } = parseArgs({
  options: {
    text: { type: "string" },
    file: { type: "string", default: join(root, "examples", "dreams", "flying-short.txt") },
    encoding: { type: "string" },
    title: { type: "string" },
    aspect: { type: "string" },
    length: { type: "string" },
    style: { type: "string" },
    voice: { type: "string" },
    captions: { type: "string" },
    language: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const say = (line: string) => process.stderr.write(`${line}\n`);
const stopped = untilStopped();
let stack: Stack | undefined;
try {
  const options = readOptions();
  const transcript = readTranscript();
  const slug = slugOf(
    values.title ?? (values.text ? firstWords(values.text) : basename(values.file).replace(/\.\w+$/, "")),
  );
  say("Starting the local cloud …");
  const bootAt = performance.now();
  stack = await startStack(stackOptions(process.env), stopped.signal);
  say(`Edge, queue, AI and worker are up (${since(bootAt).toFixed(1)} s).\n\n${quote(transcript)}\n`);
  const api = createApiClient(stack.info.edge_url, stack.info.api_key);
  const result = await Promise.race([
    makeFilm(api, transcript, options, slug),
    stack.broken.then((name) =>
      Promise.reject(new Error(`${name} ended unexpectedly; see its log in the state folder`)),
    ),
    stopped.promise,
  ]);
  if (result && values.json) console.log(JSON.stringify(result));
  process.exitCode = result?.status === "completed" ? 0 : stopped.signal.aborted ? 130 : 1;
} catch (error) {
  if (!stopped.signal.aborted) say((error as Error).message);
  process.exitCode = stopped.signal.aborted ? 130 : 1;
} finally {
  await stack?.stop();
}
process.exit();

async function makeFilm(api: ApiClient, transcript: string, options: object, slug: string) {
  const startedAt = performance.now();
  const dream = await api.createDream({ transcript, ...(values.title ? { title: values.title } : {}) });
  const { job_id } = await api.finish(dream.id, options);
  const printer = createProgressPrinter(process.stderr);
  let firstSceneSeconds: number | null = null;
  const show = (status: VideoStatus) => {
    if (status.hls_url || status.scenes.ready > 0) firstSceneSeconds ??= since(startedAt);
    printer.show(status);
  };
  const status = await watchFilm(api, dream.id, show, stopped.signal);
  printer.end();
  const totalSeconds = since(startedAt);
  const filmPath = join(root, "out", `${slug}.mp4`);
  if (status.status === "completed" && status.video_url) {
    await mkdir(join(root, "out"), { recursive: true });
    await download(status.video_url, filmPath);
    say(
      `\n${filmReport(status, await api.cost(dream.id), relative(process.cwd(), filmPath), totalSeconds)}\n`,
    );
    say("The AI simulator is free. The cost is what the real models would have charged.\n");
  } else say(`\nNo film: ${status.error?.message ?? status.status} (${status.error?.code ?? "no code"})`);
  return {
    dream_id: dream.id,
    job_id,
    status: status.status,
    video_url: status.video_url,
    film_path: status.status === "completed" ? filmPath : null,
    duration_seconds: status.duration_seconds,
    scenes: status.scenes.ready,
    cost_usd: status.cost_usd,
    total_seconds: totalSeconds,
    first_scene_seconds: firstSceneSeconds,
  };
}

function readTranscript(): string {
  return values.text === undefined
    ? readDreamFile(values.file, values.encoding ?? null)
    : requireVisible(values.text, "The text");
}

function readOptions() {
  const options = {
    ...(values.aspect && { aspect: values.aspect }),
    ...(values.length && { length_seconds: Number(values.length) }),
    ...(values.style && { style: values.style }),
    ...(values.voice && { voice: values.voice }),
    ...(values.captions && { captions: values.captions }),
    ...(values.language && { language: values.language }),
  };
  const parsed = FilmOptions.safeParse(options);
  if (parsed.success) return options;
  throw new Error(
    parsed.error.issues.map((issue) => `--${issue.path.join(".")}: ${issue.message}`).join("\n"),
  );
}

/** A file name from any text: its Latin letters and digits, or `dream` when it has none. */
function slugOf(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return (
    plain
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "dream"
  );
}

function firstWords(text: string): string {
  return text.trim().split(/\s+/).slice(0, 6).join(" ");
}
function quote(text: string): string {
  return text.trim().slice(0, 400).replace(/^/gm, "  ");
}
function since(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
