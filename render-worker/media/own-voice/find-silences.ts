/** A span of time in seconds. */
export interface Span {
  startSeconds: number;
  endSeconds: number;
}

const frameSeconds = 0.01;
/** Silence lies so far below the loud moments of speech, or so little above the recording's noise. */
const belowSpeechDb = 34;
const aboveNoiseDb = 6;
/** Quiet speech is never more than this below the loud moments. */
const quietSpeechDb = 24;
const shortestSeconds = 0.1;

/** The spans without speech, breath or any other sound above the recording's noise, in order. */
export function findSilences(pcm: Float32Array, rate: number): Span[] {
  const levels = levelsOf(pcm, Math.round(rate * frameSeconds));
  const sorted = Float32Array.from(levels).sort();
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? -120;
  const speech = at(0.95);
  const threshold = Math.min(
    speech - quietSpeechDb,
    Math.max(speech - belowSpeechDb, at(0.1) + aboveNoiseDb),
  );
  const silences: Span[] = [];
  let start: number | null = null;
  for (let t = 0; t <= levels.length; t++) {
    const isQuiet = t < levels.length && (levels[t] as number) < threshold;
    if (isQuiet) start ??= t;
    else if (start !== null) {
      if ((t - start) * frameSeconds >= shortestSeconds)
        silences.push({ startSeconds: start * frameSeconds, endSeconds: t * frameSeconds });
      start = null;
    }
  }
  return silences;
}

/** The level of each frame in dB. */
function levelsOf(pcm: Float32Array, size: number): Float32Array {
  return Float32Array.from({ length: Math.floor(pcm.length / size) }, (_, frame) => {
    let sum = 0;
    for (let i = frame * size; i < (frame + 1) * size; i++) sum += (pcm[i] as number) ** 2;
    return 10 * Math.log10(sum / size + 1e-12);
  });
}
