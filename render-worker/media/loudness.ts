export interface Loudness {
  /** EBU R128 integrated loudness; -70 and less is silence. */
  integratedLufs: number;
  truePeakDb: number;
}

/** What the whole film is brought to. */
export const targetLufs = -16;
export const truePeakLimitDb = -1.5;

/** Reads the summary that ffmpeg's `ebur128` prints at the end. */
export function parseLoudness(report: string): Loudness {
  const summary = report.slice(report.lastIndexOf("Summary:"));
  return {
    integratedLufs: readDecibels(/I:\s+(-?[\d.]+|-inf|nan) LUFS/.exec(summary)),
    truePeakDb: readDecibels(/Peak:\s+(-?[\d.]+|-inf|nan) dBFS/.exec(summary)),
  };
}

function readDecibels(match: RegExpExecArray | null): number {
  const value = Number(match?.[1]);
  return Number.isFinite(value) ? value : -120;
}
