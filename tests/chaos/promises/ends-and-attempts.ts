/** I1 to I5 and I10: every job ends once, by its newest attempt, after a bounded number of them. */
import { maxFailedAttempts } from "../../../contract/limits.ts";
import { type Entry, endOf, entriesOf } from "../history.ts";
import { broken, ended, groupBy, jobsOf, type Violation } from "./violation.ts";

/** I1 */
export function everyJobEnds(history: readonly Entry[]): Violation[] {
  const finals = groupBy(entriesOf(history, "final"), (entry) => entry.args.job);
  return jobsOf(history).flatMap((job) => {
    const found = finals.get(job) ?? [];
    if (found.length === 0) return broken("I1", job, "was accepted and does not exist");
    return found.flatMap(({ args }) => {
      if (!ended(args.status)) return broken("I1", job, `is still ${args.status}`);
      return args.ends === 1 ? [] : broken("I1", job, `its log has ${args.ends} ends`);
    });
  });
}

/** I2 */
export function anEndIsForEver(history: readonly Entry[]): Violation[] {
  const ends = new Map<string, string>();
  const looks = [...entriesOf(history, "read"), ...entriesOf(history, "final")].sort((a, b) => a.t - b.t);
  return looks.flatMap(({ args, outcome }) => {
    if (outcome !== "ok") return [];
    const before = ends.get(args.job);
    if (before !== undefined && before !== args.status)
      return broken("I2", args.job, `was ${before} and became ${args.status}`);
    if (ended(args.status)) ends.set(args.job, args.status);
    return [];
  });
}

/** I3 */
export function oneCompletion(history: readonly Entry[]): Violation[] {
  const claims = groupBy(entriesOf(history, "claim"), (entry) => entry.args.job);
  const ends = entriesOf(history, "complete").filter(({ outcome, args }) => outcome === "ok" && args.applied);
  return [...groupBy(ends, (entry) => entry.args.job)].flatMap(([job, applied]) => {
    if (!claims.has(job)) return broken("I3", job, "was ended, though no worker had claimed it");
    if (applied.length > 1) return broken("I3", job, `${applied.length} completions were applied`);
    const [{ args }] = applied as [(typeof applied)[0]];
    const highest = Math.max(...(claims.get(job) ?? []).map((claim) => claim.args.attempt ?? 0));
    return args.attempt >= highest
      ? []
      : broken("I3", job, `attempt ${args.attempt} ended it, though ${highest} was claimed`);
  });
}

/** I4 */
export function attemptsRise(history: readonly Entry[]): Violation[] {
  const given = entriesOf(history, "claim").filter(({ outcome, args }) => outcome === "ok" && args.attempt);
  return [...groupBy(given, (entry) => entry.args.job)].flatMap(([job, claims]) =>
    claims.flatMap((later) => {
      const earlier = claims.find(
        (claim) =>
          claim.args.claim !== later.args.claim &&
          (claim.args.attempt === later.args.attempt ||
            (endOf(claim) <= later.t && Number(claim.args.attempt) > Number(later.args.attempt))),
      );
      return earlier
        ? broken("I4", job, `attempt ${later.args.attempt} was given after ${earlier.args.attempt}`)
        : [];
    }),
  );
}

/** I5 */
export function noStaleWrite(history: readonly Entry[]): Violation[] {
  const claims = groupBy(entriesOf(history, "claim"), (entry) => entry.args.job);
  const writes = [
    ...entriesOf(history, "report"),
    ...entriesOf(history, "release"),
    ...entriesOf(history, "pause").filter(({ args }) => args.applied),
    ...entriesOf(history, "complete").filter(({ args }) => args.applied),
  ];
  return writes.flatMap((write) => {
    const { job, attempt } = write.args;
    const newer = (claims.get(job) ?? []).find(
      (claim) =>
        claim.outcome === "ok" && Number(claim.args.attempt ?? 0) > attempt && endOf(claim) < write.t,
    );
    return write.outcome === "ok" && newer
      ? broken("I5", job, `${write.op} of attempt ${attempt} landed after ${newer.args.attempt} was claimed`)
      : [];
  });
}

/** I10 */
export function attemptsAreBounded(history: readonly Entry[]): Violation[] {
  return entriesOf(history, "final").flatMap(({ args: { job, failedAttempts } }) =>
    failedAttempts > maxFailedAttempts ? broken("I10", job, `${failedAttempts} attempts failed`) : [],
  );
}
