/** I6 and I14, by the edge's ledger: it is the bill, jobs fail for a reason, and budgets hold. */
import { unknownsThatFail } from "../../../contract/charge.ts";
import { maxFailedAttempts } from "../../../contract/limits.ts";
import { type Entry, entriesOf } from "../history.ts";
import { uselessAnswers, wasLost } from "./answers.ts";
import { broken, groupBy, type Violation } from "./violation.ts";

/**
 * I6, by the edge's ledger: each paid charge is on the provider's bill, and each call on the bill is a paid
 * or an unknown charge. An unknown charge may be on the bill or not. No charge stays open, no asset is paid
 * twice, and no job has more than two unknown outcomes of one asset. A repeated request makes a new job,
 * which may buy the asset again.
 */
export function theLedgerIsTheBill(history: readonly Entry[]): Violation[] {
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

/** Error codes of a job of which one asset got two answers that could not be used. */
const uselessTwice: Record<string, string> = { "voice.unusable": "voice", "storyboard.malformed": "text" };

/**
 * A job may fail only if two purchases of one asset have an unknown outcome, if its worker got two unusable
 * answers for one asset, or if its attempts are used up.
 */
export function failedForAReason(history: readonly Entry[]): Violation[] {
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
export function nothingOverspent(history: readonly Entry[]): Violation[] {
  return entriesOf(history, "budget").flatMap(({ args: { about, spent, limit } }) =>
    spent > limit ? broken("I14", about, `spent ${spent} of ${limit} micro-dollars`) : [],
  );
}
