/**
 * The HLS stream of a film that is still being made. It grows scene by scene, in order, in two renditions and
 * captions. The small rendition comes first, so that playback can start as soon as the first scene's picture
 * and voice are ready.
 *
 * A piece is uploaded before the playlist that names it. The multivariant playlist follows the small
 * rendition's first piece and lists both renditions, because players read it once; until the large one's
 * playlist is there, the edge lets a request for it wait.
 */
import type { Size } from "../media/camera/plan.ts";
import { type ListedRendition, writeMultivariantPlaylist } from "../media/hls/playlist.ts";
import { CaptionRendition, captionsUri } from "./caption-rendition.ts";
import type { FilmContext } from "./film-context.ts";
import { Rendition, type SceneLengths } from "./rendition.ts";
import { uploadToStream } from "./upload-to-stream.ts";

/** Busier scenes may follow, so a rendition declares its bit rate so far times this factor. */
const roomForMore = 1.5;

export class LiveStream {
  readonly #context: FilmContext;
  readonly #scenes: SceneLengths;
  readonly #variants = new Map<string, ListedRendition>();
  readonly #renditions: Rendition[] = [];
  readonly #captions: CaptionRendition;
  readonly #playable = Promise.withResolvers<void>();
  /** Resolves when the first piece can be played. */
  readonly playable = this.#playable.promise;
  /** Serialises the uploads of the multivariant playlist: an older one must not replace a newer one. */
  #written: Promise<void> = Promise.resolve();

  constructor(context: FilmContext, scenes: SceneLengths) {
    this.#context = context;
    this.#scenes = scenes;
    this.#captions = new CaptionRendition(context);
    // renderScene reports a scene that fails. Without this handler the rejection could be unhandled before
    // then.
    for (const frames of scenes.frames) frames.catch(() => {});
  }

  /**
   * A rendition of this size. Its scenes may be published in any order; each appears after those before it.
   * Ask for all renditions before the first scene is published: the stream lists them from its beginning on.
   */
  rendition(size: Size): Rendition {
    const isFirst = this.#renditions.length === 0;
    const announce = (needs: ListedRendition, ended: boolean) => this.#announce(needs, ended);
    const captions = isFirst ? this.#captions : null;
    const rendition = new Rendition(size, this.#context, this.#scenes, announce, captions);
    this.#renditions.push(rendition);
    return rendition;
  }

  /**
   * Declares the rendition's bit rate with room for busier scenes. Declares it again when that was too
   * little, and exactly when the rendition has ended.
   */
  async #announce(needs: ListedRendition, ended: boolean): Promise<void> {
    const declared = this.#variants.get(needs.uri)?.peakBitsPerSecond ?? 0;
    if (!ended && needs.peakBitsPerSecond <= declared) return;
    const peakBitsPerSecond = needs.peakBitsPerSecond * (ended ? 1 : roomForMore);
    const listed = { ...needs, peakBitsPerSecond };
    this.#variants.set(needs.uri, listed);
    const write = () => {
      const variants = this.#renditions.map((one) => this.#variants.get(one.uri) ?? one.foresee(listed));
      const { language } = this.#scenes;
      const areInPictures = this.#context.job.options.captions !== "none";
      const captions = { uri: captionsUri, language, areInPictures };
      return uploadToStream(
        this.#context,
        "index.m3u8",
        writeMultivariantPlaylist(
          variants.sort((a, b) => a.height - b.height),
          captions,
        ),
      );
    };
    this.#written = this.#written.then(write);
    await this.#written;
    this.#playable.resolve();
  }
}
