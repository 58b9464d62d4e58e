import { capabilities, type Tried } from "./try-answer.ts";

/** A row for each answer, as Markdown. */
export function printTable(tried: readonly Tried[]): string {
  const head = ["answer", "calls", "billed", "paid + unknown", "booked", "what the owner reads", "then"];
  const rows = [head, head.map(() => "---"), ...tried.map(rowOf)];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function rowOf({ answer, status, afterwards, ...money }: Tried): string[] {
  const { calls, billed, paid, unknown, bookedUsd, estimatedUsd } = money;
  const triple = (of: Tried["calls"]) => capabilities.map((name) => of[name]).join(" ");
  const books = capabilities.map((name) => `${paid[name]}${unknown[name] ? `+${unknown[name]}` : ""}`);
  const estimated = estimatedUsd > 0 ? `, of it ${usd(estimatedUsd)} as ceiling` : "";
  return [
    `${answer.faults.length === 0 ? "" : `${answer.capability}: `}${answer.says}`,
    triple(calls),
    triple(billed),
    books.join(" "),
    `${usd(bookedUsd)}${estimated}`,
    wordsOf(status),
    afterwards === null ? "" : wordsOf(afterwards),
  ];
}

const usd = (amount: number) => `$${amount.toFixed(4)}`;

function wordsOf({ status, attempt, error, warnings }: Tried["status"]): string {
  if (error) {
    const again = error.retryable ? "may be asked for again" : "is final";
    return `**${status}**: \`${error.code}\` ${error.message} (${again})`;
  }
  if (status === "queued") return `waits to be tried again (attempt ${attempt} was handed back)`;
  return [`${status}.`, ...warnings].join(" ");
}

/**
 * Contradictions, one sentence each: money that only the bill or only the ledger has, a film that is lost.
 */
export function findWrong(tried: readonly Tried[]): string[] {
  return tried.flatMap(({ answer, billed, paid, unknown, status, afterwards }) => {
    const name = `${answer.capability}, ${answer.says}`;
    const money = capabilities.flatMap((one) =>
      billed[one] < paid[one] || billed[one] > paid[one] + unknown[one]
        ? [`${name}: ${billed[one]} ${one} billed, ${paid[one]} paid and ${unknown[one]} unknown`]
        : [],
    );
    const isMade = [status, afterwards].some((one) => one?.status === "completed");
    const isRefused = status.error?.retryable === false;
    return isMade || isRefused ? money : [...money, `${name}: there is no film`];
  });
}
