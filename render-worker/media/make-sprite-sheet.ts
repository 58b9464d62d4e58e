import { dirname } from "node:path";
import { Readable } from "node:stream";
import { framesPerSecond } from "../../contract/film.ts";
import type { Size } from "./camera/plan.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { stripDistance, tileSize } from "./film-strip.ts";

/** Where the images of a sprite sheet are: images of a film at even distances, for a player's seek bar. */
export interface SpriteSheetPlan {
  everySeconds: number;
  columns: number;
  rows: number;
  tile: Size;
  durationSeconds: number;
}

const mostTiles = 60;
const columns = 10;

/** The plan for a film of this length: at most 60 images, in rows of 10. */
export function planSpriteSheet(preview: Size, durationSeconds: number): SpriteSheetPlan {
  const everySeconds = Math.max(1, Math.ceil(durationSeconds / mostTiles));
  const tiles = Math.max(1, Math.ceil(durationSeconds / everySeconds));
  return {
    everySeconds,
    columns: Math.min(columns, tiles),
    rows: Math.ceil(tiles / columns),
    tile: tileSize(preview),
    durationSeconds,
  };
}

/** A scene's strip. */
export interface Strip {
  strip(): Promise<Buffer>;
  /** Of the scene. */
  frames: number;
}

/**
 * Writes the sprite sheet as a JPEG, from the strips of the film's scenes.
 *
 * @throws Transient, Cancelled
 */
export async function makeSpriteSheet(
  strips: readonly Strip[],
  plan: SpriteSheetPlan,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  const { columns, rows, tile } = plan;
  const size = `${columns * tile.width}x${rows * tile.height}`;
  const sheet = Readable.from([await drawSheet(strips, plan)]);
  await runFfmpeg({
    inputs: [{ source: sheet, options: ["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", size] }],
    outputs: [{ file: to, options: ["-frames:v", "1", "-c:v", "mjpeg", "-q:v", "4", "-f", "mjpeg"] }],
    cwd: dirname(to),
    signal,
    timeoutMs: 60_000,
  });
}

/** The sheet's planes. Places after the film's end are black. */
async function drawSheet(strips: readonly Strip[], plan: SpriteSheetPlan): Promise<Buffer> {
  const { columns, rows, tile } = plan;
  const sheetPlanes = planesOf({ width: columns * tile.width, height: rows * tile.height });
  const sheet = Buffer.concat(
    sheetPlanes.map(({ width, height }, i) => Buffer.alloc(width * height, i === 0 ? 16 : 128)),
  );
  let [strip, startFrame] = [-1, 0];
  let images: Buffer = Buffer.alloc(0);
  for (let place = 0; place < columns * rows && place * plan.everySeconds < plan.durationSeconds; place++) {
    const frame = Math.round(place * plan.everySeconds * framesPerSecond);
    while (strip < 0 || frame >= startFrame + (strips[strip]?.frames ?? Number.POSITIVE_INFINITY)) {
      startFrame += strips[strip]?.frames ?? 0;
      images = await (strips[++strip] as Strip).strip();
    }
    const last = Math.ceil((strips[strip] as Strip).frames / stripDistance) - 1;
    const nearest = Math.min(last, Math.round((frame - startFrame) / stripDistance));
    copyTile(images, nearest, tile, sheet, sheetPlanes, {
      x: place % columns,
      y: Math.floor(place / columns),
    });
  }
  return sheet;
}

/** The planes of an image in 4:2:0. */
const planesOf = ({ width, height }: Size): Size[] => [
  { width, height },
  { width: width / 2, height: height / 2 },
  { width: width / 2, height: height / 2 },
];

function copyTile(
  images: Buffer,
  image: number,
  tile: Size,
  sheet: Buffer,
  sheetPlanes: readonly Size[],
  place: { x: number; y: number },
): void {
  let from = image * tile.width * tile.height * 1.5;
  let plane = 0;
  for (const [i, { width, height }] of planesOf(tile).entries()) {
    const inSheet = sheetPlanes[i] as Size;
    for (let row = 0; row < height; row++) {
      const to = plane + (place.y * height + row) * inSheet.width + place.x * width;
      images.copy(sheet, to, from, from + width);
      from += width;
    }
    plane += inSheet.width * inSheet.height;
  }
}

/**
 * The WebVTT that maps each moment to its image on the sheet.
 *
 * @param sheet the sheet's file name
 * @source W3C Media Fragments, xywh
 */
export function buildSpriteSheetVtt(plan: SpriteSheetPlan, sheet: string): string {
  const { everySeconds, columns, tile, durationSeconds } = plan;
  const tiles = Math.max(1, Math.ceil(durationSeconds / everySeconds));
  const cues = Array.from({ length: tiles }, (_, i) => {
    const x = (i % columns) * tile.width;
    const y = Math.floor(i / columns) * tile.height;
    const end = Math.min(durationSeconds, (i + 1) * everySeconds);
    return `${clock(i * everySeconds)} --> ${clock(end)}\n${sheet}#xywh=${x},${y},${tile.width},${tile.height}\n`;
  });
  return `WEBVTT\n\n${cues.join("\n")}`;
}

function clock(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23);
}
