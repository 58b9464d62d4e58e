export interface Sound {
  /** Mono samples, -1 to 1. */
  pcm: Float32Array;
  sampleRate: number;
}

export interface Span {
  startSeconds: number;
  endSeconds: number;
}

const hopSeconds = 0.01;
const shortestPauseSeconds = 0.12;

/** The stretches where somebody speaks, in order. The threshold follows the recording's own noise and level. */
export function findSpeech({ pcm, sampleRate }: Sound): Span[] {
  const hop = Math.round(sampleRate * hopSeconds);
  const levels = measureLevels(pcm, hop);
  const sorted = Float32Array.from(levels).sort();
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? -100;
  const threshold = Math.max(at(0.95) - 35, Math.min(at(0.02) + 12, at(0.95) - 20));
  const spans: Span[] = [];
  for (const [i, level] of levels.entries()) {
    if (level < threshold) continue;
    const startSeconds = (i * hop) / sampleRate;
    const endSeconds = ((i + 1) * hop) / sampleRate;
    const last = spans.at(-1);
    if (last && startSeconds - last.endSeconds < shortestPauseSeconds) last.endSeconds = endSeconds;
    else spans.push({ startSeconds, endSeconds });
  }
  return spans;
}

/** Level of each hop in dB below full scale. */
function measureLevels(pcm: Float32Array, hop: number): Float32Array {
  const levels = new Float32Array(Math.ceil(pcm.length / hop));
  for (let i = 0; i < levels.length; i++) {
    const frame = pcm.subarray(i * hop, (i + 1) * hop);
    let power = 0;
    for (const sample of frame) power += sample * sample;
    levels[i] = 10 * Math.log10(power / frame.length + 1e-10);
  }
  return levels;
}
