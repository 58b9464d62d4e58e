/** A scene's picture, ready for the camera, and on its way to whoever watches. */
import { join } from "node:path";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { Size } from "../media/camera/plan.ts";
import type { Plate } from "../media/camera/shot.ts";
import { decodePicture } from "../media/decode-picture.ts";
import type { FilmContext } from "./film-context.ts";
import { obtainPicture } from "./obtain-picture.ts";
import { publishPoster, publishThumbnail } from "./publish-images.ts";
import { urgency } from "./urgency.ts";

export interface PreparedPicture {
  /** Names the picture for good: same key, same pixels. */
  pictureKey: string;
  /** Decodes the picture when first called. */
  plates: Plates;
  /** Settles when the picture can be looked at, of the first scene also as the film's poster. */
  shown: Promise<unknown>;
}

/** The picture as the camera of each rendition needs it. */
interface Plates {
  film(): Promise<Plate>;
  preview(): Promise<Plate>;
}

export async function preparePicture(
  scene: Storyboard["scenes"][number],
  index: number,
  context: FilmContext,
): Promise<PreparedPicture> {
  const { progress } = context;
  let decoded: Plates | undefined;
  const decode = async (file: string) => {
    const tried = decodeOnDemand(file, index, context);
    await tried.preview();
    decoded = tried;
  };
  const { key: pictureKey, path, reused } = await obtainPicture(scene, index, context, decode);
  // Another scene may have bought it, or it is proven and nobody has decoded it here.
  const plates = decoded ?? decodeOnDemand(path, index, context);
  // Of a picture that was there already, segments and stills may be there too, and then nobody needs its plates.
  if (!reused) for (const plate of [plates.preview, plates.film]) plate().catch(() => {});
  const still = publishThumbnail({ scene: index, pictureKey, plate: plates.preview }, context).then(() => {
    progress.log({ type: "scene.picture", data: { scene: index, key: pictureKey, reused } });
    progress.finished("picture");
  });
  const poster =
    index === 0 ? publishPoster({ scene: index, pictureKey, plate: plates.film }, context) : null;
  const shown = Promise.all([still, poster]);
  // It may fail while the voice is still being waited for; whoever makes the film hears of it then.
  shown.catch(() => {});
  return { pictureKey, plates, shown };
}

/** The first scene's small plate alone, because somebody waits for it; else both at once, which is less work. */
function decodeOnDemand(path: string, index: number, context: FilmContext): Plates {
  const { encoders, folder, signal } = context;
  const film = { filmSize: context.filmSize, to: join(folder, `plate-${index}.yuv`) };
  const preview = { filmSize: context.previewSize, to: join(folder, `plate-${index}-preview.yuv`) };
  const decode = (sizes: { filmSize: Size; to: string }[], rank: number) =>
    encoders.run(signal, () => decodePicture(path, sizes, signal), rank);
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
