import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Structural similarity of a film to its lossless original, over all planes; 1 is identical. */
export async function measureSsim(encoded: string, original: readonly string[]): Promise<number> {
  const graph = "[0:v]settb=1/30,setpts=N[a];[1:v]settb=1/30,setpts=N[b];[a][b]ssim";
  const { stderr } = await promisify(execFile)(
    "ffmpeg",
    ["-hide_banner", "-nostats", "-nostdin", "-i", encoded, ...original, "-lavfi", graph, "-f", "null", "-"],
    { maxBuffer: 1 << 24 },
  );
  return Number(/SSIM .*All:([\d.]+)/.exec(stderr)?.[1]);
}
