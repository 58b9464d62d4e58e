/**
 * Takes: several pictures, or voices, of one scene. All are kept, the film shows one of them, and choosing
 * another one buys nothing.
 */
import { z } from "zod";
import { JobStatus } from "./job.ts";
import { limits } from "./limits.ts";
import { Storyboard } from "./storyboard.ts";
import { text } from "./text.ts";
import { hasVisibleText } from "./visible-text.ts";

export const TakeAsset = z.enum(["picture", "voice"]);
export type TakeAsset = z.infer<typeof TakeAsset>;

/**
 * The name of a take: the first 16 hexadecimal digits of a hash of its asset, its words and its number. Two
 * films that show the same take name it alike.
 */
export const TakeId = z.string().regex(/^[0-9a-f]{16}$/);

/** Body of POST /dreams/{did}/scenes/{n}/takes. */
export const RequestTakes = z
  .strictObject({
    asset: TakeAsset.default("picture").describe("What to buy more of."),
    count: z.int().min(1).max(limits.takesAtOnce).default(1).describe("How many; each is bought and kept."),
    prompt: text(limits.sceneTextChars)
      .refine((value) => hasVisibleText(value), { error: "must not be empty" })
      .optional()
      .describe("What the picture shows, or what the voice says. Absent: the scene's own words."),
  })
  .meta({ id: "RequestTakes" });
export type RequestTakes = z.infer<typeof RequestTakes>;

const scene = z.int().min(0).describe("Counts from 0.");

/** 202 of POST /dreams/{did}/scenes/{n}/takes. */
export const TakesQueued = z
  .object({
    status: z.literal("takes_queued"),
    dream_id: z.string(),
    job_id: z.string(),
    scene,
    asset: TakeAsset,
    takes: z.array(TakeId).describe("The names of the takes that are being bought."),
    at_most_usd: z.number().min(0).describe("The most that they cost together."),
    takes_url: z.string().describe("Lists the scene's takes."),
  })
  .meta({ id: "TakesQueued" });
export type TakesQueued = z.infer<typeof TakesQueued>;

/** One picture or voice of a scene. */
export const Take = z
  .object({
    id: TakeId,
    asset: TakeAsset,
    number: z.int().min(1).describe("Counts the scene's pictures, and its voices, from 1 in order of age."),
    status: z.enum(["making", "ready", "failed"]),
    is_chosen: z.boolean().describe("The dream's newest film shows it, or speaks with it."),
    prompt: z.string().describe("What it shows, for an image model, or what it says."),
    cost_usd: z.number().min(0).describe("What it cost when it was bought."),
    created_at: z.iso.datetime(),
    job_id: z.string().describe("The job that bought it."),
    is_softened: z
      .boolean()
      .default(false)
      .describe("The provider refused the description, and painted this picture from a gentler one."),
    picture_url: z.string().nullable().describe("Small picture, of a picture that is ready."),
    audio_url: z
      .string()
      .nullable()
      .describe("Sound file, of a voice that is ready. Null for a voice that was bought with a film."),
    film_url: z
      .string()
      .nullable()
      .default(null)
      .describe(
        "Of a voice that was bought with a film: the film, with the seconds of the scene as a media fragment (#t=from,to). " +
          "Null if the film or its log is not kept any more.",
      ),
    is_file_gone: z
      .boolean()
      .default(false)
      .describe(
        "The take is ready, but its file was deleted after the days that films are kept. It can be chosen while the " +
          "bought picture or voice itself is kept.",
      ),
    error: z.object({ code: z.string(), message: z.string() }).nullable().describe("Why it failed."),
  })
  .meta({ id: "Take" });
export type Take = z.infer<typeof Take>;

/** GET /dreams/{did}/scenes/{n}/takes. */
export const TakeList = z
  .object({
    dream_id: z.string(),
    scene,
    film_job_id: z.string().describe("The job whose film the takes belong to."),
    job: z
      .object({
        job_id: z.string(),
        scene,
        status: JobStatus,
        error: z.object({ code: z.string(), message: z.string() }).nullable(),
      })
      .nullable()
      .describe("The newest job that bought takes of the dream, of this scene or another one."),
    price: z
      .object({ picture_usd: z.number().min(0), voice_usd: z.number().min(0) })
      .describe("What one more take with the scene's own words usually costs."),
    takes: z.array(Take).describe("Pictures, then voices, the oldest first."),
  })
  .meta({ id: "TakeList" });
export type TakeList = z.infer<typeof TakeList>;

/** 200 of POST /dreams/{did}/scenes/{n}/takes/{take}/choose. */
export const TakeShown = z
  .object({
    status: z.literal("already_chosen"),
    dream_id: z.string(),
    job_id: z.string().describe("The job of the film that shows the take."),
    scene,
    take: TakeId,
  })
  .meta({ id: "TakeShown" });
export type TakeShown = z.infer<typeof TakeShown>;

/** A job that shows another take of a scene, and buys nothing. */
export const ChosenTake = z.object({
  scene: z.int().min(0),
  asset: TakeAsset,
  /** Scenes whose picture the film painted without AI. They stay so. */
  placeholders: z.array(z.int().min(0)).default([]),
});
export type ChosenTake = z.infer<typeof ChosenTake>;

/** 200 of POST /dreams/{did}/takes/cancel. */
export const TakesCancelled = z
  .object({ status: z.literal("cancelled"), dream_id: z.string(), job_id: z.string() })
  .meta({ id: "TakesCancelled" });
export type TakesCancelled = z.infer<typeof TakesCancelled>;

/** A take as a worker buys it: the scene with the take's words and number. */
export const WantedTake = z.object({ id: TakeId, scene: Storyboard.shape.scenes.element });
export type WantedTake = z.infer<typeof WantedTake>;

/** What became of one take, as its worker reports it. */
export const BoughtTake = z.object({
  id: TakeId,
  /** The worker has stored the take's file for clients. */
  has_file: z.boolean(),
  cost_usd: z.number().min(0),
  error: z.object({ code: z.string().max(64), message: z.string().max(500) }).nullable(),
  /** The provider refused the words, and painted the picture from gentler ones. Older workers do not tell. */
  softened: z.boolean().default(false),
});
export type BoughtTake = z.infer<typeof BoughtTake>;
