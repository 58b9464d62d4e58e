/** Measures the stages of one film. */
export interface Stopwatch {
  seconds: Record<string, number>;
  /** The time since the last lap belongs to `stage`. */
  lap(stage: string): void;
  /** The time since the start, first call only. */
  mark(moment: string): void;
}

export function startStopwatch(): Stopwatch {
  const startedAt = performance.now();
  let lapAt = startedAt;
  const seconds: Record<string, number> = {};
  const round = (ms: number) => Math.round(ms) / 1000;
  return {
    seconds,
    lap(stage) {
      const now = performance.now();
      seconds[stage] = round(now - lapAt);
      lapAt = now;
    },
    mark(moment) {
      seconds[moment] ??= round(performance.now() - startedAt);
    },
  };
}
