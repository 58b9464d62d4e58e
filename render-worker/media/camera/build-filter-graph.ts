import { framesPerSecond } from "../../../contract/film.ts";
import type { FfmpegInput } from "../ffmpeg.ts";
import { blackFrames, closingFadeFrames, fadeFrames } from "../grid.ts";
import { windowAt } from "./plan.ts";
import type { Layer, Shot } from "./shot.ts";

/**
 * The same shot with ffmpeg's own filters, for a runtime that cannot run the kernel: the same camera path, as
 * smooth, at twice the time.
 *
 * @returns the inputs, and a filter graph whose output is labelled [shot]
 */
export function buildFilterGraph(shot: Shot): { inputs: FfmpegInput[]; filter: string } {
  const { layer, earlier, frames, closing } = shot;
  const inputs = [layer, ...(earlier ? [earlier] : [])].map(({ plate }) => ({
    source: plate.file,
    options: [
      ...["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", `${plate.width}x${plate.height}`],
      ...["-framerate", String(framesPerSecond)],
    ],
  }));
  // The first frame of xfade shows nothing of the later picture, but the kernel's does. So the graph starts a
  // frame early and drops that frame.
  const early = earlier ? 1 : 0;
  const own = `[0:v]${moveFilter(layer, shot, frames + early, early)}`;
  const steps = fadeFrames + 1;
  const fadeSeconds = (steps / framesPerSecond).toFixed(6);
  const joined = earlier
    ? `${own}[own];[1:v]${moveFilter(earlier, shot, fadeFrames + 2, early)}[earlier];` +
      `[earlier][own]xfade=transition=fade:duration=${fadeSeconds}:offset=0,trim=start_frame=1,setpts=PTS-STARTPTS`
    : own;
  const closingSteps = closingFadeFrames + 1;
  const end = closing
    ? `,fade=t=out:start_frame=${frames - blackFrames - closingSteps}:nb_frames=${closingSteps}`
    : "";
  return { inputs, filter: `${joined}${end}[shot]` };
}

/**
 * One plate as `count` frames of the camera's path. `perspective` maps a window to a frame of the plate's own
 * size, so it gets a window that is larger by that much, whose top left part is the film's frame.
 */
function moveFilter(
  { plate, move, startFrame }: Layer,
  { filmSize }: Shot,
  count: number,
  early: number,
): string {
  const edges = (frame: number) => {
    const seen = windowAt(move, startFrame - early + frame);
    const [stepX, stepY] = [seen.width / filmSize.width, seen.height / filmSize.height];
    const [left, top] = [seen.x + stepX / 2 - 0.5, seen.y + stepY / 2 - 0.5];
    return [left, top, left + stepX * plate.width, top + stepY * plate.height] as const;
  };
  // The filter counts frames from one.
  const [first, second] = [edges(0), edges(1)];
  const [left, top, right, bottom] = first.map(
    (at, i) => `'${at.toFixed(9)}+${((second[i] as number) - at).toFixed(9)}*(in-1)'`,
  );
  const corners = `x0=${left}:y0=${top}:x1=${right}:y1=${top}:x2=${left}:y2=${bottom}:x3=${right}:y3=${bottom}`;
  return [
    `loop=loop=${count - 1}:size=1:start=0`,
    `perspective=${corners}:sense=source:eval=frame:interpolation=linear`,
    `crop=${filmSize.width}:${filmSize.height}:0:0`,
  ].join(",");
}
