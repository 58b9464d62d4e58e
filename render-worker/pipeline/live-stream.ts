/**
 * The film while it is being made: an HLS stream that grows scene by scene, in order, in two renditions. The small one
 * comes first, so that watching starts as soon as the first scene's picture and voice are there.
 *
 * A piece is uploaded before the playlist that names it, a playlist before the multivariant one that names it: a
 * player never finds an address that leads nowhere.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { filmKey } from "../../contract/storage.ts";
import type { Size } from "../media/camera/plan.ts";
import { framesToSeconds } from "../media/grid.ts";
import {
  type Rendition as ListedRendition,
  writeMultivariantPlaylist,
  writePlaylist,
} from "../media/hls/playlist.ts";
import { type HlsPiece, toHlsPiece } from "../media/hls/to-hls-piece.ts";
import type { FilmContext } from "./film-context.ts";

export interface ScenePictures {
  index: number;
  segment: string;
  sound: string;
  frames: number;
}

/**
 * Eight seconds, which nearly every scene keeps to. A playlist's target duration should never change; where a scene is
 * longer it grows, which players follow, rather than make them look half as often for all the others.
 */
const usualLongestFrames = 240;

const contentTypes = {
  mp4: "video/mp4",
  m4s: "video/iso.segment",
  m3u8: "application/vnd.apple.mpegurl",
};

export class LiveStream {
  readonly #context: FilmContext;
  readonly #sceneFrames: Promise<number>[];
  readonly #variants: ListedRendition[] = [];
  readonly #playable = Promise.withResolvers<void>();
  /** Settles when there is something to watch. */
  readonly playable = this.#playable.promise;

  /** `sceneFrames`: the length of every scene, in order, as soon as it is known. */
  constructor(context: FilmContext, sceneFrames: Promise<number>[]) {
    this.#context = context;
    this.#sceneFrames = sceneFrames;
    // A scene that fails is its maker's to tell; here it may fail before anybody waits for its length.
    for (const frames of sceneFrames) frames.catch(() => {});
  }

  /** A rendition to add scenes to, in any order; each is published when those before it have been. */
  rendition(size: Size): Rendition {
    return new Rendition(size, this.#context, this.#sceneFrames, (variant) => this.#announce(variant));
  }

  async #announce(variant: ListedRendition): Promise<void> {
    this.#variants.push(variant);
    this.#variants.sort((a, b) => a.height - b.height);
    await upload(this.#context, "index.m3u8", writeMultivariantPlaylist(this.#variants));
    this.#playable.resolve();
  }
}

export class Rendition {
  readonly #size: Size;
  readonly #context: FilmContext;
  readonly #sceneFrames: Promise<number>[];
  readonly #announce: (variant: ListedRendition) => Promise<void>;
  readonly #turn: PromiseWithResolvers<void>[];
  readonly #published: number[] = [];

  constructor(
    size: Size,
    context: FilmContext,
    sceneFrames: Promise<number>[],
    announce: (variant: ListedRendition) => Promise<void>,
  ) {
    this.#size = size;
    this.#context = context;
    this.#sceneFrames = sceneFrames;
    this.#announce = announce;
    this.#turn = sceneFrames.map(() => Promise.withResolvers());
    this.#turn[0]?.resolve();
  }

  get #name(): string {
    return `${Math.min(this.#size.width, this.#size.height)}p`;
  }

  /** Resolves when the scene can be played. */
  async publish(scene: ScenePictures): Promise<void> {
    const { signal, folder } = this.#context;
    const startFrame = sum(await Promise.all(this.#sceneFrames.slice(0, scene.index)));
    const to = join(folder, `piece-${this.#name}-${scene.index}.m4s`);
    const { segment: pictures, sound } = scene;
    const piece = await toHlsPiece({ pictures, sound, startFrame }, to, signal);
    await this.#put(`${scene.index}.m4s`, await readFile(to));
    await abortable(this.#turn[scene.index]?.promise, signal);
    if (scene.index === 0) await this.#put("init.mp4", piece.init);
    this.#published.push(scene.frames);
    const ended = this.#published.length === this.#sceneFrames.length;
    const pieces = this.#published.map((frames, index) => ({ uri: `${index}.m4s`, frames }));
    const longestFrames = Math.max(usualLongestFrames, ...this.#published);
    await this.#put("index.m3u8", writePlaylist("init.mp4", pieces, { ended, longestFrames }));
    if (scene.index === 0) {
      await this.#announce(this.#describe(piece, scene.frames));
      const seconds = framesToSeconds(scene.frames);
      const data = { scene: scene.index, seconds, rendition: this.#name };
      this.#context.progress.log({ type: "film.playable", data });
    }
    this.#turn[scene.index + 1]?.resolve();
  }

  #describe(piece: HlsPiece, frames: number): ListedRendition {
    const { width, height } = this.#size;
    return {
      uri: `${this.#name}/index.m3u8`,
      width,
      height,
      videoCodec: piece.videoCodec,
      // The first scene's rate, with room for busier ones after it.
      peakBitsPerSecond: (1.5 * piece.sizeBytes * 8) / framesToSeconds(frames),
    };
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

/** Another scene may have failed before this one's turn came: an abort ends the waiting. */
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
