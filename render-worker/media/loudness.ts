import { dirname } from "node:path";
import { sampleRate } from "../../contract/film.ts";
import { runFfmpeg } from "./ffmpeg.ts";

export interface Loudness {
  /** Integrated loudness by EBU R128; -70 and below is silence. */
  integratedLufs: number;
  truePeakDb: number;
}

/** The loudness and the peak of every film. */
export const targetLufs = -16;
export const truePeakLimitDb = -1.5;

/** Reads the summary at the end of a report of ffmpeg's `ebur128` filter. A missing value is -120. */
export function parseLoudness(report: string): Loudness {
  const summary = report.slice(report.lastIndexOf("Summary:"));
  return {
    integratedLufs: readDecibels(/I:\s+(-?[\d.]+|-inf|nan) LUFS/.exec(summary)),
    truePeakDb: readDecibels(/Peak:\s+(-?[\d.]+|-inf|nan) dBFS/.exec(summary)),
  };
}

/**
 * EBU R128 measures in blocks of 0.4 s, so it reports anything shorter as silence (-70 LUFS).
 *
 * @source ITU-R BS.1770-4, annex 1; EBU Tech 3341
 */
export const shortestMeasuredSeconds = 0.4;
/** Enough for several blocks of the shortest voice. */
const repeats = 40;

/**
 * The loudness of a voice that is shorter than `shortestMeasuredSeconds`, measured on the voice repeated.
 * `file` holds stereo 32-bit floats.
 *
 * @throws Transient, Cancelled
 */
export async function measureShort(file: string, signal: AbortSignal): Promise<Loudness> {
  const raw = ["-f", "f32le", "-ar", String(sampleRate), "-ac", "2"];
  const { stderrTail } = await runFfmpeg({
    inputs: [{ source: file, options: ["-stream_loop", String(repeats), ...raw] }],
    outputs: [
      {
        file: `${file}.measured`,
        options: ["-t", "4", "-af", "ebur128=peak=true:framelog=verbose", "-f", "f32le"],
      },
    ],
    cwd: dirname(file),
    signal,
    timeoutMs: 30_000,
    logLevel: "info",
  });
  return parseLoudness(stderrTail);
}

function readDecibels(match: RegExpExecArray | null): number {
  const value = Number(match?.[1]);
  return Number.isFinite(value) ? value : -120;
}
