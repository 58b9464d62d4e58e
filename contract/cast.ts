/** Who and what recurs in a film, so that the pictures of all scenes show the same. */
import { z } from "zod";
import { limits } from "./limits.ts";
import { openEnum } from "./open-enum.ts";
import { text } from "./text.ts";
import { hasVisibleText } from "./visible-text.ts";

export const CastKind = z.enum(["person", "animal", "place", "object"]);
export type CastKind = z.infer<typeof CastKind>;

/** A member of a storyboard's cast. The limits of its texts are in limits.ts. */
export const CastMember = z
  .object({
    id: z.string().describe("Names the member within the storyboard."),
    kind: openEnum(CastKind, "object"),
    name: z.string().describe("As the dream calls it."),
    description: z.string().describe("How it looks, in English, for an image model."),
    sheet: z.string().optional().describe("Names its reference sheet. The service sets it."),
    photo: z
      .string()
      .optional()
      .describe("Names the photo that its reference sheet is painted from. The service sets it."),
  })
  .meta({ id: "CastMember" });
export type CastMember = z.infer<typeof CastMember>;

/** A member of the owner's cast, whom later films show the same. */
export const KnownCastMember = z
  .object({
    id: z.string(),
    kind: CastKind,
    name: z.string(),
    description: z.string().describe("How later films show it, whatever a text model writes."),
    used_at: z.iso.datetime().describe("When a film showed it last, or when it was added."),
    has_sheet: z
      .boolean()
      .describe("GET /cast/{id}/sheet has its newest reference sheet, unless that was deleted."),
    photo_added_at: z.iso
      .datetime()
      .nullable()
      .describe(
        "When the photo was added from which later films paint its sheet. Null: they have its description.",
      ),
  })
  .meta({ id: "KnownCastMember" });
export type KnownCastMember = z.infer<typeof KnownCastMember>;

/** GET /cast: who and what the owner's films have shown, or its owner has added. */
export const KnownCast = z.object({ cast: z.array(KnownCastMember) }).meta({ id: "KnownCast" });
export type KnownCast = z.infer<typeof KnownCast>;

/** A text of one line that is not empty. */
const line = (most: number) =>
  text(most)
    .overwrite((value) => value.replace(/\s+/gu, " ").trim())
    .refine((value) => hasVisibleText(value), { error: "must not be empty" });

/** Body of POST /cast. */
export const AddCastMember = z
  .strictObject({
    kind: CastKind.default("person"),
    name: line(limits.castNameChars).describe("As the dreams call it."),
    description: line(limits.castDescriptionChars).describe("How it looks, for an image model."),
  })
  .meta({ id: "AddCastMember" });
export type AddCastMember = z.infer<typeof AddCastMember>;
