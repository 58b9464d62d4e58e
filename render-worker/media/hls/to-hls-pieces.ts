import { readFile } from "node:fs/promises";
import { unpackAdts } from "../adts.ts";
import { aacFrameSamples, framesToAacFrames, framesToSamples, keyFrameDistance } from "../grid.ts";
import { readPictures } from "../mp4/read-pictures.ts";
import { writeFragment } from "../mp4/write-fragment.ts";
import { writeInit } from "../mp4/write-init.ts";
import { toMp4Language } from "../mp4-language.ts";
import { frameTicks } from "../tags.ts";

export interface HlsPieces {
  /** The init section before all pieces. Equal in all scenes of a rendition: publish the first. */
  init: Buffer;
  /** For example "avc1.640028". */
  videoCodec: string;
  pieces: { media: Buffer; frames: number }[];
}

/**
 * Turns a scene's pictures and sound into pieces of an HLS rendition, at their place in the film: one piece,
 * or several if the scene is longer than `longestPieceFrames`. Nothing is encoded again, so the pieces are
 * the film's own frames. They join without a discontinuity, at whatever time each is made.
 *
 * @param scene files of `encodeSegment` and `encodeSceneSound`; `language` is a BCP 47 tag
 * @throws Error if a file is cut
 */
export async function toHlsPieces(scene: {
  pictures: string;
  sound: string;
  startFrame: number;
  frames: number;
  language: string;
}): Promise<HlsPieces> {
  const pictures = readPictures(await readFile(scene.pictures));
  const sound = unpackAdts(await readFile(scene.sound));
  const distance = keyFrameDistance(scene.frames);
  const pieces = Array.from({ length: Math.ceil(scene.frames / distance) }, (_, i) => {
    const [from, to] = [i * distance, Math.min((i + 1) * distance, scene.frames)];
    const shown = pictures.frames.slice(from, to);
    if (shown.length !== to - from || !shown[0]?.isKey)
      throw new Error("the segment's key frames are at the wrong frames");
    const start = scene.startFrame + from;
    const fragment = {
      pictures: shown,
      pictureTicks: frameTicks,
      pictureStart: start * frameTicks,
      sound: sound.frames.slice(framesToAacFrames(from), framesToAacFrames(to)),
      soundStart: framesToSamples(start),
    };
    if (fragment.sound.length * aacFrameSamples !== framesToSamples(to - from))
      throw new Error("the scene's sound is not as long as its pictures");
    return { frames: to - from, media: writeFragment(fragment, i + 1) };
  });
  const init = writeInit(pictures, toMp4Language(scene.language), sound.config);
  return { init, videoCodec: pictures.codec, pieces };
}
