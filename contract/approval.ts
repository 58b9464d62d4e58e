/**
 * A film that waits until its owner approves: how the worker pauses it, what the owner sees and changes, and
 * how the owner lets it go on.
 */
import { z } from "zod";
import { CastMember } from "./cast.ts";
import { PausePoint } from "./film.ts";
import { limits } from "./limits.ts";
import { Storyboard } from "./storyboard.ts";
import { text } from "./text.ts";
import { hasVisibleText } from "./visible-text.ts";

/** A scene with the fields that only a newer worker knows. */
const AnyScene = z.looseObject(Storyboard.shape.scenes.element.shape);

/** A storyboard whose unknown fields are kept, so that an older edge or client loses none of them. */
export const KeptStoryboard = z.looseObject({
  ...Storyboard.shape,
  cast: z.array(z.looseObject(CastMember.shape)).optional(),
  scenes: z.array(AnyScene),
});
export type KeptStoryboard = z.infer<typeof KeptStoryboard>;

/**
 * POST /internal/jobs/{job_id}/pause: the attempt ends, and the job waits for its owner. Everything else that
 * the attempt has to say was reported before: a storyboard can be half as large as a request may be.
 */
export const PauseReport = z.object({
  attempt: z.int().min(1),
  at: PausePoint,
  storyboard: KeptStoryboard,
  /**
   * The job goes back to its owner before anything more is bought, because AI providers refuse these words of
   * its storyboard. The edge keeps the storyboard that it has.
   */
  refused: z
    .object({ text: z.string().max(limits.sceneTextChars * 2) })
    .nullable()
    .default(null),
});
export type PauseReport = z.infer<typeof PauseReport>;

const usd = z.number().min(0);

/** GET and PUT /dreams/{did}/storyboard. */
export const WaitingStoryboard = z
  .object({
    revision: z.int().min(1).describe("Also in the `ETag`. Each change gives the next one."),
    at: PausePoint.describe("Where the film has stopped."),
    expires_at: z.iso.datetime().describe("The job ends as `expired` if it is not approved by then."),
    ...KeptStoryboard.shape,
    picture_urls: z
      .array(z.string().nullable())
      .describe("For each scene the small picture that is bought for its words; null if there is none."),
    own_voice: z
      .boolean()
      .default(false)
      .describe(
        "The dreamer's recordings narrate. Scenes can be removed and merged with the next one; their narrations " +
          "cannot tell other words.",
      ),
    refused: z
      .object({
        pointer: z.string().describe("JSON pointer to the text, as `/scenes/1/narration`."),
        text: z.string().describe("The sentence."),
      })
      .nullable()
      .default(null)
      .describe("Words that AI providers refused when the storyboard was approved, while it still has them."),
    price: z.object({
      spent_usd: usd.describe("What the film has cost so far."),
      expected_usd: usd.describe("What it will cost further, about, once it is approved."),
      at_most_usd: usd.describe("What it can cost further at most."),
    }),
  })
  .meta({ id: "WaitingStoryboard" });
export type WaitingStoryboard = z.infer<typeof WaitingStoryboard>;

const visible = (max: number) =>
  text(max).refine((value) => hasVisibleText(value), { error: "must not be empty" });

/**
 * Body of PUT /dreams/{did}/storyboard. The list of scenes replaces the earlier one, so that adding,
 * removing, merging and moving scenes are changes of the list. Fields of a scene that are not named here are
 * kept as sent.
 */
export const EditStoryboard = z
  .strictObject({
    title: visible(limits.titleChars),
    scenes: z
      .array(
        AnyScene.extend({
          narration: visible(limits.sceneTextChars).describe("The spoken text."),
          picture: visible(limits.sceneTextChars).describe("What the picture shows, for an image model."),
          cast: z
            .array(z.string())
            .max(limits.sceneCast)
            .refine((ids) => new Set(ids).size === ids.length, { error: "must name each member once" })
            .optional()
            .describe("Ids of the members of `cast` that the picture shows."),
        }),
      )
      .min(limits.scenes.min)
      .max(limits.scenes.max),
  })
  .meta({ id: "EditStoryboard" });
export type EditStoryboard = z.infer<typeof EditStoryboard>;

/** Body of POST /dreams/{did}/approve. */
export const Approve = z
  .strictObject({ revision: z.int().min(1).describe("Of the storyboard that its owner has seen.") })
  .meta({ id: "Approve" });
export type Approve = z.infer<typeof Approve>;
