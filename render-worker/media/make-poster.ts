import { dirname } from "node:path";
import type { Look } from "./camera/looks.ts";
import { type CameraScene, planCamera, type Size, windowAt } from "./camera/plan.ts";
import type { Plate } from "./camera/shot.ts";
import { runFfmpeg } from "./ffmpeg.ts";

interface PosterScene extends CameraScene {
  plate: Plate;
  filmSize: Size;
  frames: number;
  look?: Look;
  to: string;
}

/**
 * Writes a poster or a thumbnail: the camera's view in the middle of scene `scene`, as a JPEG of `filmSize`,
 * without captions or lights and in the film's colours. It needs only the scene's plate, so it can exist
 * before the film.
 *
 * @throws Transient, Cancelled
 */
export async function makePoster(
  { plate, filmSize, frames, look, to, ...scene }: PosterScene,
  signal: AbortSignal,
): Promise<void> {
  const seen = windowAt(planCamera(scene, plate, filmSize, frames, look), Math.floor(frames / 2));
  const [x, y, width, height] = [seen.x, seen.y, seen.width, seen.height].map(
    (value) => Math.round(value / 2) * 2,
  );
  // JPEG is full range and BT.601 by definition; without the conversion the poster's reds differ from the
  // film's.
  const colours =
    "in_color_matrix=bt709:in_range=tv:in_h_chr_pos=0:in_v_chr_pos=128:out_color_matrix=bt601:out_range=pc";
  const scale = `scale=${filmSize.width}:${filmSize.height}:flags=lanczos+accurate_rnd+full_chroma_int:${colours}`;
  await runFfmpeg({
    inputs: [
      {
        source: plate.file,
        options: [
          "-f",
          "rawvideo",
          "-pixel_format",
          "yuv420p",
          "-video_size",
          `${plate.width}x${plate.height}`,
        ],
      },
    ],
    outputs: [
      {
        file: to,
        options: [
          ...["-frames:v", "1", "-vf", `crop=${width}:${height}:${x}:${y}:exact=1,${scale},format=yuvj420p`],
          ...["-c:v", "mjpeg", "-q:v", "3", "-f", "mjpeg"],
        ],
      },
    ],
    cwd: dirname(to),
    signal,
    timeoutMs: 30_000,
  });
}
