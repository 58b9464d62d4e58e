/** `npm run demo`: starts the local cloud, makes the film of one dream into out/, and stops the cloud. */
import { mkdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { type ApiClient, createApiClient, download } from "../cli/api-client.ts";
import { firstWords, slugOf } from "../cli/film-file.ts";
import { addFilmOptions, type GivenFilmOptions, readFilmOptions } from "../cli/film-options.ts";
import { filmReport } from "../cli/film-report.ts";
import { describeEstimate } from "../cli/make-film.ts";
import { createProgressPrinter } from "../cli/progress-line.ts";
import { readDreamFile, readStandardInput, requireVisible } from "../cli/read-dream.ts";
import { watchFilm } from "../cli/watch-film.ts";
import { UsageError } from "../command-line/describe-error.ts";
import { readLocalPlace } from "../command-line/local-cloud.ts";
import { addJsonOptions, type Output, withOutput } from "../command-line/output.ts";
import { createProgram, runProgram } from "../command-line/program.ts";
import type { VideoStatus } from "../contract/job.ts";
import { root } from "./root.ts";
import { type Stack, startStack } from "./stack.ts";
import { untilStopped } from "./until-stopped.ts";

const sampleDream = join(root, "examples", "dreams", "flying-short.txt");
const outFolder = join(root, "out");

const stopped = untilStopped();
const program = addFilmOptions(
  addJsonOptions(
    createProgram("npm run demo --", "Makes the film of one dream on this machine, into out/."),
    "npm run -s demo --",
  ).option("--file <path>", "the dream's file, - for the standard input (default: a sample)"),
).action((given) => withOutput(given, (output) => demo(given, output)));
await runProgram(program);
process.exit();

async function demo(given: GivenFilmOptions & { file?: string | undefined }, output: Output): Promise<void> {
  const options = readFilmOptions(given);
  const place = readLocalPlace(process.env);
  const { transcript, title } = await readDream(given);
  const fileTitle = given.title ?? title;
  let stack: Stack | undefined;
  try {
    output.say("Starting the local cloud …");
    const startedAt = performance.now();
    const onReady = (name: string, seconds: number) =>
      output.say(`  ${name} is up (${seconds.toFixed(1)} s)`);
    stack = await startStack({ ...place, onReady }, stopped.signal);
    output.say(
      `Edge, queue, AI and worker are up (${since(startedAt).toFixed(1)} s).\n\n${quote(transcript)}\n`,
    );
    const api = createApiClient(stack.info.edge_url, stack.info.api_key);
    output.say(`${describeEstimate(await api.estimate(transcript, options), options.length_seconds)}\n`);
    const dream = await api.createDream({ transcript, ...(given.title ? { title: given.title } : {}) });
    const died = stack.broken.then((how) => Promise.reject(new Error(how)));
    died.catch(() => {});
    await Promise.race([makeFilm(api, dream.id, options, fileTitle, output), died]);
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
    process.exitCode = 130;
    output.say("\nStopped. The film was cancelled.");
  } finally {
    await stack?.stop();
  }
}

async function makeFilm(api: ApiClient, dreamId: string, options: object, title: string, output: Output) {
  const startedAt = performance.now();
  const { job_id } = await api.finish(dreamId, options);
  const printer = output.isForPeople ? createProgressPrinter(process.stderr) : null;
  let firstSceneSeconds: number | null = null;
  const show = (status: VideoStatus) => {
    if (status.hls_url || status.scenes.ready > 0) firstSceneSeconds ??= since(startedAt);
    printer?.show(status);
  };
  const status = await watchFilm(api, dreamId, show, stopped.signal)
    .catch(async (error: unknown) => {
      // The cloud starts again with its state, and its worker would go on with the film.
      if (stopped.signal.aborted) await api.cancel(dreamId).catch(() => {});
      throw error;
    })
    .finally(() => printer?.end());
  const totalSeconds = since(startedAt);
  const isFilm = status.status === "completed" && status.video_url !== null;
  const filmPath = join(outFolder, `${slugOf(title)}.mp4`);
  if (isFilm) {
    mkdirSync(outFolder, { recursive: true });
    await download(status.video_url as string, filmPath);
  } else process.exitCode = 1;
  output.result(
    {
      dream_id: dreamId,
      job_id,
      status: status.status,
      video_url: status.video_url,
      film_path: isFilm ? filmPath : null,
      duration_seconds: status.duration_seconds,
      scenes: status.scenes.ready,
      cost_usd: status.cost_usd,
      total_seconds: totalSeconds,
      first_scene_seconds: firstSceneSeconds,
      error: status.error,
    },
    isFilm
      ? await describeFilm(api, dreamId, status, relative(process.cwd(), filmPath))
      : `\nNo film: ${status.error?.message ?? status.status} (${status.error?.code ?? "no code"})`,
  );
}

/** The address is left out, because it ends with the cloud. */
async function describeFilm(
  api: ApiClient,
  dreamId: string,
  status: VideoStatus,
  path: string,
): Promise<string> {
  const place = ["DREAMREEL_PORT", "DREAMREEL_STATE"]
    .filter((name) => process.env[name])
    .map((name) => `${name}=${process.env[name]} `)
    .join("");
  const player = process.platform === "darwin" ? "open" : "xdg-open";
  return `
${filmReport({ ...status, video_url: null }, await api.cost(dreamId), path)}

The AI simulator is free. The cost is what the real models would have charged.
See it again:   ${player} ${path}
In the studio:  ${place}npm run dev, then open the studio's address: the dream is in its library.`;
}

async function readDream({ text, file, encoding }: Parameters<typeof demo>[0]) {
  if (text !== undefined && file !== undefined)
    throw new UsageError("There are two dreams: --text and --file. Give one.");
  if (text !== undefined)
    return { transcript: requireVisible(text, "The text of --text"), title: firstWords(text) };
  const path = file ?? sampleDream;
  const transcript =
    path === "-" ? await readStandardInput(encoding ?? null) : readDreamFile(path, encoding ?? null);
  return { transcript, title: path === "-" ? firstWords(transcript) : basename(path).replace(/\.\w+$/, "") };
}

function quote(text: string): string {
  return text.trim().slice(0, 400).replace(/^/gm, "  ");
}
function since(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
