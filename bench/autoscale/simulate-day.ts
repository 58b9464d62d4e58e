/** Simulates a day of a pool, second by second. Pure: the same seed gives the same result. */
import { machinesWanted } from "../../edge/pool/machines-wanted.ts";

export interface Pool {
  /** Machines that exist: the upper bound. */
  machines: number;
  slots: number;
  /** `rule`: finishes and the sweep wake machines, and idle ones exit. `always`: all machines run all day. */
  scaling: "rule" | "always";
  startSeconds: number;
  idleExitSeconds: number;
  filmSeconds: number;
}

export interface Hour {
  asked: number;
  mostWaiting: number;
  mostMachines: number;
  /** Total seconds in which machines ran or started. */
  machineSeconds: number;
  /** Seconds from finish to claim, for films requested in this hour. */
  waits: number[];
}

interface Machine {
  upAt: number;
  busyUntil: number[];
  idleSince: number;
}

const day = 24 * 3600;
const sweepSeconds = 60;
/** The edge merges all wakes within this time into one, because a full machine holds the first. */
const burstSeconds = 5;
const mostWakes = 10;

/** `perHour`: the rate of requests at that second of the day, in films per hour. */
export function simulateDay(pool: Pool, perHour: (second: number) => number, random: () => number): Hour[] {
  const hours = Array.from({ length: 24 }, emptyHour);
  const machines: Machine[] = [];
  const waiting: number[] = [];
  let wokenAt = Number.NEGATIVE_INFINITY;
  for (let now = 0; now < day || waiting.length > 0; now++) {
    const hour = hours[Math.min(23, Math.floor(now / 3600))] as Hour;
    const isAsked = now < day && random() < perHour(now) / 3600;
    if (isAsked) {
      waiting.push(now);
      hour.asked++;
    }
    if (pool.scaling === "always") while (machines.length < pool.machines) machines.push(start(now, 0));
    else {
      end(machines, now);
      const isFull = !machines.some((machine) => freeSlots(machine, now) > 0);
      if (isAsked && isFull && now - wokenAt >= burstSeconds) wake(1, now);
      if (now % sweepSeconds === 0 && waiting.length > 0) wake(missing(now), now);
    }
    for (const machine of machines) serve(machine, now);
    hour.mostWaiting = Math.max(hour.mostWaiting, waiting.length);
    hour.mostMachines = Math.max(hour.mostMachines, machines.length);
    hour.machineSeconds += machines.length;
  }
  return hours;

  function start(now: number, seconds: number): Machine {
    return { upAt: now + seconds, busyUntil: [], idleSince: now + seconds };
  }

  function wake(count: number, now: number): void {
    wokenAt = now;
    for (let i = 0; i < count && machines.length < pool.machines; i++)
      machines.push(start(now, pool.startSeconds));
  }

  function missing(now: number): number {
    const processing = machines.reduce(
      (sum, { busyUntil }) => sum + busyUntil.filter((at) => at > now).length,
      0,
    );
    const wanted = machinesWanted({ depth: waiting.length, processing, slotsPerMachine: pool.slots });
    return Math.min(mostWakes, Math.max(0, wanted - machines.length));
  }

  function freeSlots({ upAt, busyUntil }: Machine, now: number): number {
    return upAt > now ? 0 : pool.slots - busyUntil.filter((at) => at > now).length;
  }

  function serve(machine: Machine, now: number): void {
    machine.busyUntil = machine.busyUntil.filter((at) => at > now);
    while (freeSlots(machine, now) > 0 && waiting.length > 0) {
      const askedAt = waiting.shift() as number;
      hours[Math.floor(askedAt / 3600)]?.waits.push(now - askedAt);
      machine.busyUntil.push(now + pool.filmSeconds * (0.7 + 0.6 * random()));
    }
    if (machine.busyUntil.length > 0) machine.idleSince = now;
  }

  function end(all: Machine[], now: number): void {
    for (let i = all.length - 1; i >= 0; i--) {
      const { busyUntil, idleSince } = all[i] as Machine;
      if (busyUntil.length === 0 && now - idleSince > pool.idleExitSeconds) all.splice(i, 1);
    }
  }
}

const emptyHour = (): Hour => ({ asked: 0, mostWaiting: 0, mostMachines: 0, machineSeconds: 0, waits: [] });
