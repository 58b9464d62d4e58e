import { leadInSeconds } from "../../contract/film.ts";
import { buildVttPieces } from "../captions/build-vtt-pieces.ts";
import type { TimedWord } from "../captions/timed-word.ts";
import { framesToSeconds } from "../media/grid.ts";
import { type PlaylistPiece, writePlaylist } from "../media/hls/playlist.ts";
import type { FilmContext } from "./film-context.ts";
import { uploadToStream } from "./upload-to-stream.ts";

/** The captions' playlist, as the multivariant playlist names it. */
export const captionsUri = "captions/index.m3u8";

/** The captions of the stream. Its scenes are published in order, cut like the pictures. */
export class CaptionRendition {
  readonly #context: FilmContext;
  readonly #published: PlaylistPiece[] = [];

  constructor(context: FilmContext) {
    this.#context = context;
  }

  /** Uploads a scene's captions, which the playlist does not name yet. `pieces`: the frames of each. */
  async upload(
    { index, words }: { index: number; words: readonly TimedWord[] },
    startFrame: number,
    pieces: readonly number[],
  ): Promise<void> {
    let end = startFrame;
    const spans = pieces.map((frames) => {
      end += frames;
      return { startSeconds: framesToSeconds(end - frames), endSeconds: framesToSeconds(end) };
    });
    const startSeconds = framesToSeconds(startFrame) + leadInSeconds;
    const texts = buildVttPieces({ words, startSeconds }, spans);
    await Promise.all(
      texts.map((text, i) => uploadToStream(this.#context, `captions/${uriOf(index, i)}`, text)),
    );
  }

  /** Adds an uploaded scene to the playlist's end. */
  add(index: number, pieces: readonly number[]): void {
    this.#published.push(...pieces.map((frames, i) => ({ uri: uriOf(index, i), frames })));
  }

  /** Uploads the playlist. */
  async list(ended: boolean): Promise<void> {
    await uploadToStream(this.#context, captionsUri, writePlaylist(null, this.#published, { ended }));
  }
}

const uriOf = (scene: number, piece: number) => `${scene}-${piece}.vtt`;
