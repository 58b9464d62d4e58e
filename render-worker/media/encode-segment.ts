import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { SceneCamera } from "../../contract/camera.ts";
import { framesPerSecond } from "../../contract/film.ts";
import { buildFilterGraph } from "./camera/build-filter-graph.ts";
import { drawShot } from "./camera/draw-shot.ts";
import { loadKernel } from "./camera/load-kernel.ts";
import { type Look, plainLook } from "./camera/looks.ts";
import { planCamera, type Size } from "./camera/plan.ts";
import type { Plate, Shot } from "./camera/shot.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { stripArgs, stripFilter, stripFormat } from "./film-strip.ts";
import { framesToSeconds, keyFrameDistance } from "./grid.ts";
import { colourTags, exactTimes } from "./tags.ts";

export interface Segment {
  filmSize: Size;
  /** The scene's index in the film; it decides the camera's direction. */
  scene: number;
  camera?: SceneCamera | undefined;
  /** Absent: the camera alone, with a plain crossfade. */
  look?: Look;
  plate: Plate;
  /** A multiple of 16. */
  frames: number;
  /** The scene before: its picture fades out over the first frames, still moving. */
  earlier?: { plate: Plate; frames: number; camera?: SceneCamera | undefined } | undefined;
  /** The film's last scene fades to black. */
  closing: boolean;
  /** With an end card: its frames, over black at the end. */
  cardFrames?: number;
  /** A subtitle file whose name and folder the worker chose. */
  captions?: string | undefined;
  /** A preview has a lower bit rate. */
  quality?: "film" | "preview";
  /** The result: an MP4 without sound. */
  to: string;
  /** The scene's film strip, without captions, is written beside it. */
  strip?: string | undefined;
}

/**
 * The cores that one segment keeps busy; the machine's cores divided by this are the segments to encode at
 * the same time. Two threads in one encoder are as fast as two encoders with one thread, in 60 % of the
 * memory, and the first scene is ready in half the time. It is not the machine's number of cores, because
 * other thread counts give other bytes.
 */
const coresPerSegment = 2;

/**
 * Encodes one scene's pictures as exactly `frames` frames, in one closed segment that starts with a key frame
 * and needs only the picture of the scene before. Scenes may be encoded in any order and at the same time.
 *
 * @throws Transient, Cancelled
 */
export async function encodeSegment(
  segment: Segment,
  signal: AbortSignal,
  kernel: WebAssembly.Module | null = loadKernel(),
): Promise<void> {
  await encodeFrames(segment, segment.frames, kernel, signal);
  const { size } = await stat(segment.to);
  if ((8 * size) / framesToSeconds(segment.frames) > maxBitsPerSecond)
    await encodeFrames({ ...segment, isCapped: true }, segment.frames, kernel, signal);
}

/**
 * Encodes the first `count` frames of the segment. Those before a key frame have the same bytes whatever
 * `count` is.
 *
 * @throws Transient, Cancelled
 */
export async function encodeFrames(
  segment: Segment & { isCapped?: boolean },
  count: number,
  kernel: WebAssembly.Module | null,
  signal: AbortSignal,
): Promise<void> {
  const shot = buildShot(segment);
  const run = {
    cwd: dirname(segment.captions ?? segment.to),
    signal,
    timeoutMs: 60_000 + count * 1_000,
  };
  if (!kernel) {
    const { inputs, filter } = buildFilterGraph(shot);
    const strip = `;[shot]split[shot][plain];[plain]trim=end_frame=${count},${stripFilter(segment.filmSize)}[strip]`;
    const graph = segment.strip ? filter + strip : filter;
    const outputs = [{ file: segment.to, options: buildEncoderArgs(segment, count, graph) }];
    if (segment.strip) outputs.push({ file: segment.strip, options: ["-map", "[strip]", ...stripFormat] });
    await runFfmpeg({ ...run, inputs, outputs });
    return;
  }
  const drawing = drawShot(kernel, shot, count);
  try {
    const inputs = [{ source: drawing.frames, options: rawFrames(segment.filmSize) }];
    const outputs = [{ file: segment.to, options: buildEncoderArgs(segment, count) }];
    if (segment.strip) outputs.push({ file: segment.strip, options: stripArgs(segment.filmSize) });
    await runFfmpeg({ ...run, inputs, outputs });
  } finally {
    await drawing.end();
  }
}

/** The options before an input of raw frames. */
export const rawFrames = ({ width, height }: Size) => [
  ...["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", `${width}x${height}`],
  ...["-framerate", String(framesPerSecond), ...colourTags],
];

