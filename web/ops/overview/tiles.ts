import type { OpsFigures } from "../../../contract/ops.ts";
import { element } from "../../shared/element.ts";
import { count, dollars, duration, plural } from "../format.ts";

/** The live counts. `before`: the figures of an hour ago; counters show their growth since then. */
export function drawTiles(now: OpsFigures, before: OpsFigures | undefined): HTMLElement {
  const since = before ? "last hour" : "in total";
  const grown = (name: "completed" | "failed" | "cancelled" | "requeued" | "spent_usd") =>
    now[name] - (before?.[name] ?? 0);
  const queue = (name: "premium" | "standard", title: string) => {
    const { depth, oldest_seconds } = now.queues[name];
    const note = depth === 0 ? "none" : `oldest: ${duration(oldest_seconds)}`;
    return tile(title, count(depth), note, `#/jobs?status=queued&priority=${name}`);
  };
  return element(
    "ul",
    { class: "tiles" },
    queue("premium", "Premium waiting"),
    queue("standard", "Standard waiting"),
    tile(
      "Being made",
      count(now.processing),
      now.slots === 0 ? "" : `of ${plural(now.slots, "slot")}`,
      "#/jobs?status=processing",
    ),
    tile("Wait for their owner", count(now.asking ?? 0), "to be approved", "#/jobs?status=waiting"),
    tile(
      "Machines up",
      count(now.workers),
      now.workers === 0 ? "none reports" : `${plural(now.slots, "slot")} in total`,
    ),
    tile("Completed", count(grown("completed")), since, "#/jobs?status=completed"),
    tile("Failed", count(grown("failed")), since, "#/jobs?status=failed", grown("failed") > 0),
    tile("Requeued attempts", count(grown("requeued")), since),
    tile("Spent", dollars(grown("spent_usd")), since),
    tile("Dead letters", count(now.dead_letters), "last 24 hours", "#/dead-letters", now.dead_letters > 0),
    tile("Webhooks due", count(now.webhooks_pending), "to be delivered"),
  );
}

function tile(title: string, value: string, note: string, href?: string, isBad = false): HTMLElement {
  const parts = [
    element("span", { class: "tile-title" }, title),
    element("span", { class: "tile-value" }, value),
    element("span", { class: "tile-note" }, note),
  ];
  return element(
    "li",
    { class: isBad ? "tile bad" : "tile", "data-key": title },
    href === undefined ? element("div", {}, ...parts) : element("a", { href }, ...parts),
  );
}
