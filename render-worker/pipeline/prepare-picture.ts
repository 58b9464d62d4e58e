import type { Storyboard } from "../../contract/storyboard.ts";
import type { Field } from "../media/camera/plan.ts";
import { decodeOnDemand, type Plates } from "./decode-plates.ts";
import type { FilmContext } from "./film-context.ts";
import { keepField } from "./keep-field.ts";
import { type DecodePicture, obtainPicture, type Picture } from "./obtain-picture.ts";
import { publishPoster, publishThumbnail } from "./publish-images.ts";

export interface PreparedPicture {
  /** The same key always means the same pixels. */
  pictureKey: string;
  /** The model that painted it; null for a placeholder. */
  pictureModel: string | null;
  /** It was bought just now, so nothing that is made of it is kept yet. */
  isNewPicture: boolean;
  /** The preview's plate without its file: it says where the subject is. */
  field: Field;
  /** Each decodes the picture when it is first called. */
  plates: Plates;
  /** Resolves when the picture is stored. Until then nothing that is made of it may leave this machine. */
  stored: Promise<unknown>;
  /**
   * Resolves when the picture is stored and its thumbnail published, and for the first scene the film's
   * poster.
   */
  shown: Promise<unknown>;
}

/**
 * Obtains the scene's picture, and publishes its thumbnail when it is stored. Scene 0 also publishes the
 * poster. A picture that is bought can be used as soon as it is decoded, while it is being stored.
 *
 * @param isRendered false where the film pauses at its pictures: plates that only its segments show are not
 * decoded
 * @throws what obtainPicture throws
 */
export async function preparePicture(
  scene: Storyboard["scenes"][number],
  index: number,
  context: FilmContext,
  isRendered = true,
): Promise<PreparedPicture> {
  const { newScenes, progress } = context;
  const hint = scene.focus ?? null;
  let decoded: Plates | undefined;
  const bought = Promise.withResolvers<Pick<Picture, "key" | "model" | "reused" | "file">>();
  const decode: DecodePicture = async (path, one) => {
    const tried = decodeOnDemand(async () => path, hint, index, context, isRendered);
    await tried.preview();
    decoded = tried;
    if (one !== null) bought.resolve({ ...one, reused: false, file: async () => path });
  };
  const stored = obtainPicture(scene, index, context, decode);
  stored.catch(() => {});
  const { key: pictureKey, model, file, reused } = await Promise.race([bought.promise, stored]);
  // Another scene bought the same picture, or it was verified earlier and not decoded here.
  const plates = decoded ?? decodeOnDemand(file, hint, index, context, isRendered);
  const decodeBoth = () => {
    for (const plate of [plates.preview, plates.film]) plate().catch(() => {});
  };
  // If the picture was found, its segments and images may be there too, and then its plates are not needed
  // unless a scene beside it changes: the pictures fade into each other.
  if (isRendered && !reused) decodeBoth();
  else if (isRendered) void newScenes?.beside(index).then(decodeBoth);
  // A placeholder is painted anew by every job, and always the same.
  const isNewPicture = !reused && model !== null;
  const field = await keepField({ pictureKey, hint, plate: plates.preview, isNew: isNewPicture }, context);
  const { focus = null } = field;
  const image = { scene: index, camera: scene.camera, pictureKey, focus, isNew: isNewPicture };
  const publishImages = async () => {
    await stored;
    const poster = index === 0 ? publishPoster({ ...image, plate: plates.film }, model, context) : null;
    const thumbnail = publishThumbnail({ ...image, plate: plates.preview }, context).then(() => {
      progress.log({ type: "scene.picture", data: { scene: index, key: pictureKey, reused } });
      progress.finished("picture");
    });
    await Promise.all([thumbnail, poster]);
  };
  const shown = publishImages();
  // This may fail while the voice is still awaited. makeFilm handles the failure.
  shown.catch(() => {});
  return { pictureKey, pictureModel: model, isNewPicture, field, plates, stored, shown };
}