/** The shot that the camera draws for a segment. */
export function buildShot(segment: Segment): Shot {
  const {
    filmSize,
    scene,
    camera,
    look = plainLook,
    plate,
    frames,
    earlier,
    closing,
    cardFrames = 0,
  } = segment;
  const move = planCamera({ scene, camera, closing }, plate, filmSize, frames - cardFrames, look);
  const shot = { filmSize, look, frames, closing, cardFrames, layer: { plate, move, startFrame: 0, scene } };
  if (!earlier) return shot;
  const before = { scene: scene - 1, camera: earlier.camera };
  const way = planCamera(before, earlier.plate, filmSize, earlier.frames, look);
  return {
    ...shot,
    earlier: { plate: earlier.plate, move: way, startFrame: earlier.frames, scene: before.scene },
  };
}

/**
 * A camera over one picture needs little motion search and no search for cuts, its blocks need no splitting,
 * and its frames are equally hard, so the encoder need not look ahead. Without reference frames among the
 * B-frames and without room for odd time stamps it holds five frames less, 39 MB. The frames of a crossfade
 * show two moving pictures for half a second, and get two fifths of the bits. docs/decisions/0017 has the
 * figures.
 */
const x264Slides = (frames: number, fadeFrames: number) =>
  [
    `keyint=${keyFrameDistance(frames)}:bframes=7:b-adapt=0:subme=1:me=dia:weightp=0:scenecut=0:partitions=i8x8`,
    "open-gop=0:sync-lookahead=0:mbtree=0:rc-lookahead=0:pbratio=2.6:ipratio=1.4:qcomp=1:direct=temporal",
    "b-pyramid=none:force-cfr=1",
    ...(fadeFrames > 0 ? [`zones=0,${fadeFrames - 1},b=0.4`] : []),
  ].join(":");

/**
 * The highest average rate of a segment. Noisy pictures need several times the usual rate at the same
 * quality, and more than their declared level allows; such a segment is encoded a second time with this cap.
 * Rate control costs a quarter more CPU, so other segments do without. The cap is below level 3.0's limit of
 * 12.5 Mbit/s (the preview's) and level 4.0's of 25 Mbit/s (the film's), in rate and in buffer.
 *
 * @source ITU-T H.264, tables A-1 and A-2: MaxBR and MaxCPB of the High profile
 */
export const maxBitsPerSecond = 12_000_000;
const capArgs = ["-maxrate", String(maxBitsPerSecond), "-bufsize", String(maxBitsPerSecond)];

/**
 * The encoder's output options.
 *
 * @param count how many of the segment's frames are encoded, from the first on
 * @param shot a filter graph that makes the frames, if they do not come as the input
 * @throws Error if a caption file's name was not chosen by the worker
 */
export function buildEncoderArgs(
  {
    captions,
    frames,
    earlier,
    look = plainLook,
    quality,
    isCapped = false,
  }: Pick<Segment, "captions" | "frames" | "look" | "quality"> & {
    /** Anything: the segment begins with a crossfade. */
    earlier?: object | undefined;
    isCapped?: boolean;
  },
  count = frames,
  shot?: string,
): string[] {
  const fade = earlier ? look.fadeFrames : 0;
  const threads = String(coresPerSegment);
  return [
    ...filterArgs(shot, captions ? captionFilter(captions) : undefined),
    ...["-frames:v", String(count), "-c:v", "libx264", "-preset", "veryfast", "-crf", crf[quality ?? "film"]],
    ...(isCapped ? capArgs : []),
    ...(fade > 0 ? ["-force_key_frames", keyFramesAfter(fade, frames)] : []),
    ...[
      "-x264-params",
      x264Slides(frames, fade),
      "-threads",
      threads,
      "-profile:v",
      "high",
      "-pix_fmt",
      "yuv420p",
    ],
    ...[...colourTags, ...exactTimes, "-f", "mp4"],
  ];
}

/**
 * A key frame after the crossfade, so that another picture of the scene before changes the crossfade alone,
 * and where the pieces of a stream begin, from which x264 would count on otherwise.
 */
function keyFramesAfter(fade: number, frames: number): string {
  const distance = keyFrameDistance(frames);
  const pieces = Array.from({ length: Math.ceil(frames / distance) - 1 }, (_, i) => (i + 1) * distance);
  return `expr:${[fade, ...pieces].map((frame) => `eq(n,${frame})`).join("+")}`;
}

const crf = { film: "20", preview: "25" };

function filterArgs(shot: string | undefined, captions: string | undefined): string[] {
  if (shot) return ["-filter_complex", `${shot};[shot]${captions ?? "null"}[video]`, "-map", "[video]"];
  return captions ? ["-vf", captions] : [];
}

function captionFilter(file: string): string {
  const name = basename(file);
  if (!/^[a-z0-9-]+\.ass$/.test(name)) throw new Error("the worker did not choose this caption file's name");
  return `ass=${name}`;
}
