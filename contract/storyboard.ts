import { z } from "zod";
import { SceneCamera } from "./camera.ts";
import { CastMember } from "./cast.ts";

const part = z.number().min(0).max(1);

/** A box in a picture, in parts of its width and height from the top left. */
export const FocusBox = z.object({ x: part, y: part, w: part, h: part }).meta({ id: "FocusBox" });
export type FocusBox = z.infer<typeof FocusBox>;

/**
 * A storyboard as jobs carry it. `picture_take` and `voice_take` start at 0; another number requests another
 * result for the same words, as a redo without a new prompt does.
 */
export const Storyboard = z
  .object({
    title: z.string(),
    language: z.string().describe("BCP 47 tag of narration and captions."),
    breath: z
      .number()
      .min(-1)
      .max(2)
      .optional()
      .describe(
        "How far the film stretches to the length asked for: 0 is the usual pace, 1 the slowest voice and the " +
          "longest pauses, -1 the fastest and shortest; beyond 1 pictures linger without words. A redo keeps it.",
      ),
    cast: z
      .array(CastMember)
      .optional()
      .describe(
        "Who and what recurs in the pictures. Each has one reference sheet, which is given to the model that " +
          "paints a scene with it. A redo keeps it. Absent: the film was made without `cast`.",
      ),
    scenes: z.array(
      z.object({
        narration: z.string().describe("The spoken text."),
        picture: z.string().describe("What the picture shows, for an image model."),
        picture_size: z
          .string()
          .optional()
          .describe(
            "Width and height at which the picture is bought, as `1536x864`. A redo keeps it. Absent: 1536x1024, " +
              "1024x1536 or 1024x1024 by the film's shape.",
          ),
        picture_take: z.int().min(0).default(0),
        voice_take: z.int().min(0).default(0),
        cast: z.array(z.string()).optional().describe("Ids of the members of `cast` that the picture shows."),
        focus: FocusBox.optional().describe(
          "Where the subject is expected in the picture. The camera keeps it in the frame and the captions " +
            "stay clear of it. Absent: it is found in the picture.",
        ),
        camera: SceneCamera.optional().describe("Absent: nearer and away in turn, at the usual pace."),
      }),
    ),
  })
  .meta({ id: "Storyboard" });
export type Storyboard = z.infer<typeof Storyboard>;

/** Bytes of the storyboard as JSON in UTF-8, for `limits.storyboardBytes`. */
export const storyboardBytes = (storyboard: Storyboard): number =>
  new TextEncoder().encode(JSON.stringify(storyboard)).byteLength;
