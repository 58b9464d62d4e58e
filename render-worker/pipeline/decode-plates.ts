import { join } from "node:path";
import type { FocusBox } from "../../contract/storyboard.ts";
import type { Size } from "../media/camera/plan.ts";
import type { Plate } from "../media/camera/shot.ts";
import { decodePicture } from "../media/decode-picture.ts";
import type { FilmContext } from "./film-context.ts";
import { urgency } from "./urgency.ts";

/** The picture, decoded for the camera of each rendition. */
export interface Plates {
  film(): Promise<Plate>;
  preview(): Promise<Plate>;
}

/**
 * The plates of the picture in `file`. Both sizes are decoded at once, which is less work. The first scene
 * decodes the small one alone, because playback waits for it, and so do all of a film that is not rendered
 * now.
 *
 * @param hint where the storyboard says that the subject is
 */
export function decodeOnDemand(
  file: () => Promise<string>,
  hint: FocusBox | null,
  index: number,
  context: FilmContext,
  isRendered = true,
): Plates {
  const { encoders, folder, signal } = context;
  const film = { filmSize: context.filmSize, to: join(folder, `plate-${index}.yuv`) };
  const preview = { filmSize: context.previewSize, to: join(folder, `plate-${index}-preview.yuv`) };
  const decode = (sizes: { filmSize: Size; to: string }[], rank: number) =>
    encoders.run(signal, async () => decodePicture(await file(), sizes, signal, hint), rank);
  const first = (plates: Promise<Plate[]>) => plates.then(([plate]) => plate as Plate);
  const second = (plates: Promise<Plate[]>) => plates.then(([, plate]) => plate as Plate);
  if (index === 0 || !isRendered) {
    const small = once(() => decode([preview], urgency.scene(index)));
    const large = once(() => decode([film], urgency.film(index)));
    return { preview: () => first(small()), film: () => first(large()) };
  }
  const both = once(() => decode([preview, film], urgency.scene(index)));
  return { preview: () => first(both()), film: () => second(both()) };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= work();
    return started;
  };
}
