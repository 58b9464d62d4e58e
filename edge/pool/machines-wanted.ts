/** The autoscaling rule: how many machines the queue asks for. Simulated by `npm run bench -- autoscale`. */
export interface Demand {
  /** Jobs that wait, in both queues. */
  depth: number;
  /** Jobs that are being made. */
  processing: number;
  /** Films that one machine makes at once. */
  slotsPerMachine: number;
}

/** A one-minute film on two cores beside another. @source docs/scaling.md */
export const usualFilmSeconds = 90;
/** How long the last of those that wait now shall wait, once the machines are up. */
export const acceptedWaitSeconds = 300;

/**
 * Enough machines for those that are being made, and for a queue that is empty again within the accepted wait. 0 where
 * there is nothing to do: what is idle ends by itself.
 */
export function machinesWanted({ depth, processing, slotsPerMachine }: Demand): number {
  const slotsForQueue = Math.min(depth, (depth * usualFilmSeconds) / acceptedWaitSeconds);
  return Math.ceil((processing + slotsForQueue) / slotsPerMachine);
}
