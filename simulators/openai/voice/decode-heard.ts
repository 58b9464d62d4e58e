import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "./run-tool.ts";

/** Samples per second. */
export const heardRate = 8_000;

/**
 * A recording's samples, mono at `heardRate`; null if it is not sound.
 *
 * @throws Error when `signal` aborts
 */
export async function decodeHeard(sound: Buffer, signal: AbortSignal): Promise<Int16Array | null> {
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
      args: [...args, "-ar", String(heardRate), "-f", "s16le", "pipe:1"],
      cwd: folder,
      signal,
    });
    const samples = new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + (pcm.length & ~1)));
    return samples.length > 0 ? samples : null;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
