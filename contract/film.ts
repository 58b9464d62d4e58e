import { z } from "zod";
import { CaptionStyle, captionStyles } from "./caption-style.ts";
import { readLanguage } from "./language.ts";
import { limits } from "./limits.ts";
import { Pronunciations } from "./pronunciations.ts";

/** Width and height of the finished film, in pixels, by aspect. */
export const filmSizes = {
  "16:9": { width: 1920, height: 1080 },
  "9:16": { width: 1080, height: 1920 },
  "1:1": { width: 1080, height: 1080 },
} as const;

/**
 * Width and height of the preview, which is also the stream's first rendition while the film is being made.
 */
export const previewSizes = {
  "16:9": { width: 640, height: 360 },
  "9:16": { width: 360, height: 640 },
  "1:1": { width: 480, height: 480 },
} as const;

export const framesPerSecond = 30;
export const sampleRate = 48_000;

/** Silence before a scene's voice: it starts while the crossfade from the earlier scene is under way. */
export const leadInSeconds = 0.3;
/** Usual silence from the last word of a scene to the first word of the next. */
export const pauseSeconds = 0.65;
/** Usual time from the film's last word to its end, most of which shows the last picture. */
export const endSeconds = 1.75;

/** How long an end card makes the film: 64 frames, a whole number of grid steps. */
export const endCardSeconds = 64 / framesPerSecond;

export const Aspect = z.enum(["16:9", "9:16", "1:1"]);
export type Aspect = z.infer<typeof Aspect>;

export const VisualStyle = z.enum([
  "dreamlike",
  "watercolor",
  "oil-painting",
  "ink",
  "storybook",
  "noir",
  "anime",
  "photographic",
]);
export type VisualStyle = z.infer<typeof VisualStyle>;

/** Voices by character; the worker maps each to its speech provider's own name. */
export const Voice = z.enum(["alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer"]);
export type Voice = z.infer<typeof Voice>;

/** Who narrates: a voice, or `own`, the dreamer by the recordings of the dream's segments. */
export const Narrator = z.enum([...Voice.options, "own"]);
export type Narrator = z.infer<typeof Narrator>;

export const Priority = z.enum(["standard", "premium"]);
export type Priority = z.infer<typeof Priority>;

/** Where a film may stop and wait until its owner approves. */
export const PausePoint = z.enum(["storyboard", "pictures"]);
export type PausePoint = z.infer<typeof PausePoint>;

export const OnBudget = z.enum(["fail", "degrade"]);
export type OnBudget = z.infer<typeof OnBudget>;

/** What a client may ask of a film. Every field has a default, so `{}` is a whole request. */
export const FilmOptions = z
  .strictObject({
    aspect: Aspect.default("16:9").describe("Shape of the picture."),
    length_seconds: z
      .int()
      .min(limits.filmSeconds.min)
      .max(limits.filmSeconds.max)
      .default(30)
      .describe(
        "Length to aim for; the film follows the narration and lands within about 20 %. With the voice `own` the " +
          "recordings decide.",
      ),
    style: VisualStyle.default("dreamlike").describe("Visual style of every picture."),
    voice: Narrator.default("sage").describe(
      "Narrator's voice. `own`: the recordings of the dream's segments narrate. The scenes then quote what was " +
        "told, the film is as long as the recordings, and the voice costs nothing.",
    ),
    speed: z
      .number()
      .min(limits.speed.min)
      .max(limits.speed.max)
      .overwrite((speed) => Math.round(speed * 100) / 100)
      .default(1)
      .describe(
        "How fast the narrator speaks, in steps of 0.01; the text is planned so that the length stays as asked. A " +
          "recording is played faster or slower at the same pitch.",
      ),
    pronunciations: Pronunciations.default({}).describe(
      "How the narrator says words that a voice would say wrongly: the word as it is written, and a respelling. " +
        "Whole words, whatever their case; captions show the word. Added to those of PUT /settings.",
    ),
    language: z
      .string()
      .max(limits.languageChars)
      .overwrite((written) => (/^\s*auto\s*$/i.test(written) ? "auto" : (readLanguage(written) ?? written)))
      .refine((language) => language === "auto" || readLanguage(language) !== null, {
        error: "must be `auto`, a BCP 47 tag, or a language's name in English or in itself",
      })
      .default("auto")
      .describe(
        "Language of narration and captions: a BCP 47 tag (`pt-BR`), or its name in English or in itself; " +
          "kept as a tag. `auto` keeps the dream's own language.",
      ),
    captions: CaptionStyle.default("karaoke").describe(
      Object.entries(captionStyles)
        .map(([style, { shows }]) => `\`${style}\`: ${shows}.`)
        .join(" "),
    ),
    ambience: z
      .boolean()
      .default(false)
      .describe(
        "A quiet bed of sound under the voice: slow chords and noises by the mood of the pictures, made by the " +
          "service itself, the same for the same dream.",
      ),
    cast: z
      .boolean()
      .default(false)
      .describe(
        "People, animals, places and things that recur look the same in every picture. Each gets a reference " +
          "sheet, bought once for all your films of one style, and every picture is painted from the sheets of " +
          "those in it. Pictures cost more: see POST /estimate.",
      ),
    title_card: z.boolean().default(false).describe("Open with the dream's title over the first picture."),
    end_card: z
      .boolean()
      .default(false)
      .describe("Close with the dream's title, over black after the last picture: two seconds more."),
    priority: Priority.default("standard").describe("Queue to wait in; `premium` needs a premium key."),
    max_cost_usd: z
      .number()
      .min(0)
      .max(limits.maxCostUsd)
      .nullable()
      .default(null)
      .describe(
        "What the film may cost at most, in US dollars. Checked before anything is bought; null: the " +
          "estimate's `at_most_usd`.",
      ),
    on_budget: OnBudget.default("fail").describe(
      "When a budget is not enough. `fail`: the film fails before anything more is bought. `degrade`: " +
        "pictures that exceed the budget are painted without AI, with a warning.",
    ),
    pause_after: PausePoint.nullable()
      .default(null)
      .describe(
        "Stop and wait for POST /dreams/{did}/approve. `storyboard`: before any picture or voice is bought; " +
          "`pictures`: once the pictures of all scenes are bought, and nothing else. Null: do not stop.",
      ),
  })
  .meta({ id: "FilmOptions" });
export type FilmOptions = z.infer<typeof FilmOptions>;
