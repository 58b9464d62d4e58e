import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Rgb {
  width: number;
  height: number;
  /** Three bytes per pixel, row by row. */
  pixels: Buffer;
}

/**
 * The frames that libass draws of a script over blue at the given times (ascending), and its warnings. Real
 * ffmpeg.
 */
export async function renderFrames(
  script: string,
  size: { width: number; height: number },
  times: readonly number[],
): Promise<{ frames: Rgb[]; warnings: string }> {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-captions-"));
  try {
    await writeFile(join(folder, "captions.ass"), script);
    const frames: Rgb[] = [];
    let warnings = "";
    for (let first = 0; first < times.length; first += framesARun) {
      const some = times.slice(first, first + framesARun);
      const options = { cwd: folder, encoding: "buffer", maxBuffer: 512 << 20 } as const;
      const { stdout, stderr } = await promisify(execFile)("ffmpeg", frameArgs(size, some), options);
      const bytes = size.width * size.height * 3;
      frames.push(...some.map((_, n) => ({ ...size, pixels: stdout.subarray(n * bytes, (n + 1) * bytes) })));
      warnings += stderr.toString();
    }
    return { frames, warnings };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * One script that shows all of these, each `eachSeconds` after the one before: ffmpeg and its fonts start
 * once. The scripts have the same format, and the times of each are below `eachSeconds`.
 */
export function joinScripts(scripts: readonly string[], eachSeconds: number): string {
  const joined = scripts.map((script, n) =>
    script
      .replace(/^Style: /gm, `Style: S${n}`)
      .replace(
        /^Dialogue: (\d+),([\d:.]+),([\d:.]+),/gm,
        (_, layer, from, to) => `Dialogue: ${layer},${later(from, n)},${later(to, n)},S${n}`,
      )
      .split("\n"),
  );
  const own = (kind: string) => joined.flatMap((lines) => lines.filter((line) => line.startsWith(kind)));
  const isOwn = (line: string) => line.startsWith("Style: ") || line.startsWith("Dialogue: ");
  const [head, events] = (scripts[0] as string)
    .split("\n")
    .filter((line) => !isOwn(line))
    .join("\n")
    .split("[Events]");
  return [head?.trimEnd(), ...own("Style: "), "", `[Events]${events?.trimEnd()}`, ...own("Dialogue: ")].join(
    "\n",
  );

  function later(time: string, n: number): string {
    const [hours, minutes, seconds] = time.split(":").map(Number) as [number, number, number];
    const at = hours * 3600 + minutes * 60 + seconds + n * eachSeconds;
    const rest = (at % 60).toFixed(2).padStart(5, "0");
    return `${Math.floor(at / 3600)}:${String(Math.floor(at / 60) % 60).padStart(2, "0")}:${rest}`;
  }
}

/** ffmpeg refuses longer expressions. */
const framesARun = 50;

/**
 * Makes one frame of the source for each time and shifts it there, because libass sees only the frames'
 * times.
 */
function frameArgs({ width, height }: { width: number; height: number }, times: readonly number[]): string[] {
  const when = times.map((at, n) => `eq(N\\,${n})*${at.toFixed(3)}`).join("+");
  const filter = `format=rgb24,setpts=(${when})/TB,ass=captions.ass`;
  const source = ["-f", "lavfi", "-i", `color=c=0x2040A0:s=${width}x${height}`, "-vf", filter];
  const count = ["-frames:v", String(times.length), "-fps_mode", "passthrough"];
  return ["-v", "warning", "-nostdin", ...source, ...count, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"];
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** The number of matching pixels. */
  count: number;
}

/** The positions of the pixels of a colour. */
export function findColour(
  { width, pixels }: Rgb,
  matches: (r: number, g: number, b: number) => boolean,
): Box {
  const box = {
    left: Number.POSITIVE_INFINITY,
    right: -1,
    top: Number.POSITIVE_INFINITY,
    bottom: -1,
    count: 0,
  };
  for (let i = 0; i < pixels.length; i += 3) {
    if (!matches(pixels[i] as number, pixels[i + 1] as number, pixels[i + 2] as number)) continue;
    const x = (i / 3) % width;
    const y = Math.floor(i / 3 / width);
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
    box.count++;
  }
  return box;
}

export const isAmber = (r: number, g: number, b: number) => r > 200 && g > 130 && g < 210 && b < 120;
export const isWhite = (r: number, g: number, b: number) => r > 230 && g > 230 && b > 230;
/** Any pixel that differs from the background, glow included. */
export const isDrawn = (r: number, g: number, b: number) =>
  Math.abs(r - 0x20) + Math.abs(g - 0x40) + Math.abs(b - 0xa0) > 24;

/** The area that letters cover, in pixels; half-covered ones count half. */
export function measureInk({ pixels }: Rgb): number {
  let ink = 0;
  for (let i = 0; i < pixels.length; i += 3) ink += Math.max(0, (pixels[i] as number) - 0x28) / (0xff - 0x28);
  return ink;
}
