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
  readonly #sceneCount: number;
  readonly #published: PlaylistPiece[] = [];

  constructor(context: FilmContext, sceneCount: number) {
    this.#context = context;
    this.#sceneCount = sceneCount;
  }

  /** Resolves when the playlist names the scene's captions. `pieces`: the frames of each. */
  async publish(
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
    const uriOf = (piece: number) => `${index}-${piece}.vtt`;
    await Promise.all(texts.map((text, i) => uploadToStream(this.#context, `captions/${uriOf(i)}`, text)));
    this.#published.push(...pieces.map((frames, i) => ({ uri: uriOf(i), frames })));
    const ended = index === this.#sceneCount - 1;
    await uploadToStream(this.#context, captionsUri, writePlaylist(null, this.#published, { ended }));
  }
}
