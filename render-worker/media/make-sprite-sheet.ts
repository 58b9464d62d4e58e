import { dirname } from "node:path";
import type { Size } from "./camera/plan.ts";
import { runFfmpeg } from "./ffmpeg.ts";

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
const tileHeight = 90;

/** The plan for a film of this length: at most 60 images of 90 pixels' height, in rows of 10. */
export function planSpriteSheet(preview: Size, durationSeconds: number): SpriteSheetPlan {
  const everySeconds = Math.max(1, Math.ceil(durationSeconds / mostTiles));
  const tiles = Math.max(1, Math.ceil(durationSeconds / everySeconds));
  const width = 2 * Math.round((tileHeight * preview.width) / preview.height / 2);
  return {
    everySeconds,
    columns: Math.min(columns, tiles),
    rows: Math.ceil(tiles / columns),
    tile: { width, height: tileHeight },
    durationSeconds,
  };
}

/**
 * Writes the sprite sheet as a JPEG, from the small preview file.
 *
 * @throws Transient, Cancelled
 */
export async function makeSpriteSheet(
  preview: string,
  plan: SpriteSheetPlan,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  const { everySeconds, columns, rows, tile } = plan;
  const filter = `fps=1/${everySeconds}:start_time=0:round=up,scale=${tile.width}:${tile.height},tile=${columns}x${rows}`;
  await runFfmpeg({
    inputs: [{ source: preview, options: ["-f", "mp4"] }],
    outputs: [
      { file: to, options: ["-vf", filter, "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "4", "-f", "mjpeg"] },
    ],
    cwd: dirname(to),
    signal,
    timeoutMs: 60_000,
  });
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
