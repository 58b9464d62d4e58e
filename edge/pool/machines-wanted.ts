/** The autoscaling rule: how many machines the queue needs. `npm run bench -- autoscale` simulates it. */
export interface Demand {
  /** Waiting jobs of both queues. */
  depth: number;
  /** Jobs that are being made. */
  processing: number;
  /** Films that one machine makes at the same time. */
  slotsPerMachine: number;
}

/** Seconds for a one-minute film on two cores, beside another film. @source docs/scaling.md */
export const usualFilmSeconds = 90;
/** The wait in seconds that the last job of the queue may have once the machines run. */
export const acceptedWaitSeconds = 300;

/**
 * Enough machines for the running jobs, and to empty the queue within the accepted wait. 0 if there is
 * nothing to do: idle machines stop by themselves.
 */
export function machinesWanted({ depth, processing, slotsPerMachine }: Demand): number {
  const slotsForQueue = Math.min(depth, (depth * usualFilmSeconds) / acceptedWaitSeconds);
  return Math.ceil((processing + slotsForQueue) / slotsPerMachine);
}
