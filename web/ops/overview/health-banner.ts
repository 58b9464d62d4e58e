import type { OpsFigures } from "../../../contract/ops.ts";
import { element } from "../../shared/element.ts";
import { plural } from "../format.ts";
import type { Health } from "../health.ts";

const titles = { well: "All is well", look: "Worth a look", wrong: "Something is wrong" } as const;
const signs = { well: "✓", look: "!", wrong: "✕" } as const;

/** The first line of the page: the level, and the reasons with links. */
export function drawHealthBanner({ level, reasons }: Health, now: OpsFigures): HTMLElement {
  const items = reasons.map((reason) =>
    element(
      "li",
      { class: reason.level },
      element("a", { href: reason.href }, reason.text),
      ...(reason.probe
        ? [" ", element("button", { type: "button", "data-probe": reason.probe }, "Try now")]
        : []),
    ),
  );
  return element(
    "section",
    { class: `verdict ${level}`, "data-key": level, "aria-label": "Service health" },
    element("span", { class: "sign", "aria-hidden": "true" }, signs[level]),
    element(
      "div",
      {},
      element("p", { class: "verdict-title" }, titles[level]),
      reasons.length > 0
        ? element("ul", {}, ...items)
        : element("p", { class: "verdict-text" }, describeLoad(now)),
    ),
  );
}

/** The level as text. */
export const nameLevel = (level: Health["level"]) => titles[level];

/** The banner while the service does not answer. `since`: the local time of the last answer. */
export const drawUnreachableBanner = (since: string | null) =>
  element(
    "section",
    { class: "verdict blind", "data-key": "blind", "aria-label": "Service health" },
    element("span", { class: "sign", "aria-hidden": "true" }, "?"),
    element(
      "div",
      {},
      element("p", { class: "verdict-title" }, "No connection"),
      element(
        "p",
        { class: "verdict-text" },
        since === null
          ? "The service does not answer. This page keeps trying."
          : `The service has not answered since ${since}. The data below may be out of date. This page keeps trying.`,
      ),
    ),
  );

function describeLoad({ queues, processing, workers }: OpsFigures): string {
  const depth = queues.premium.depth + queues.standard.depth;
  if (depth === 0 && processing === 0) {
    return workers === 0
      ? "No job waits, and no machine is up."
      : `No job waits. ${plural(workers, "machine is", "machines are")} ready.`;
  }
  return `${plural(processing, "film is", "films are")} being made, ${plural(depth, "job waits", "jobs wait")}.`;
}
