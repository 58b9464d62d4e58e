import type { z } from "zod";
import { UsageError } from "../command-line/describe-error.ts";
import type { Output } from "../command-line/output.ts";
import type { Estimate } from "../contract/cost.ts";
import { FilmOptions } from "../contract/film.ts";
import type { FinishRequest, VideoStatus } from "../contract/job.ts";
import { describeShortening } from "../contract/shortening.ts";
import { type ApiClient, ApiProblem, download } from "./api-client.ts";
import { type AskYesNo, askAtTerminal, askForApproval } from "./approve-film.ts";
import { checkOut, chooseFile, firstWords } from "./film-file.ts";
import { type GivenFilmOptions, readFilmOptions } from "./film-options.ts";
import { filmReport } from "./film-report.ts";
import { createProgressPrinter } from "./progress-line.ts";
import { watchFilm } from "./watch-film.ts";

/**
 * Makes the film of a new dream and downloads it. Options, price, budget and the film's place are checked
 * before the dream is stored.
 *
 * @throws UsageError for options that cannot work
 * @throws ApiProblem for what the API refuses, and for a film that fails
 */
export async function makeFilm(
  api: ApiClient,
  transcript: string,
  given: GivenFilmOptions & { out?: string | undefined },
  output: Output,
  onInterrupt: ListenForInterrupt = onCtrlC,
  ask: AskYesNo = askAtTerminal(),
): Promise<void> {
  const options = readFilmOptions(given);
  checkOut(given.out ?? null);
  const expected = await api.estimate(transcript, options);
  output.say(describeEstimate(expected, options.length_seconds));
  checkBudget(expected, given);
  const dream = await api.createDream({ transcript, ...(given.title ? { title: given.title } : {}) });
  output.note(`dream ${dream.id}`);
  await api.finish(dream.id, options);
  await followFilm(api, dream.id, given.out ?? null, output, firstWords(transcript), onInterrupt, ask);
}

/**
 * Makes the film of an existing dream with the options of its newest one, and downloads it. A storyboard that
 * its owner has changed is its start, unless a new one is asked for.
 *
 * @throws ApiProblem as `makeFilm`
 */
export async function makeAgain(
  api: ApiClient,
  dreamId: string,
  given: { newStoryboard?: true | undefined; out?: string | undefined },
  output: Output,
): Promise<void> {
  checkOut(given.out ?? null);
  const { options } = await api.status(dreamId);
  const { storyboard_of } = await api.finish(dreamId, {
    ...(options as z.input<typeof FinishRequest> | null),
    ...(given.newStoryboard && { new_storyboard: true }),
  });
  output.say(`It starts from ${storyboard_of ? "the storyboard that you changed" : "a new storyboard"}.`);
  await followFilm(api, dreamId, given.out ?? null, output);
}

/** Calls `react` at an interrupt; returns the function that ends this. */
type ListenForInterrupt = (react: () => void) => () => void;

/** A second Ctrl-C ends the process. */
const onCtrlC: ListenForInterrupt = (react) => {
  const listener = () => {
    process.exitCode = 130;
    react();
  };
  process.once("SIGINT", listener);
  return () => process.off("SIGINT", listener);
};

/**
 * The expected price and length, what of the dream the film has no time for, and the most that it can cost
 * and why.
 *
 * @param askedSeconds the length asked for; the API's default if none is
 */
export function describeEstimate(
  { scenes, seconds, fills_length, shortening, cost_usd, at_most_usd }: Estimate,
  askedSeconds: number = FilmOptions.parse({}).length_seconds,
): string {
  const price = `about $${cost_usd.toFixed(2)} for ${scenes} ${scenes === 1 ? "scene" : "scenes"}`;
  const length = `${Math.round(seconds)} s`;
  const expected =
    fills_length === false ? `${price}; your words fill about ${length}` : `${price}, ${length}`;
  const cut = shortening ? `\n  ${describeShortening(shortening, askedSeconds)}` : "";
  return `${expected}${cut}
  never more than $${at_most_usd.toFixed(2)}: the price if every call to the AI provider gives its longest answer, breaks
  off and is repeated. --max-cost sets a lower limit.`;
}

function checkBudget({ cost_usd }: Estimate, { maxCost, onBudget }: GivenFilmOptions): void {
  if (maxCost === undefined || onBudget === "degrade" || cost_usd <= maxCost) return;
  throw new UsageError(
    `--max-cost ${maxCost}: the film would cost about $${cost_usd.toFixed(4)}, so nothing was started. ` +
      "Allow more, or add --on-budget degrade: pictures beyond the budget are then painted without AI.",
  );
}

/**
 * Follows a film to its end and downloads it. Where it waits for its owner, `ask` is asked. At Ctrl-C the
 * film goes on being made; says how to cancel it.
 *
 * @param fallbackTitle names the file if the dream has no title; default: the dream's id
 * @throws UsageError when the film cannot be saved at `out`
 * @throws ApiProblem when there is no film
 */
export async function followFilm(
  api: ApiClient,
  dreamId: string,
  out: string | null,
  output: Output,
  fallbackTitle = dreamId,
  onInterrupt: ListenForInterrupt = onCtrlC,
  ask: AskYesNo = askAtTerminal(),
): Promise<void> {
  checkOut(out);
  let status = await watchToEnd(api, dreamId, output, onInterrupt);
  while (status.status === "waiting") {
    if (!(await askForApproval(api, dreamId, output, ask))) return;
    status = await watchToEnd(api, dreamId, output, onInterrupt);
  }
  if (status.status !== "completed" || !status.video_url)
    throw new ApiProblem(
      status.error?.code ?? "video.missing",
      status.error?.message ?? `There is no film: ${status.status ?? "none was requested"}`,
    );
  const { title } = await api.dream(dreamId);
  const path = chooseFile(out, title ?? fallbackTitle);
  await download(status.video_url, path);
  output.result(
    { dream_id: dreamId, film_path: path, ...status },
    filmReport(status, await api.cost(dreamId), path),
  );
}

/** Follows the film, with its progress on a terminal, until its job has ended or waits for its owner. */
async function watchToEnd(
  api: Pick<ApiClient, "status">,
  dreamId: string,
  output: Output,
  onInterrupt: ListenForInterrupt,
): Promise<VideoStatus> {
  const interrupted = new AbortController();
  const unlisten = onInterrupt(() => interrupted.abort());
  const printer = output.isForPeople ? createProgressPrinter(process.stderr) : null;
  return watchFilm(api, dreamId, (now) => printer?.show(now), interrupted.signal)
    .catch((error: unknown) => {
      if (!interrupted.signal.aborted) throw error;
      throw new ApiProblem(
        "client.interrupted",
        `The film is still being made, and paid for. Stop it: npx dreamreel cancel ${dreamId}\n` +
          `Follow it again: npx dreamreel watch ${dreamId}`,
      );
    })
    .finally(() => {
      printer?.end();
      unlisten();
    });
}
