/** I16: a film that waits for its owner has no worker, buys nothing, and goes on once for an approval. */
import { type Entry, endOf, entriesOf } from "../history.ts";
import { broken, groupBy, type Violation } from "./violation.ts";

/**
 * I16, by the calls: between a pause and its approval no attempt gets the job, and none reports as its
 * holder.
 */
export function nothingHappensUnasked(history: readonly Entry[]): Violation[] {
  const approvals = entriesOf(history, "approve").filter(({ outcome }) => outcome !== "fail");
  const acts = groupBy(heldJob(history), ({ args }) => args.job);
  return pausesOf(history).flatMap((pause) => {
    const { job } = pause.args;
    // The owner may see the pause before its worker has the answer.
    const approval = approvals.find(({ t, args }) => args.job === job && t >= pause.t);
    const early = (acts.get(job) ?? []).find(
      (act) => act.t > endOf(pause) && endOf(act) < (approval?.t ?? Number.POSITIVE_INFINITY),
    );
    return early ? broken("I16", job, `${early.op} of ${early.actor} while it waited for its owner`) : [];
  });
}

/** I16: of all approvals of a job one has an effect, and the job does not stop again. */
export function oneApprovalOneContinuation(history: readonly Entry[]): Violation[] {
  const pauses = groupBy(pausesOf(history), ({ args }) => args.job);
  const effects = entriesOf(history, "approve").filter(
    ({ outcome, args }) => outcome === "ok" && !args.replayed,
  );
  return [
    ...[...pauses].flatMap(([job, own]) =>
      own.length > 1 ? broken("I16", job, `was paused ${own.length} times`) : [],
    ),
    ...[...groupBy(effects, ({ args }) => args.job)].flatMap(([job, own]) =>
      own.length > 1 ? broken("I16", job, `${own.length} approvals had an effect`) : [],
    ),
  ];
}

/**
 * I16, by the edge's rows: its log has one stop and at most one approval, and no charge was opened between.
 */
export function waitingCostsNothing(history: readonly Entry[]): Violation[] {
  return entriesOf(history, "waited").flatMap(({ args: { job, waits, approvals, chargesBetween } }) => [
    ...(waits === 1 && approvals <= 1
      ? []
      : broken("I16", job, `its log has ${waits} stops and ${approvals} approvals`)),
    ...(chargesBetween === 0
      ? []
      : broken("I16", job, `${chargesBetween} charges were opened while it waited for its owner`)),
  ]);
}

/** I16: a job that waits ends by its owner's word, and one that was approved is made. */
export function cancelledByItsOwner(history: readonly Entry[]): Violation[] {
  const cancelled = new Set(
    entriesOf(history, "cancel").flatMap(({ args, outcome }) => (outcome === "fail" ? [] : args.job)),
  );
  return entriesOf(history, "final").flatMap(({ args: { job, status } }) =>
    status === "cancelled" && !cancelled.has(job)
      ? broken("I16", job, "was cancelled, though not asked")
      : [],
  );
}

const pausesOf = (history: readonly Entry[]) =>
  entriesOf(history, "pause").filter(({ outcome, args }) => outcome === "ok" && args.applied);

/** The calls that the edge takes only from the attempt that holds the job, and the claims that it gave. */
const heldJob = (history: readonly Entry[]) => [
  ...entriesOf(history, "claim").filter(({ outcome, args }) => outcome === "ok" && args.attempt !== null),
  ...entriesOf(history, "report").filter(({ outcome }) => outcome === "ok"),
  ...entriesOf(history, "release").filter(({ outcome }) => outcome === "ok"),
  ...entriesOf(history, "complete").filter(({ outcome, args }) => outcome === "ok" && args.applied),
];

/** Films that waited for their owner, those that went on, and what the owners sent. */
export function countWaits(history: readonly Entry[]) {
  const waited = entriesOf(history, "waited");
  const sent = (name: "approve" | "cancel") =>
    entriesOf(history, name).filter(({ outcome }) => outcome === "ok").length;
  return {
    paused: waited.length,
    wentOn: waited.filter(({ args }) => args.approvals > 0).length,
    approvals: sent("approve"),
    cancels: sent("cancel"),
  };
}
