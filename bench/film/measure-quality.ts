import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Quality {
  /** Structural similarity over all planes; 1 is identical. */
  ssim: number;
  /** Netflix's measure, 0 to 100. NaN without an ffmpeg that has it. */
  vmaf: number;
}

/** VMAF looks at every so many frames: it takes a tenth of a second of CPU for one. */
const everyFrame = 5;

/** The first of these programs that has VMAF, which Debian's ffmpeg lacks; null if none has. */
export async function findVmaf(programs: readonly string[]): Promise<string | null> {
  for (const program of programs) {
    const { stdout } = await promisify(execFile)(program, ["-hide_banner", "-filters"]);
    if (/\blibvmaf\b/.test(stdout)) return program;
  }
  return null;
}

/**
 * How near a film is to the frames that it was encoded from.
 *
 * @param original the input's options and address
 * @param withVmaf an ffmpeg that has VMAF
 */
export async function measureQuality(
  encoded: string,
  original: readonly string[],
  withVmaf: string | null,
): Promise<Quality> {
  const ssim = Number(/SSIM .*All:([\d.]+)/.exec(await compare("ffmpeg", encoded, original, "ssim"))?.[1]);
  if (withVmaf === null) return { ssim, vmaf: Number.NaN };
  const filter = `libvmaf=n_subsample=${everyFrame}:n_threads=2`;
  const vmaf = Number(/VMAF score: ([\d.]+)/.exec(await compare(withVmaf, encoded, original, filter))?.[1]);
  return { ssim, vmaf };
}

/** The report of a filter that compares two videos, frame by frame. */
async function compare(program: string, encoded: string, original: readonly string[], filter: string) {
  const graph = `[0:v]settb=1/30,setpts=N[a];[1:v]settb=1/30,setpts=N[b];[a][b]${filter}`;
  const { stderr } = await promisify(execFile)(
    program,
    ["-hide_banner", "-nostats", "-nostdin", "-i", encoded, ...original, "-lavfi", graph, "-f", "null", "-"],
    { maxBuffer: 1 << 24 },
  );
  return stderr;
}
