import { z } from "zod";
import { Pronunciations } from "./pronunciations.ts";

/** What holds for all films of an owner. */
export const Settings = z
  .strictObject({
    pronunciations: Pronunciations.default({}).describe(
      "Respelled words, by the word as it is written. A film's own `pronunciations` come first.",
    ),
  })
  .meta({ id: "Settings" });
export type Settings = z.infer<typeof Settings>;
