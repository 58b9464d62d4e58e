import type { OpsFigures } from "../../../contract/ops.ts";
import { element } from "../../shared/element.ts";
import { plural } from "../format.ts";
import type { Verdict } from "../judge.ts";

const titles = { well: "All is well", look: "Worth a look", wrong: "Something is wrong" } as const;
const signs = { well: "✓", look: "!", wrong: "✕" } as const;

/** The first line: one glance is enough. */
export function drawVerdict({ level, reasons }: Verdict, now: OpsFigures): HTMLElement {
  const items = reasons.map((reason) =>
    element("li", { class: reason.level }, element("a", { href: reason.href }, reason.text)),
  );
  return element(
    "section",
    { class: `verdict ${level}`, "data-key": level, "aria-label": "How everything stands" },
    element("span", { class: "sign", "aria-hidden": "true" }, signs[level]),
    element(
      "div",
      {},
      element("p", { class: "verdict-title" }, titles[level]),
      reasons.length > 0
        ? element("ul", {}, ...items)
        : element("p", { class: "verdict-text" }, describeCalm(now)),
    ),
  );
}

export const nameLevel = (level: Verdict["level"]) => titles[level];

/** Instead of a verdict that nobody can give. */
export const drawBlind = (since: string | null) =>
  element(
    "section",
    { class: "verdict blind", "data-key": "blind", "aria-label": "How everything stands" },
    element("span", { class: "sign", "aria-hidden": "true" }, "?"),
    element(
      "div",
      {},
      element("p", { class: "verdict-title" }, "No connection"),
      element(
        "p",
        { class: "verdict-text" },
        since === null
          ? "The service does not answer. This page goes on trying."
          : `The service has not answered since ${since}. What is below may be out of date; this page goes on trying.`,
      ),
    ),
  );

function describeCalm({ queues, processing, workers }: OpsFigures): string {
  const depth = queues.premium.depth + queues.standard.depth;
  if (depth === 0 && processing === 0) {
    return workers === 0
      ? "Nothing waits, and the pool sleeps."
      : `Nothing waits. ${plural(workers, "machine is", "machines are")} ready.`;
  }
  return `${plural(processing, "film is", "films are")} being made, ${plural(depth, "job waits", "jobs wait")}.`;
}
