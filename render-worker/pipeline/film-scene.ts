/** One scene of the film: its pictures as a segment that follows the one before, and its sound. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildAss } from "../captions/build-ass.ts";
import type { TimedWord } from "../captions/timed-word.ts";
import type { Plate } from "../media/camera/shot.ts";
import { encodeSceneSound } from "../media/encode-scene-sound.ts";
import { encodeSegment } from "../media/encode-segment.ts";
import { framesToSeconds, leadInSeconds } from "../media/grid.ts";
import type { FilmContext } from "./make-film.ts";
import type { PreparedScene } from "./prepare-scene.ts";

export interface FilmedScene {
  index: number;
  /** MP4, pictures only. */
  segment: string;
  /** ADTS, exactly as long as the segment. */
  sound: string;
  frames: number;
  plate: Plate;
  words: TimedWord[];
}

/** `earlier` is the scene whose picture fades out over this one's head. */
export async function filmScene(
  scene: PreparedScene,
  earlier: PreparedScene | undefined,
  closing: boolean,
  context: FilmContext,
): Promise<FilmedScene> {
  const { folder, film, encoders, progress, signal } = context;
  const { index, plate, frames, words } = scene;
  const segment = join(folder, `segment-${index}.mp4`);
  const sound = join(folder, `sound-${index}.aac`);
  const captions = await writeCaptions(scene, context);
  await encoders.run(signal, async () => {
    await encodeSceneSound(scene.voice, frames, sound, signal);
    await encodeSegment(
      { film, scene: index, plate, frames, earlier, closing, captions, to: segment },
      signal,
    );
  });
  progress.log({
    type: "scene.ready",
    data: { scene: index, seconds: framesToSeconds(frames), reused: false },
  });
  progress.finished("segment");
  return { index, segment, sound, frames, plate, words };
}

/** The subtitle file to burn in, or nothing where none is wanted. */
async function writeCaptions(
  scene: PreparedScene,
  { folder, film, job }: FilmContext,
): Promise<string | undefined> {
  const style = job.options.captions;
  if (style === "none" && scene.title === null) return undefined;
  const path = join(folder, `captions-${scene.index}.ass`);
  const ass = buildAss({
    words: style === "none" ? [] : scene.words,
    style: style === "none" ? "sentence" : style,
    ...film,
    language: scene.language,
    leadInSeconds,
    ...(scene.title === null ? {} : { title: { text: scene.title, startSeconds: 0.4, endSeconds: 3.2 } }),
  });
  await writeFile(path, ass);
  return path;
}
