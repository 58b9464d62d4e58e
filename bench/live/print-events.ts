import type { JobEvent } from "../../contract/event.ts";

/** What tells one event from another of its type. */
const telling = ["stage", "scene", "rendition", "for"] as const;

/**
 * Prints when each event of a job came, in seconds after `from`. What a scene takes over from an earlier film
 * is left out.
 *
 * @param from milliseconds since the epoch
 */
export function printEvents(title: string, events: readonly JobEvent[], from: number): void {
  console.log(`\n${title}`);
  for (const { type, at, data } of events) {
    const fields = data as Record<string, unknown>;
    if (fields.reused === true || type === "job.reused") continue;
    const told = telling.flatMap((name) => (name in fields ? [`${name} ${fields[name]}`] : []));
    const seconds = ((Date.parse(at) - from) / 1000).toFixed(2);
    console.log(`${seconds.padStart(8)}  ${[type, ...told].join(" ")}`);
  }
}
