/** Where a picture's subject is. Kept in R2, so that a redo knows it without decoding the picture. */
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import type { FocusBox } from "../../contract/storyboard.ts";
import { cameraRecipe, type Field } from "../media/camera/plan.ts";
import type { Plate } from "../media/camera/shot.ts";
import { focusRecipe } from "../media/focus/find-focus.ts";
import type { FilmContext } from "./film-context.ts";

const KeptField = z.object({
  width: z.number(),
  height: z.number(),
  focus: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).nullable(),
  busy: z.array(z.number()),
});

interface FieldOf {
  pictureKey: string;
  hint: FocusBox | null;
  plate(): Promise<Plate>;
  /** The picture was bought just now. */
  isNew?: boolean;
}

const fieldKind = { capability: "focus", extension: "json", contentType: "application/json" } as const;

/**
 * The size of the preview's plate, its subject's box and its busy bands. The same picture and hint give the
 * same answer.
 *
 * @param plate is called if the answer is not in R2
 * @throws Transient, or the signal's reason
 */
export async function keepField(
  { pictureKey, hint, plate, isNew = false }: FieldOf,
  { assets, previewSize }: FilmContext,
): Promise<Field> {
  const shape = { recipe: [cameraRecipe, focusRecipe], picture: pictureKey, hint, size: previewSize };
  const find = async (): Promise<Field> => {
    const { width, height, focus = null, busy = [] } = await plate();
    return { width, height, focus, busy };
  };
  const write = async (to: string) => writeFile(to, JSON.stringify(await find()));
  const { path } = await assets.getOrMake(fieldKind, shape, write, isNew);
  const kept = KeptField.safeParse(parse(await readFile(path, "utf8")));
  return kept.data ?? find();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
