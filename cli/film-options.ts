/** The film's options on the command line, for `dreamreel make`, `dreamreel estimate` and `npm run demo`. */
import type { Command, OptionValues } from "@commander-js/extra-typings";
import { z } from "zod";
import { UsageError } from "../command-line/describe-error.ts";
import { explainIssue, numberBy, textBy } from "../command-line/program.ts";
import { FilmOptions, Narrator } from "../contract/film.ts";

const { shape } = FilmOptions;

/** The flag of each field that a request's `errors[]` may name; of what is an argument, its name. */
const flags: Record<string, string> = {
  aspect: "--aspect",
  length_seconds: "--length",
  style: "--style",
  voice: "--voice",
  speed: "--speed",
  pronunciations: "--pronounce",
  language: "--language",
  captions: "--captions",
  title_card: "--title-card",
  end_card: "--end-card",
  ambience: "--ambience",
  cast: "--cast",
  priority: "--priority",
  max_cost_usd: "--max-cost",
  on_budget: "--on-budget",
  pause_after: "--pause",
  title: "--title",
  transcript: "the dream",
  name: "the name",
  description: "the description",
};

/** A dream that is made here has no recording. */
const narrators = Narrator.exclude(["own"]);
const voice = z
  .string()
  .refine(
    (name) => name !== "own",
    "No recording is made here. Tell the dream in the studio, and film it there",
  )
  .pipe(narrators);

const oneOf = (field: { unwrap(): { options: readonly string[] } }) => field.unwrap().options.join(" | ");

/** Adds the dream's text and the film's options. */
export const addFilmOptions = <A extends unknown[], O extends OptionValues>(command: Command<A, O>) =>
  command
    .option("--text <text>", "the dream itself; never read as a file name")
    .option("--encoding <name>", "the file's encoding (default: UTF-8, or UTF-16 where the file shows it)")
    .option("--title <title>", "the dream's title")
    .option("--aspect <shape>", oneOf(shape.aspect), textBy(shape.aspect.unwrap()))
    .option("--length <seconds>", "10 to 180", numberBy(shape.length_seconds.unwrap()))
    .option("--style <style>", oneOf(shape.style), textBy(shape.style.unwrap()))
    .option(
      "--voice <voice>",
      `${narrators.options.join(" | ")}; your own in the studio alone`,
      textBy(voice),
    )
    .option("--speed <factor>", "0.7 to 1.3", numberBy(shape.speed.unwrap()))
    .option("--pronounce <word=respelling>", "how the voice says a word; may be repeated", addPronunciation)
    .option(
      "--language <name>",
      "a language's name or BCP 47 tag (default: the dream's)",
      textBy(shape.language.unwrap()),
    )
    .option("--captions <style>", oneOf(shape.captions), textBy(shape.captions.unwrap()))
    .option("--ambience", "a quiet bed of sound under the voice")
    .option("--cast", "people, places and things look the same in every picture, which costs more")
    .option("--title-card", "open with the dream's title over the first picture")
    .option(
      "--pause <point>",
      `stop and ask, before more is paid for, after: ${shape.pause_after.unwrap().unwrap().options.join(" | ")}`,
      textBy(shape.pause_after.unwrap().unwrap()),
    )
    .option("--end-card", "close with the dream's title, over black after the last picture")
    .option("--priority <queue>", oneOf(shape.priority), textBy(shape.priority.unwrap()))
    .option(
      "--max-cost <dollars>",
      "what the film may cost at most",
      numberBy(shape.max_cost_usd.unwrap().unwrap()),
    )
    .option("--on-budget <reaction>", oneOf(shape.on_budget), textBy(shape.on_budget.unwrap()));

export type GivenFilmOptions = ReturnType<
  ReturnType<typeof addFilmOptions<[], Record<never, never>>>["opts"]
>;

/**
 * The film's options that were given, for the API.
 * @throws UsageError for pronunciations that the API would refuse
 */
export function readFilmOptions(given: GivenFilmOptions): z.input<typeof FilmOptions> {
  const options = {
    aspect: given.aspect,
    length_seconds: given.length,
    style: given.style,
    voice: given.voice,
    speed: given.speed,
    pronunciations: given.pronounce,
    language: given.language,
    captions: given.captions,
    title_card: given.titleCard,
    end_card: given.endCard,
    ambience: given.ambience,
    cast: given.cast,
    pause_after: given.pause,
    priority: given.priority,
    max_cost_usd: given.maxCost,
    on_budget: given.onBudget,
  };
  const asked = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const parsed = FilmOptions.safeParse(asked);
  if (parsed.success) return asked;
  throw new UsageError(
    parsed.error.issues.map((issue) => `${flagOf(issue.path.join("/"))}: ${explainIssue(issue)}`).join("\n"),
  );
}

/**
 * The flag or argument that a JSON pointer such as `/options/length_seconds` is about, else the pointer
 * itself.
 */
export function flagOf(pointer: string): string {
  const field = pointer.split("/").find((part) => part in flags);
  return (field && flags[field]) ?? pointer;
}

function addPronunciation(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, word = "", respelling = ""] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (!word.trim() || !respelling.trim())
    throw new UsageError(`--pronounce ${text}: it must be WORD=RESPELLING, such as Cthulhu=kuh-THOO-loo`);
  return { ...before, [word.trim()]: respelling.trim() };
}
