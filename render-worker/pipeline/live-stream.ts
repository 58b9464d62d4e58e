/**
 * The HLS stream of a film that is still being made. It grows scene by scene, in order, in two renditions.
 * The small one comes first, so that playback can start as soon as the first scene's picture and voice are
 * ready.
 *
 * A piece is uploaded before the playlist that names it, and a playlist before the multivariant playlist that
 * names it: a player never finds an address that leads nowhere.
 */
import { filmKey } from "../../contract/storage.ts";
import type { Size } from "../media/camera/plan.ts";
import { framesToSeconds } from "../media/grid.ts";
import { measureBitRates } from "../media/hls/bit-rates.ts";
import {
  type ListedRendition,
  type PlaylistPiece,
  targetSeconds,
  writeMultivariantPlaylist,
  writePlaylist,
} from "../media/hls/playlist.ts";
import { toHlsPieces } from "../media/hls/to-hls-pieces.ts";
import type { FilmContext } from "./film-context.ts";

export interface ScenePictures {
  index: number;
  segment: string;
  sound: string;
  frames: number;
}

/** Busier scenes may follow, so a rendition declares its bit rate so far times this factor. */
const roomForMore = 1.5;

const contentTypes = {
  mp4: "video/mp4",
  m4s: "video/iso.segment",
  m3u8: "application/vnd.apple.mpegurl",
};

export class LiveStream {
  readonly #context: FilmContext;
  readonly #scenes: SceneLengths;
  readonly #variants = new Map<string, ListedRendition>();
  readonly #playable = Promise.withResolvers<void>();
  /** Resolves when the first piece can be played. */
  readonly playable = this.#playable.promise;
  /** Serialises the uploads of the multivariant playlist: an older one must not replace a newer one. */
  #written: Promise<void> = Promise.resolve();

  constructor(context: FilmContext, scenes: SceneLengths) {
    this.#context = context;
    this.#scenes = scenes;
    // renderScene reports a scene that fails. Without this handler the rejection could be unhandled before
    // then.
    for (const frames of scenes.frames) frames.catch(() => {});
  }

  /**
   * A rendition of this size. Its scenes may be published in any order; each appears after those before it.
   */
  rendition(size: Size): Rendition {
    return new Rendition(size, this.#context, this.#scenes, (needs, ended) => this.#announce(needs, ended));
  }

  /**
   * Declares the rendition's bit rate with room for busier scenes. Declares it again when that was too
   * little, and exactly when the rendition has ended.
   */
  async #announce(needs: ListedRendition, ended: boolean): Promise<void> {
    const declared = this.#variants.get(needs.uri)?.peakBitsPerSecond ?? 0;
    if (!ended && needs.peakBitsPerSecond <= declared) return;
    const peakBitsPerSecond = needs.peakBitsPerSecond * (ended ? 1 : roomForMore);
    this.#variants.set(needs.uri, { ...needs, peakBitsPerSecond });
    const write = () => {
      const variants = [...this.#variants.values()].sort((a, b) => a.height - b.height);
      return upload(this.#context, "index.m3u8", writeMultivariantPlaylist(variants));
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
  readonly #published: PublishedPiece[] = [];

  constructor(
    size: Size,
    context: FilmContext,
    scenes: SceneLengths,
    announce: (needs: ListedRendition, ended: boolean) => Promise<void>,
  ) {
    this.#size = size;
    this.#context = context;
    this.#scenes = scenes;
    this.#announce = announce;
    this.#turn = scenes.frames.map(() => Promise.withResolvers());
    this.#turn[0]?.resolve();
  }

  get #name(): string {
    return `${Math.min(this.#size.width, this.#size.height)}p`;
  }

  /** Resolves when the scene can be played. */
  async publish(scene: ScenePictures): Promise<void> {
    const { signal, folder } = this.#context;
    const startFrame = sum(await Promise.all(this.#scenes.frames.slice(0, scene.index)));
    const { segment: pictures, sound, frames } = scene;
    const place = { pictures, sound, startFrame, frames, language: this.#scenes.language };
    const { init, videoCodec, pieces } = await toHlsPieces(place, folder, signal);
    const uriOf = (piece: number) => (piece === 0 ? `${scene.index}.m4s` : `${scene.index}-${piece}.m4s`);
    await Promise.all(pieces.map(({ media }, i) => this.#put(uriOf(i), media)));
    await abortable(this.#turn[scene.index]?.promise, signal);
    if (scene.index === 0) await this.#put("init.mp4", init);
    for (const [i, { media, frames }] of pieces.entries())
      this.#published.push({ uri: uriOf(i), frames, sizeBytes: media.length });
    const ended = scene.index === this.#scenes.frames.length - 1;
    await this.#put("index.m3u8", writePlaylist("init.mp4", this.#published, { ended }));
    const needs = measureBitRates(this.#published, targetSeconds);
    await this.#announce({ uri: `${this.#name}/index.m3u8`, ...this.#size, videoCodec, ...needs }, ended);
    if (scene.index === 0) {
      const data = { scene: 0, seconds: framesToSeconds(frames), rendition: this.#name };
      this.#context.progress.log({ type: "film.playable", data });
    }
    this.#turn[scene.index + 1]?.resolve();
  }

  #put(name: string, body: Buffer | string): Promise<void> {
    return upload(this.#context, `${this.#name}/${name}`, body);
  }
}

function upload({ job, storage, signal }: FilmContext, name: string, body: Buffer | string): Promise<void> {
  const type = contentTypes[name.split(".").at(-1) as keyof typeof contentTypes];
  return storage.put(filmKey(job.dream_id, job.job_id, job.attempt, `hls/${name}`), body, type, signal);
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
