/** Which purchases of a history gave nothing that can be kept. */
import { type Entry, entriesOf } from "../history.ts";
import { usableFaults } from "../malformed.ts";

export const wasUseless = ({ args }: Purchase) => args.fault !== null && !usableFaults.has(args.fault);

export const uselessAnswers = (history: readonly Entry[], capability: string) =>
  entriesOf(history, "buy").filter(
    (purchase) => purchase.args.capability === capability && wasUseless(purchase),
  );

/**
 * The buyer tried to store the result, and every try failed: the store stalled until the attempt had to end.
 */
export function wasLost(history: readonly Entry[], { actor, args: { content } }: Purchase): boolean {
  const tries = entriesOf(history, "put").filter((put) => put.actor === actor && put.args.sha256 === content);
  return tries.length > 0 && tries.every(({ outcome }) => outcome !== "ok");
}

export type Purchase = ReturnType<typeof entriesOf<"buy">>[number];
