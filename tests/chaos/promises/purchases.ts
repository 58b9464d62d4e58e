/** I6, by the provider's bill: what is bought and stored is not bought again. */
import { type Entry, endOf, entriesOf } from "../history.ts";
import { type Purchase, wasLost, wasUseless } from "./answers.ts";
import { broken, groupBy, type Violation } from "./violation.ts";

/**
 * I6. A second payment is permitted only if the outcome of the first purchase is unknown (its reply was lost,
 * or its worker was killed before the bytes were stored; the proxy may log calls after the kill), or if the
 * answer could not be used.
 */
export function nothingPaidTwice(history: readonly Entry[]): Violation[] {
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

const doubledSounds: ReadonlySet<string> = new Set(["joined_wavs", "joined_mp3s"]);

/** A sound that says its words twice may be kept, and asked for once more by the same worker. */
const isRetake = (first: Purchase, again: Purchase) =>
  doubledSounds.has(first.args.fault ?? "") && first.actor === again.actor;

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

function excused(history: readonly Entry[], first: Purchase, again: Purchase): boolean {
  if (first.outcome === "unknown" || wasUseless(first) || wasLost(history, first)) return true;
  return entriesOf(history, "kill").some(({ t, args }) => args.worker === first.actor && t <= again.t);
}
