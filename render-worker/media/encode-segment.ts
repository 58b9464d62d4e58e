import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { framesPerSecond } from "../../contract/film.ts";
import { buildFilterGraph } from "./camera/build-filter-graph.ts";
import { drawShot } from "./camera/draw-shot.ts";
import { loadKernel } from "./camera/load-kernel.ts";
import { planCamera, type Size } from "./camera/plan.ts";
import type { Plate, Shot } from "./camera/shot.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { framesToSeconds, longestPieceFrames } from "./grid.ts";
import { colourTags, exactTimes } from "./tags.ts";

export interface Segment {
  filmSize: Size;
  /** Index of the scene in the film; it decides which way the camera goes. */
  scene: number;
  plate: Plate;
  /** A multiple of 16. */
  frames: number;
  /** The scene before: its picture fades out over the first 16 frames, still moving. */
  earlier?: { plate: Plate; frames: number } | undefined;
  /** The film's last scene fades to black. */
  closing: boolean;
  /** A subtitle file of our own making, in a folder of our own naming. */
  captions?: string | undefined;
  /** A preview is small on the wire. */
  quality?: "film" | "preview";
  /** The finished piece: MP4, pictures only. */
  to: string;
}

/**
 * Cores that one segment keeps busy: as many segments at the same time as this goes into the machine's. Two threads
 * in one encoder are as fast as two encoders with one, in 60 % of the memory, and the first scene is there in half
 * the time. Not the machine's number of cores: with other numbers come other bytes.
 */
export const coresPerSegment = 2;

/**
 * Encodes one scene's pictures as exactly `frames` frames: closed, key frame first, needing nothing of its
 * neighbours but the earlier scene's picture. Scenes may be encoded in any order and at the same time.
 */
export async function encodeSegment(
  segment: Segment,
  signal: AbortSignal,
  kernel: WebAssembly.Module | null = loadKernel(),
): Promise<void> {
  await encode(segment, kernel, signal);
  const { size } = await stat(segment.to);
  if ((8 * size) / framesToSeconds(segment.frames) > maxBitsPerSecond)
    await encode({ ...segment, isCapped: true }, kernel, signal);
}

async function encode(
  segment: Segment & { isCapped?: boolean },
  kernel: WebAssembly.Module | null,
  signal: AbortSignal,
): Promise<void> {
  const shot = buildShot(segment);
  const run = {
    cwd: dirname(segment.captions ?? segment.to),
    signal,
    timeoutMs: 60_000 + segment.frames * 1_000,
  };
  if (!kernel) {
    const { inputs, filter } = buildFilterGraph(shot);
    await runFfmpeg({
      ...run,
      inputs,
      outputs: [{ file: segment.to, options: buildEncoderArgs(segment, filter) }],
    });
    return;
  }
  const drawing = drawShot(kernel, shot);
  try {
    const inputs = [{ source: drawing.frames, options: rawFrames(segment.filmSize) }];
    await runFfmpeg({ ...run, inputs, outputs: [{ file: segment.to, options: buildEncoderArgs(segment) }] });
  } finally {
    await drawing.end();
  }
}

/** Options before an input of raw frames, such as the camera's. */
export const rawFrames = ({ width, height }: Size) => [
  ...["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", `${width}x${height}`],
  ...["-framerate", String(framesPerSecond), ...colourTags],
];

/** What the camera films for a segment. */
export function buildShot({ filmSize, scene, plate, frames, earlier, closing }: Segment): Shot {
  const layer = { plate, move: planCamera(scene, plate, filmSize, frames), startFrame: 0 };
  if (!earlier) return { filmSize, frames, closing, layer };
  const move = planCamera(scene - 1, earlier.plate, filmSize, earlier.frames);
  return {
    filmSize,
    frames,
    closing,
    layer,
    earlier: { plate: earlier.plate, move, startFrame: earlier.frames },
  };
}

/**
 * A camera over a still needs little motion search and no search for cuts, and its blocks need no splitting: against
 * plain veryfast a camera's film costs half the time at the same SSIM.
 */
const x264Slides = `keyint=${longestPieceFrames}:bframes=7:b-adapt=0:subme=1:me=dia:weightp=0:scenecut=0:partitions=i8x8:open-gop=0:sync-lookahead=0`;

/**
 * What a segment may need on average. Pictures full of noise need several times as much at the same quality, and more
 * than their declared level allows; such a segment is encoded a second time, in this rate. The rate control for that
 * costs a quarter more CPU, so the others go without. Below level 3.0's limit of 12.5 Mbit/s (the preview's) and
 * level 4.0's of 25 Mbit/s (the film's), in rate and in buffer.
 *
 * @source ITU-T H.264, tables: MaxBR and MaxCPB of the High profile
 */
export const maxBitsPerSecond = 12_000_000;
const capArgs = ["-maxrate", String(maxBitsPerSecond), "-bufsize", String(maxBitsPerSecond)];

/** `shot` is a filter graph that makes the frames, where they do not come as the input. */
export function buildEncoderArgs(
  {
    captions,
    frames,
    quality,
    isCapped = false,
  }: Pick<Segment, "captions" | "frames" | "quality"> & {
    isCapped?: boolean;
  },
  shot?: string,
): string[] {
  const threads = String(coresPerSegment);
  return [
    ...filterArgs(shot, captions ? captionFilter(captions) : undefined),
    ...[
      "-frames:v",
      String(frames),
      "-c:v",
      "libx264",
      "-preset",
      "veryfast",
      "-crf",
      crf[quality ?? "film"],
    ],
    ...(isCapped ? capArgs : []),
    ...["-x264-params", x264Slides, "-threads", threads, "-profile:v", "high", "-pix_fmt", "yuv420p"],
    ...[...colourTags, ...exactTimes, "-f", "mp4"],
  ];
}

const crf = { film: "18.5", preview: "24" };

function filterArgs(shot: string | undefined, captions: string | undefined): string[] {
  if (shot) return ["-filter_complex", `${shot};[shot]${captions ?? "null"}[video]`, "-map", "[video]"];
  return captions ? ["-vf", captions] : [];
}

function captionFilter(file: string): string {
  const name = basename(file);
  if (!/^[a-z0-9-]+\.ass$/.test(name)) throw new Error("a caption file's name must be ours");
  return `ass=${name}`;
}
