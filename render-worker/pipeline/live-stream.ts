/**
 * The HLS stream of a film that is still being made. It grows scene by scene, in order, in two renditions and
 * captions. The small rendition comes first, so that playback can start as soon as the first scene's picture
 * and voice are ready.
 *
 * A piece is uploaded before the playlist that names it. The multivariant playlist follows the small
 * rendition's first piece and lists both renditions, because players read it once; until the large one's
 * playlist is there, the edge lets a request for it wait.
 */
import type { TimedWord } from "../captions/timed-word.ts";
import type { Size } from "../media/camera/plan.ts";
import { maxBitsPerSecond } from "../media/encode-segment.ts";
import { framesToSeconds } from "../media/grid.ts";
import { measureBitRates } from "../media/hls/bit-rates.ts";
import {
  type ListedRendition,
  type PlaylistPiece,
  writeMultivariantPlaylist,
  writePlaylist,
} from "../media/hls/playlist.ts";
import { toHlsPieces } from "../media/hls/to-hls-pieces.ts";
import { CaptionRendition, captionsUri } from "./caption-rendition.ts";
import type { FilmContext } from "./film-context.ts";
import { uploadToStream } from "./upload-to-stream.ts";

export interface ScenePictures {
  index: number;
  segment: string;
  sound: string;
  frames: number;
  words: readonly TimedWord[];
}

/** Busier scenes may follow, so a rendition declares its bit rate so far times this factor. */
const roomForMore = 1.5;

/**
 * A rendition that has no piece yet is declared with this many times the bit rate of the smaller one, which a
 * player reads only once: 1080p against 360p.
 */
const roomForSharper = 8;
/** High profile, level 4.0: what x264 chooses for a film in 1080p. */
const sharperCodec = "avc1.640028";

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

export interface SceneLengths {
  /** The number of frames of every scene, in order, as soon as it is known. */
  frames: Promise<number>[];
  /** The language spoken, as a BCP 47 tag. */
  language: string;
}

interface PublishedPiece extends PlaylistPiece {
  sizeBytes: number;
}

export class Rendition {
  readonly #size: Size;
  readonly #context: FilmContext;
  readonly #scenes: SceneLengths;
  readonly #announce: (needs: ListedRendition, ended: boolean) => Promise<void>;
  readonly #turn: PromiseWithResolvers<void>[];
  /** The scenes whose pieces are uploaded. */
  readonly #uploaded = new Set<number>();
  /** Resolves for each scene when the playlists name it. */
  readonly #listed: PromiseWithResolvers<void>[];
  readonly #published: PublishedPiece[] = [];
  /** Null: another rendition publishes them. */
  readonly #captions: CaptionRendition | null;

  constructor(
    size: Size,
    context: FilmContext,
    scenes: SceneLengths,
    announce: (needs: ListedRendition, ended: boolean) => Promise<void>,
    captions: CaptionRendition | null,
  ) {
    this.#captions = captions;
    this.#size = size;
    this.#context = context;
    this.#scenes = scenes;
    this.#announce = announce;
    this.#turn = scenes.frames.map(() => Promise.withResolvers());
    this.#turn[0]?.resolve();
    this.#listed = scenes.frames.map(() => Promise.withResolvers());
  }

  get #name(): string {
    return `${Math.min(this.#size.width, this.#size.height)}p`;
  }

  /** The address of its playlist in the stream. */
  get uri(): string {
    return `${this.#name}/index.m3u8`;
  }

  /** What is declared of it before its first piece, from a smaller rendition. */
  foresee({ peakBitsPerSecond, averageBitsPerSecond }: ListedRendition): ListedRendition {
    return {
      uri: this.uri,
      ...this.#size,
      videoCodec: sharperCodec,
      peakBitsPerSecond: Math.min(maxBitsPerSecond, peakBitsPerSecond * roomForSharper),
      averageBitsPerSecond: Math.min(maxBitsPerSecond, averageBitsPerSecond * roomForSharper),
    };
  }

  /** Resolves when the scene can be played. */
  async publish(scene: ScenePictures): Promise<void> {
    const { signal } = this.#context;
    const startFrame = sum(await Promise.all(this.#scenes.frames.slice(0, scene.index)));
    const { segment: pictures, sound, frames } = scene;
    const place = { pictures, sound, startFrame, frames, language: this.#scenes.language };
    const { init, videoCodec, pieces } = await toHlsPieces(place);
    const uriOf = (piece: number) => (piece === 0 ? `${scene.index}.m4s` : `${scene.index}-${piece}.m4s`);
    const lengths = pieces.map((piece) => piece.frames);
    await Promise.all([
      this.#captions?.upload(scene, startFrame, lengths),
      ...pieces.map(({ media }, i) => this.#put(uriOf(i), media)),
    ]);
    this.#uploaded.add(scene.index);
    await abortable(this.#turn[scene.index]?.promise, signal);
    if (scene.index === 0) await this.#put("init.mp4", init);
    for (const [i, { media, frames }] of pieces.entries())
      this.#published.push({ uri: uriOf(i), frames, sizeBytes: media.length });
    this.#captions?.add(scene.index, lengths);
    if (scene.index > 0 && this.#uploaded.has(scene.index + 1)) return this.#waitForNext(scene.index);
    const ended = scene.index === this.#scenes.frames.length - 1;
    await this.#captions?.list(ended);
    await this.#put("index.m3u8", writePlaylist("init.mp4", this.#published, { ended }));
    const needs = measureBitRates(this.#published);
    await this.#announce({ uri: this.uri, ...this.#size, videoCodec, ...needs }, ended);
    if (scene.index === 0) {
      const data = { scene: 0, seconds: framesToSeconds(frames), rendition: this.#name };
      this.#context.progress.log({ type: "film.playable", data });
    }
    this.#listed[scene.index]?.resolve();
    this.#turn[scene.index + 1]?.resolve();
  }

  /** The next scene's pieces are there already, so its playlists name this scene too. */
  async #waitForNext(scene: number): Promise<void> {
    this.#turn[scene + 1]?.resolve();
    await abortable(this.#listed[scene + 1]?.promise, this.#context.signal);
    this.#listed[scene]?.resolve();
  }

  #put(name: string, body: Buffer | string): Promise<void> {
    return uploadToStream(this.#context, `${this.#name}/${name}`, body);
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/**
 * Waits for `promise`, or rejects on an abort: the scene before may have failed, and then the turn never
 * comes.
 */
async function abortable(promise: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
