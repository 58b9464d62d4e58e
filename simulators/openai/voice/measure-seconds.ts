import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "./run-tool.ts";

/**
 * A recording's length in seconds, from decoding all of it; null if it is not sound.
 *
 * @throws Error when `signal` aborts
 */
export async function measureSeconds(sound: Buffer, signal: AbortSignal): Promise<number | null> {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-heard-"));
  try {
    // A file and not a pipe, because MP4 may have its index at the end.
    await writeFile(join(folder, "heard"), sound);
    const args = [
      "-hide_banner",
      "-loglevel",
      "error",
      "-nostdin",
      "-i",
      "heard",
      "-map",
      "0:a:0",
      "-ac",
      "1",
    ];
    const pcm = await runTool("ffmpeg", {
      args: [...args, "-ar", "8000", "-f", "s16le", "pipe:1"],
      cwd: folder,
      signal,
    });
    return pcm.length > 0 ? pcm.length / 16_000 : null;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
