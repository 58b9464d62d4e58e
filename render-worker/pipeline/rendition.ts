/**
 * One size of a film's stream. Its scenes may be published in any order; each appears after those before it.
 * A piece is uploaded before the playlist that names it.
 */
import type { TimedWord } from "../captions/timed-word.ts";
import { abortable } from "../flow/abortable.ts";
import type { Size } from "../media/camera/plan.ts";
import { maxBitsPerSecond } from "../media/encode-segment.ts";
import { framesToSeconds } from "../media/grid.ts";
import { measureBitRates } from "../media/hls/bit-rates.ts";
import { type ListedRendition, type PlaylistPiece, writePlaylist } from "../media/hls/playlist.ts";
import { toHlsPieces } from "../media/hls/to-hls-pieces.ts";
import type { CaptionRendition } from "./caption-rendition.ts";
import type { FilmContext } from "./film-context.ts";
import { uploadToStream } from "./upload-to-stream.ts";

export interface ScenePictures {
  index: number;
  segment: string;
  sound: string;
  frames: number;
  words: readonly TimedWord[];
}

export interface SceneLengths {
  /** The number of frames of every scene, in order, as soon as it is known. */
  frames: Promise<number>[];
  /** The language spoken, as a BCP 47 tag. */
  language: string;
}

/**
 * A rendition that has no piece yet is declared with this many times the bit rate of the smaller one, which a
 * player reads only once: 1080p against 360p.
 */
const roomForSharper = 8;
/** High profile, level 4.0: what x264 chooses for a film in 1080p. */
const sharperCodec = "avc1.640028";

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
    const { index, segment: pictures, sound, frames } = scene;
    const startFrame = sum(await Promise.all(this.#scenes.frames.slice(0, index)));
    const place = { pictures, sound, startFrame, frames, language: this.#scenes.language };
    const { init, videoCodec, pieces } = await toHlsPieces(place);
    const listed = pieces.map(({ media, frames }, i) => ({
      uri: i === 0 ? `${index}.m4s` : `${index}-${i}.m4s`,
      ...{ frames, sizeBytes: media.length },
    }));
    const lengths = pieces.map((piece) => piece.frames);
    await Promise.all([
      index === 0 ? this.#put("init.mp4", init) : null,
      this.#captions?.upload(scene, startFrame, lengths),
      ...pieces.map(({ media }, i) => this.#put(listed[i]?.uri ?? "", media)),
    ]);
    this.#uploaded.add(index);
    await abortable(this.#turn[index]?.promise, this.#context.signal);
    this.#published.push(...listed);
    this.#captions?.add(index, lengths);
    if (index > 0 && this.#uploaded.has(index + 1)) return this.#waitForNext(index);
    await this.#list(videoCodec, index === this.#scenes.frames.length - 1);
    if (index === 0) {
      const data = { scene: 0, seconds: framesToSeconds(frames), rendition: this.#name };
      this.#context.progress.log({ type: "film.playable", data });
    }
    this.#listed[index]?.resolve();
    this.#turn[index + 1]?.resolve();
  }

  /**
   * Uploads the playlists of what is published so far side by side: players hear of the multivariant one only
   * after this, and the edge lets a request for a playlist wait that is not there yet.
   */
  async #list(videoCodec: string, ended: boolean): Promise<void> {
    const needs = measureBitRates(this.#published);
    await Promise.all([
      this.#captions?.list(ended),
      this.#put("index.m3u8", writePlaylist("init.mp4", this.#published, { ended })),
      this.#announce({ uri: this.uri, ...this.#size, videoCodec, ...needs }, ended),
    ]);
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
