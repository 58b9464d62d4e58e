/**
 * Checks a history against the promises of the whole system. Pure: the same history gives the same result. An
 * operation of unknown outcome counts neither as success nor as a fault.
 */
import { unknownsThatFail } from "../../contract/charge.ts";
import { isTerminal, JobStatus } from "../../contract/job.ts";
import { maxFailedAttempts } from "../../contract/limits.ts";
import { type Entry, endOf, entriesOf } from "./history.ts";
import { usableFaults } from "./malformed.ts";

export interface Violation {
  rule: string;
  /** The job, asset or worker of the violation. */
  about: string;
  says: string;
}

export interface Limits {
  /** How long a job may be without a worker after its worker was killed. */
  recoveryMs: number;
  /** How long the owner's view of a running job may stay unchanged. */
  stuckMs: number;
  /** How long after an end the message may reach the owner's receiver. */
  webhookMs: number;
}

/** All broken promises, in the order of the rules; empty if the history is good. */
export function checkHistory(history: readonly Entry[], limits: Limits): Violation[] {
  return [
    ...everyJobEnds(history),
    ...anEndIsForEver(history),
    ...oneCompletion(history),
    ...attemptsRise(history),
    ...noStaleWrite(history),
    ...nothingPaidTwice(history),
    ...theLedgerIsTheBill(history),
    ...failedForAReason(history),
    ...theFilmIsTheWinners(history),
    ...promisesAreKept(history),
    ...receiversHear(history, limits),
    ...nothingIsStuck(history, limits),
    ...progressNeverGoesBack(history),
    ...attemptsAreBounded(history),
    ...recoveryIsSoon(history, limits),
    ...nobodySeesAnothers(history),
    ...nothingLeftBehind(history),
    ...nothingOverspent(history),
  ];
}

