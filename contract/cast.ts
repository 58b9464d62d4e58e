/** Who and what recurs in a film, so that the pictures of all scenes show the same. */
import { z } from "zod";
import { openEnum } from "./open-enum.ts";

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
  })
  .meta({ id: "CastMember" });
export type CastMember = z.infer<typeof CastMember>;

/** GET /cast: who and what the owner's films have shown. */
export const KnownCast = z
  .object({
    cast: z.array(
      z.object({
        id: z.string(),
        kind: CastKind,
        name: z.string(),
        description: z.string().describe("How later films show it, whatever a text model writes."),
        used_at: z.iso.datetime().describe("When a film showed it last."),
      }),
    ),
  })
  .meta({ id: "KnownCast" });
export type KnownCast = z.infer<typeof KnownCast>;
