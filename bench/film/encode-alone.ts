import { mkdir, rm, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { asNice, type Cost, measure } from "./measure.ts";
import type { RawFilm } from "./run-raw-frames.ts";

const rawOptions = "-f rawvideo -pixel_format yuv420p -video_size 1920x1080 -framerate 30";
/**
 * The worker's settings of 2026-11-22. They stay as they are, so that figures of different days have one
 * measure.
 */
const slides = "bframes=7:b-adapt=0:subme=1:me=dia:weightp=0";

/** The frames of a film as they go into the encoder. */
export interface RawFrames {
  /** The input options of ffmpeg for all of them. */
  input: string[];
  /** x264 on these frames and nothing else, in one process per core. */
  encodeAlone(): Promise<Cost & { megabytes: number }>;
  remove(): Promise<void>;
}

/** Draws the frames of a film with their captions into `film.folder`: 3 MB each. */
export async function drawRawFrames(film: RawFilm): Promise<RawFrames> {
  const cwd = film.folder;
  await mkdir(cwd, { recursive: true });
  const script = new URL("./run-raw-frames.ts", import.meta.url).pathname;
  await measure(process.execPath, [script, JSON.stringify(film)], cwd);
  const files = film.frames.map((_, scene) => join(cwd, `frames-${scene}.yuv`));
  return {
    input: [...rawOptions.split(" "), "-i", `concat:${files.join("|")}`],
    remove: () => rm(cwd, { recursive: true }),
    async encodeAlone() {
      const encoder = `-c:v libx264 -preset veryfast -crf 18 -x264-params ${slides} -threads 1`;
      const one = `ffmpeg -v error -nostdin -y ${rawOptions} -i frames-{}.yuv ${encoder} alone-{}.mp4`;
      const all = `seq 0 ${files.length - 1} | xargs -P ${availableParallelism()} -I{} ${one}`;
      const cost = await measure("nice", [...asNice, "sh", "-c", all], cwd);
      const sizes = await Promise.all(files.map((_, scene) => stat(join(cwd, `alone-${scene}.mp4`))));
      return { ...cost, megabytes: sizes.reduce((sum, { size }) => sum + size, 0) / 1e6 };
    },
  };
}
