import { framesPerSecond } from "../../../contract/film.ts";
import type { FfmpegInput } from "../ffmpeg.ts";
import { blackFrames, closingFadeFrames } from "../grid.ts";
import type { Move, Window } from "./plan.ts";
import type { Layer, Shot } from "./shot.ts";

/**
 * The same shot with ffmpeg's own filters, for a runtime that cannot run the kernel: the same camera path, as
 * smooth, at twice the time, with a plain crossfade and without what the film's look adds.
 *
 * @returns the inputs, and a filter graph whose output is labelled [shot]
 */
export function buildFilterGraph(shot: Shot): { inputs: FfmpegInput[]; filter: string } {
  const { layer, earlier, frames, closing, cardFrames = 0, look } = shot;
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
  const steps = look.fadeFrames + 1;
  const fadeSeconds = (steps / framesPerSecond).toFixed(6);
  const joined = earlier
    ? `${own}[own];[1:v]${moveFilter(earlier, shot, look.fadeFrames + 2, early)}[earlier];` +
      `[earlier][own]xfade=transition=fade:duration=${fadeSeconds}:offset=0,trim=start_frame=1,setpts=PTS-STARTPTS`
    : own;
  const closingSteps = closingFadeFrames + 1;
  const end = closing
    ? `,fade=t=out:start_frame=${frames - blackFrames - cardFrames - closingSteps}:nb_frames=${closingSteps}`
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
  const edgesOf = (seen: Window) => {
    const [stepX, stepY] = [seen.width / filmSize.width, seen.height / filmSize.height];
    const [left, top] = [seen.x + stepX / 2 - 0.5, seen.y + stepY / 2 - 0.5];
    return [left, top, left + stepX * plate.width, top + stepY * plate.height] as const;
  };
  const [first, last] = [edgesOf(move.from), edgesOf(move.to)];
  const part = partExpression(move, startFrame - early);
  const [left, top, right, bottom] = first.map(
    (at, i) => `'${at.toFixed(9)}+${((last[i] as number) - at).toFixed(9)}*${part}'`,
  );
  const corners = `x0=${left}:y0=${top}:x1=${right}:y1=${top}:x2=${left}:y2=${bottom}:x3=${right}:y3=${bottom}`;
  return [
    `loop=loop=${count - 1}:size=1:start=0`,
    `perspective=${corners}:sense=source:eval=frame:interpolation=linear`,
    `crop=${filmSize.width}:${filmSize.height}:0:0`,
  ].join(",");
}

/** `partAt` as an expression of the filter, which counts frames from one. */
function partExpression({ frames, startSpeed, endSpeed }: Move, startFrame: number): string {
  const t = `((in+${startFrame - 1})/${frames - 1})`;
  const [square, cube] = [3 - 2 * startSpeed - endSpeed, startSpeed + endSpeed - 2];
  return `(${t}*(${startSpeed}+${t}*((${square.toFixed(9)})+${t}*(${cube.toFixed(9)}))))`;
}
