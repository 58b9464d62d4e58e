/** Measures the stages of one film in seconds. */
export interface Stopwatch {
  seconds: Record<string, number>;
  /** Records the time since the last lap as `stage`. */
  lap(stage: string): void;
  /** Records the time since the start as `moment`, on the first call only. */
  mark(moment: string): void;
}

/** Starts the time of the first lap. */
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