/** I1 */
function everyJobEnds(history: readonly Entry[]): Violation[] {
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
function anEndIsForEver(history: readonly Entry[]): Violation[] {
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
function oneCompletion(history: readonly Entry[]): Violation[] {
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
function attemptsRise(history: readonly Entry[]): Violation[] {
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
function noStaleWrite(history: readonly Entry[]): Violation[] {
  const claims = groupBy(entriesOf(history, "claim"), (entry) => entry.args.job);
  const writes = [
    ...entriesOf(history, "report"),
    ...entriesOf(history, "release"),
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

/**
 * I6. A second payment is permitted only if the outcome of the first purchase is unknown (its reply was lost,
 * or its worker was killed before the bytes were stored; the proxy may log calls after the kill), or if the
 * answer could not be used.
 */
function nothingPaidTwice(history: readonly Entry[]): Violation[] {
  return [...purchasesOf(history)].flatMap(([what, paid]) =>
    paid.slice(1).flatMap((again, index) => {
      const first = paid[index] as (typeof paid)[0];
      if (isRetake(first, again)) return [];
      const stored = storedAt(history, first.args.content);
      // A voice with other words is kept, and asked for once more.
      if (stored !== null && stored < again.t && !wasUseless(first))
        return broken("I6", what, "was bought again though it was stored");
      return excused(history, first, again)
        ? []
        : broken("I6", what, `${again.args.capability} was paid twice`);
    }),
  );
}

/**
 * I6, by the edge's ledger: each paid charge is on the provider's bill, and each call on the bill is a paid
 * or an unknown charge. An unknown charge may be on the bill or not. No charge stays open, no asset is paid
 * twice, and no job has more than two unknown outcomes of one asset. A repeated request makes a new job,
 * which may buy the asset again.
 */
function theLedgerIsTheBill(history: readonly Entry[]): Violation[] {
  const charges = entriesOf(history, "charge").map(({ args }) => args);
  const count = (some: typeof charges, state: string) => some.filter((one) => one.state === state).length;
  const ofKinds = entriesOf(history, "bill").flatMap(({ args }) => {
    const own = charges.filter(({ capability }) => capability === args.capability);
    const [paid, unknown] = [count(own, "paid"), count(own, "unknown")];
    if (args.count < paid)
      return broken("I6", args.capability, `${paid} are paid, ${args.count} are on the bill`);
    return args.count > paid + unknown
      ? broken("I6", args.capability, `${args.count} are on the bill, ${paid} paid and ${unknown} unknown`)
      : [];
  });
  const ofAssets = [...groupBy(charges, (one) => `${one.job} ${one.fingerprint}`)].flatMap(([asset, own]) => {
    const open = count(own, "reserved") + count(own, "sent");
    if (open > 0) return broken("I6", asset, `${open} charges are still open`);
    return count(own, "unknown") > unknownsThatFail ? broken("I6", asset, "was bought again and again") : [];
  });
  return [...ofKinds, ...ofAssets, ...paidAgain(history)];
}

/** I6. An asset is paid once, and once more for every answer that could not be used or was never stored. */
function paidAgain(history: readonly Entry[]): Violation[] {
  const paid = entriesOf(history, "charge").filter(({ args }) => args.state === "paid");
  return [...groupBy(paid, ({ args }) => args.capability)].flatMap(([capability, own]) => {
    const assets = groupBy(own, ({ args }) => args.fingerprint);
    const again = own.length - assets.size;
    const useless = uselessAnswers(history, capability).length;
    const lost = entriesOf(history, "buy").filter(
      (purchase) => purchase.args.capability === capability && wasLost(history, purchase),
    ).length;
    return again > useless + lost
      ? broken(
          "I6",
          capability,
          `${again} assets were paid again, ${useless} answers could not be used, ${lost} were lost`,
        )
      : [];
  });
}

const wasUseless = ({ args }: Purchase) => args.fault !== null && !usableFaults.has(args.fault);

const doubledSounds: ReadonlySet<string> = new Set(["joined_wavs", "joined_mp3s"]);

/** A sound that says its words twice may be kept, and asked for once more by the same worker. */
const isRetake = (first: Purchase, again: Purchase) =>
  doubledSounds.has(first.args.fault ?? "") && first.actor === again.actor;

const uselessAnswers = (history: readonly Entry[], capability: string) =>
  entriesOf(history, "buy").filter(
    (purchase) => purchase.args.capability === capability && wasUseless(purchase),
  );

/** Error codes of a job of which one asset got two answers that could not be used. */
const uselessTwice: Record<string, string> = { "voice.unusable": "voice", "storyboard.malformed": "text" };

/**
 * A job may fail only if two purchases of one asset have an unknown outcome, if its worker got two unusable
 * answers for one asset, or if its attempts are used up.
 */
function failedForAReason(history: readonly Entry[]): Violation[] {
  const unknown = entriesOf(history, "charge").filter(({ args }) => args.state === "unknown");
  return entriesOf(history, "final").flatMap(({ args: { job, status, failedAttempts, code } }) => {
    if (status !== "failed" || failedAttempts >= maxFailedAttempts) return [];
    const workers = new Set(
      entriesOf(history, "claim").flatMap(({ actor, args }) => (args.job === job ? actor : [])),
    );
    const useless = uselessAnswers(history, uselessTwice[code ?? ""] ?? "");
    if (useless.filter(({ actor }) => workers.has(actor)).length >= 2) return [];
    const own = unknown.filter(({ args }) => args.job === job);
    const assets = groupBy(own, ({ args }) => args.fingerprint);
    return [...assets.values()].some((times) => times.length >= unknownsThatFail)
      ? []
      : broken("I6", job, `failed as ${code} without a cause`);
  });
}

/** I14 */
function nothingOverspent(history: readonly Entry[]): Violation[] {
  return entriesOf(history, "budget").flatMap(({ args: { about, spent, limit } }) =>
    spent > limit ? broken("I14", about, `spent ${spent} of ${limit} micro-dollars`) : [],
  );
}

/** The number of repeated purchases after an unknown outcome. */
export function countUnknownPurchases(history: readonly Entry[]): number {
  return [...purchasesOf(history).values()].reduce((sum, paid) => sum + paid.length - 1, 0);
}

const purchasesOf = (history: readonly Entry[]) =>
  groupBy(
    entriesOf(history, "buy").filter(({ outcome }) => outcome !== "fail"),
    (entry) => entry.args.what,
  );

function storedAt(history: readonly Entry[], content: string | null): number | null {
  if (content === null) return null;
  const put = entriesOf(history, "put").find(
    ({ args, outcome }) => outcome === "ok" && args.sha256 === content && args.key.startsWith("assets/"),
  );
  return put ? endOf(put) : null;
}

/**
 * The buyer tried to store the result, and every try failed: the store stalled until the attempt had to end.
 */
function wasLost(history: readonly Entry[], { actor, args: { content } }: Purchase): boolean {
  const tries = entriesOf(history, "put").filter((put) => put.actor === actor && put.args.sha256 === content);
  return tries.length > 0 && tries.every(({ outcome }) => outcome !== "ok");
}

type Purchase = ReturnType<typeof entriesOf<"buy">>[number];

function excused(history: readonly Entry[], first: Purchase, again: Purchase): boolean {
  if (first.outcome === "unknown" || wasUseless(first) || wasLost(history, first)) return true;
  return entriesOf(history, "kill").some(({ t, args }) => args.worker === first.actor && t <= again.t);
}

/** I7 */
function theFilmIsTheWinners(history: readonly Entry[]): Violation[] {
  const films = groupBy(entriesOf(history, "film"), (entry) => entry.args.job);
  const finals = entriesOf(history, "final").filter(({ args }) => args.status === "completed");
  const completions = groupBy(
    entriesOf(history, "complete").filter(({ outcome }) => outcome !== "fail"),
    (entry) => entry.args.job,
  );
  return finals.flatMap(({ args: { job, attempt } }) => {
    const [film] = films.get(job) ?? [];
    if (film?.outcome !== "ok") return broken("I7", job, "is completed and has no film");
    if (film.args.attempt !== attempt)
      return broken("I7", job, `attempt ${attempt} won, the film is of attempt ${film.args.attempt}`);
    const winner = (completions.get(job) ?? []).find(({ args }) => args.attempt === attempt);
    if (!winner) return broken("I7", job, `no completion of attempt ${attempt} is in the history`);
    const same = winner.args.sha256 === film.args.sha256 && winner.args.size === film.args.size;
    return same ? [] : broken("I7", job, "the film is not the one that its worker reported");
  });
}

/** I8, for messages to workers: no row of the outbox outlives its job. */
function promisesAreKept(history: readonly Entry[]): Violation[] {
  return entriesOf(history, "promise-left").flatMap(({ args }) =>
    broken("I8", args.job, "still has a message to be sent"),
  );
}

/** I8, for webhooks: a receiver that answers gets every end of its owner's jobs, soon and correctly. */
function receiversHear(history: readonly Entry[], { webhookMs }: Limits): Violation[] {
  const listening = new Set(entriesOf(history, "listen").map(({ args }) => args.owner));
  const jobs = new Set(
    entriesOf(history, "submit").flatMap(({ args }) => (listening.has(args.owner) ? args.job : [])),
  );
  const heard = groupBy(entriesOf(history, "heard"), ({ args }) => args.job);
  return entriesOf(history, "final").flatMap(({ args: { job, status } }) => {
    if (!jobs.has(job) || !ended(status)) return [];
    const messages = heard.get(job) ?? [];
    const [first] = messages;
    if (!first) return broken("I8", job, "its owner's receiver got no end");
    if (messages.some(({ args }) => args.type !== `job.${status}`))
      return broken("I8", job, `its owner got ${first.args.type}, it is ${status}`);
    const seen = entriesOf(history, "read").find(({ args }) => args.job === job && ended(args.status));
    const waitMs = first.t - (seen?.t ?? first.t);
    return waitMs > webhookMs
      ? broken("I8", job, `its owner got its end after ${Math.round(waitMs / 1000)} s`)
      : [];
  });
}

/** I15. The owner's view of a running job changes: its status, its attempt or its progress. */
function nothingIsStuck(history: readonly Entry[], { stuckMs }: Limits): Violation[] {
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
function progressNeverGoesBack(history: readonly Entry[]): Violation[] {
  const furthest = new Map<string, number>();
  return entriesOf(history, "read").flatMap(({ args: { job, progress }, outcome }) => {
    if (outcome !== "ok") return [];
    const before = furthest.get(job) ?? 0;
    furthest.set(job, Math.max(before, progress));
    return progress < before ? broken("I9", job, `went from ${before} % to ${progress} %`) : [];
  });
}

/** I10 */
function attemptsAreBounded(history: readonly Entry[]): Violation[] {
  return entriesOf(history, "final").flatMap(({ args: { job, failedAttempts } }) =>
    failedAttempts > maxFailedAttempts ? broken("I10", job, `${failedAttempts} attempts failed`) : [],
  );
}

/** I11 */
function recoveryIsSoon(history: readonly Entry[], { recoveryMs }: Limits): Violation[] {
  return recoveriesOf(history).flatMap(({ job, ms }) =>
    ms <= recoveryMs ? [] : broken("I11", job, `had no worker for ${Math.round(ms / 1000)} s after a kill`),
  );
}

/** For each job of a killed worker: the time until a worker claimed it again, or until its end was seen. */
export function recoveriesOf(history: readonly Entry[]): { job: string; ms: number }[] {
  const claims = groupBy(entriesOf(history, "claim"), (entry) => entry.args.job);
  const leaves = groupBy(
    [...entriesOf(history, "complete"), ...entriesOf(history, "release")].filter(
      ({ outcome }) => outcome === "ok",
    ),
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

/** I12 */
function nobodySeesAnothers(history: readonly Entry[]): Violation[] {
  return entriesOf(history, "read-foreign").flatMap(({ args, outcome }) =>
    outcome === "ok" ? broken("I12", args.job, "was shown to another owner") : [],
  );
}

/** I13 */
function nothingLeftBehind(history: readonly Entry[]): Violation[] {
  return entriesOf(history, "left-behind").flatMap(({ args: { worker, what, count } }) =>
    count > 0 ? broken("I13", worker, `left ${count} ${what}`) : [],
  );
}

const ended = (status: string) => {
  const known = JobStatus.safeParse(status);
  return known.success && isTerminal(known.data);
};

const jobsOf = (history: readonly Entry[]) => [
  ...new Set(
    entriesOf(history, "submit")
      .filter(({ outcome }) => outcome === "ok")
      .map(({ args }) => args.job),
  ),
];

const broken = (rule: string, about: string, says: string): Violation[] => [{ rule, about, says }];

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
