/** Prepares a scene's picture for the camera, and publishes its thumbnail and the poster. */
import { join } from "node:path";
import type { FocusBox, Storyboard } from "../../contract/storyboard.ts";
import type { Field, Size } from "../media/camera/plan.ts";
import type { Plate } from "../media/camera/shot.ts";
import { decodePicture } from "../media/decode-picture.ts";
import type { FilmContext } from "./film-context.ts";
import { keepField } from "./keep-field.ts";
import { obtainPicture } from "./obtain-picture.ts";
import { publishPoster, publishThumbnail } from "./publish-images.ts";
import { urgency } from "./urgency.ts";

export interface PreparedPicture {
  /** The same key always means the same pixels. */
  pictureKey: string;
  /** The model that painted it; null for a placeholder. */
  pictureModel: string | null;
  /** The preview's plate without its file: it says where the subject is. */
  field: Field;
  /** Each decodes the picture when it is first called. */
  plates: Plates;
  /** Resolves when the thumbnail is published, and for the first scene also the film's poster. */
  shown: Promise<unknown>;
}

/** The picture, decoded for the camera of each rendition. */
interface Plates {
  film(): Promise<Plate>;
  preview(): Promise<Plate>;
}

/**
 * Obtains the scene's picture, and starts to publish its thumbnail. Scene 0 also publishes the poster.
 *
 * @throws what obtainPicture throws
 */
export async function preparePicture(
  scene: Storyboard["scenes"][number],
  index: number,
  context: FilmContext,
): Promise<PreparedPicture> {
  const { progress } = context;
  const hint = scene.focus ?? null;
  let decoded: Plates | undefined;
  const decode = async (file: string) => {
    const tried = decodeOnDemand(file, hint, index, context);
    await tried.preview();
    decoded = tried;
  };
  const { key: pictureKey, model, path, reused } = await obtainPicture(scene, index, context, decode);
  // Another scene bought the same picture, or it was verified earlier and not decoded here.
  const plates = decoded ?? decodeOnDemand(path, hint, index, context);
  // If the picture was found, its segments and images may be there too, and then its plates are not needed.
  if (!reused) for (const plate of [plates.preview, plates.film]) plate().catch(() => {});
  const field = await keepField({ pictureKey, hint, plate: plates.preview }, context);
  const { focus = null } = field;
  const image = { scene: index, pictureKey, focus };
  const thumbnail = publishThumbnail({ ...image, plate: plates.preview }, context).then(() => {
    progress.log({ type: "scene.picture", data: { scene: index, key: pictureKey, reused } });
    progress.finished("picture");
  });
  const poster = index === 0 ? publishPoster({ ...image, plate: plates.film }, model, context) : null;
  const shown = Promise.all([thumbnail, poster]);
  // This may fail while the voice is still awaited. makeFilm handles the failure.
  shown.catch(() => {});
  return { pictureKey, pictureModel: model, field, plates, shown };
}

/**
 * Decodes both sizes at once, which is less work. The first scene decodes the small one alone, because
 * playback waits for it.
 */
function decodeOnDemand(path: string, hint: FocusBox | null, index: number, context: FilmContext): Plates {
  const { encoders, folder, signal } = context;
  const film = { filmSize: context.filmSize, to: join(folder, `plate-${index}.yuv`) };
  const preview = { filmSize: context.previewSize, to: join(folder, `plate-${index}-preview.yuv`) };
  const decode = (sizes: { filmSize: Size; to: string }[], rank: number) =>
    encoders.run(signal, () => decodePicture(path, sizes, signal, hint), rank);
  const first = (plates: Promise<Plate[]>) => plates.then(([plate]) => plate as Plate);
  const second = (plates: Promise<Plate[]>) => plates.then(([, plate]) => plate as Plate);
  if (index === 0) {
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
