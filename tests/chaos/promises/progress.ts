/** I9, I11 and I15: progress is never lost, seen to stop, or long without a worker. */
import { type Entry, endOf, entriesOf } from "../history.ts";
import { broken, ended, groupBy, type Limits, type Violation } from "./violation.ts";

/** I15. The owner's view of a running job changes: its status, its attempt or its progress. */
export function nothingIsStuck(history: readonly Entry[], { stuckMs }: Limits): Violation[] {
  return [...stillTimes(history)].flatMap(([job, ms]) =>
    ms > stuckMs ? broken("I15", job, `looked the same for ${Math.round(ms / 1000)} s`) : [],
  );
}

/** For each job: the longest time in milliseconds in which its polling owner saw no change before its end. */
export function stillTimes(history: readonly Entry[]): Map<string, number> {
  const longest = new Map<string, number>();
  for (const [job, looks] of groupBy(entriesOf(history, "read"), ({ args }) => args.job)) {
    let [since, before] = [looks[0]?.t ?? 0, ""];
    for (const { t, args } of looks) {
      const shown = `${args.status} ${args.progress} ${args.attempt}`;
      if (before !== "" && !ended(before.split(" ")[0] as string))
        longest.set(job, Math.max(longest.get(job) ?? 0, t - since));
      if (shown !== before) [since, before] = [t, shown];
    }
  }
  return longest;
}

/** I9 */
export function progressNeverGoesBack(history: readonly Entry[]): Violation[] {
  const furthest = new Map<string, number>();
  return entriesOf(history, "read").flatMap(({ args: { job, progress }, outcome }) => {
    if (outcome !== "ok") return [];
    const before = furthest.get(job) ?? 0;
    furthest.set(job, Math.max(before, progress));
    return progress < before ? broken("I9", job, `went from ${before} % to ${progress} %`) : [];
  });
}

/** I11 */
export function recoveryIsSoon(history: readonly Entry[], { recoveryMs }: Limits): Violation[] {
  return recoveriesOf(history).flatMap(({ job, ms }) =>
    ms <= recoveryMs ? [] : broken("I11", job, `had no worker for ${Math.round(ms / 1000)} s after a kill`),
  );
}

/** For each job of a killed worker: the time until a worker claimed it again, or until its end was seen. */
export function recoveriesOf(history: readonly Entry[]): { job: string; ms: number }[] {
  const claims = groupBy(entriesOf(history, "claim"), (entry) => entry.args.job);
  const leaves = groupBy(
    [
      ...entriesOf(history, "complete"),
      ...entriesOf(history, "pause"),
      ...entriesOf(history, "release"),
    ].filter(({ outcome }) => outcome === "ok"),
    (entry) => entry.args.job,
  );
  const looks = groupBy(entriesOf(history, "read"), (entry) => entry.args.job);
  const last = Math.max(0, ...history.map(endOf));
  return entriesOf(history, "kill").flatMap((kill) =>
    [...claims].flatMap(([job, all]) => {
      const held = all.findLast(({ t, outcome, args }) => t < kill.t && outcome === "ok" && args.attempt);
      if (!held || held.actor !== kill.args.worker) return [];
      const left = (leaves.get(job) ?? []).some(
        ({ args, t }) => args.attempt === held.args.attempt && t < kill.t,
      );
      if (left) return [];
      const next = all.find(({ t, outcome, args }) => t >= kill.t && outcome === "ok" && args.attempt);
      // The edge itself ends a job whose attempts are used up.
      const seen = (looks.get(job) ?? []).find(({ t, args }) => t >= kill.t && ended(args.status));
      const until = Math.min(next ? endOf(next) : last, seen ? endOf(seen) : last);
      return [{ job, ms: until - kill.t }];
    }),
  );
}
