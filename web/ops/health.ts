/** Decides from the figures on the page whether an operator has to act. */

import { isConfigurationCode } from "../../contract/ai-configuration.ts";
import type { OpsHold } from "../../contract/hold.ts";
import { modelWarnDays } from "../../contract/models.ts";
import type { OpsFigures, OpsWorker } from "../../contract/ops.ts";
import { clock, duration, plural } from "./format.ts";

export type Level = "well" | "look" | "wrong";

export interface Health {
  level: Level;
  reasons: Reason[];
}

interface Reason {
  level: Exclude<Level, "well">;
  text: string;
  href: string;
  /** The held capability that an operator may try again. */
  probe?: OpsHold["capability"];
}

/** Seconds that the oldest job of a queue may wait; the same limits as the alerts of deploy/observability. */
const waits = {
  premium: { look: 180, wrong: 480 },
  standard: { look: 900, wrong: 1_200 },
} as const;
/** The time that a machine needs to wake, start and report. */
const wakeSeconds = 60;
/** The time that a message needs to reach a free slot, a pause of the workers' pulls included. */
const takeSeconds = 120;
/** Shares of the last hour's ended films. `wrongFrom`: fewer failures never count as wrong. */
const failures = { look: 0.05, wrong: 0.25, wrongFrom: 3 };
const manyWebhooks = 500;
/** For this long a machine that was lost is named. */
const lostShownMs = 3600_000;
const wakeRemedy =
  'Start one: see the alert "no workers" in the runbook; on a laptop, npm run dev says which process ended.';
/** Causes of failures that are named. */
const shownCauses = 3;

/**
 * The level and the reasons for it, worst first. `before`: the figures of about an hour ago; without them the
 * totals since the start count.
 */
export function assessHealth(
  now: OpsFigures,
  workers: readonly OpsWorker[],
  before: OpsFigures | undefined,
  nowMs = Date.now(),
): Health {
  const reasons: Reason[] = [];
  const since = before ? "in the last hour" : "so far";

  const { holds = [] } = now;
  for (const [i, hold] of holds.entries())
    reasons.push({
      level: hold.held_jobs > 0 ? "wrong" : "look",
      text: describeHold(hold, i > 0, nowMs),
      href: "#/jobs?status=queued",
      probe: hold.capability,
    });

  const depth = now.queues.premium.depth + now.queues.standard.depth;
  const oldest = Math.max(now.queues.premium.oldest_seconds, now.queues.standard.oldest_seconds);
  const held = now.held_jobs ?? Math.max(0, ...holds.map(({ held_jobs }) => held_jobs));
  // Jobs that wait for another reason are not hidden by a hold.
  const isHeld = holds.length > 0 && held >= depth;
  const overdue = holds.find(({ next_probe_at }) => nowMs - Date.parse(next_probe_at) > takeSeconds * 1000);
  if (isHeld && depth > 0 && now.workers === 0 && overdue)
    add(
      "wrong",
      `No machine is up to try the provider again, which has been due since ${clock(overdue.next_probe_at, nowMs)}. ${wakeRemedy}`,
      "#/jobs?status=queued",
    );
  if (!isHeld && depth > 0 && now.workers === 0 && now.processing === 0 && oldest > wakeSeconds) {
    add(
      "wrong",
      `${plural(depth, "job")} wait${depth === 1 ? "s" : ""} and no machine is up. ${wakeRemedy}`,
      "#/jobs?status=queued",
    );
  }
  for (const queue of ["premium", "standard"] as const) {
    const seconds = now.queues[queue].oldest_seconds;
    if (isHeld || seconds <= waits[queue].look) continue;
    const level = seconds > waits[queue].wrong ? "wrong" : "look";
    add(
      level,
      `A ${queue} job has waited for ${duration(seconds)}.`,
      `#/jobs?status=queued&priority=${queue}`,
    );
  }

  const ready = Math.max(now.queues.premium.ready_seconds ?? 0, now.queues.standard.ready_seconds ?? 0);
  const free = now.slots - now.processing;
  if (ready > takeSeconds && free > 0)
    add(
      "wrong",
      `A job has waited for ${duration(ready)} although ${plural(free, "slot is", "slots are")} free: its message does not reach the machines. See the alert "queue hangs" in the runbook.`,
      "#/jobs?status=queued",
    );

  // An older edge does not tell a pause from a message that does not arrive.
  const isKnown = now.queues.standard.ready_seconds !== undefined;
  if (isKnown && ready === 0 && held === 0 && depth > 0 && free > 0 && oldest > takeSeconds)
    add(
      "look",
      `${plural(depth, "job waits", "jobs wait")} for another attempt, after one that failed: the page of the job says why.`,
      "#/jobs?status=queued",
    );

  if (now.last_hour) addFailures(now.last_hour);

  const letters = now.dead_letters - (before?.dead_letters ?? 0);
  if (letters > 0)
    add("look", `${plural(letters, "dead letter")} ${before ? since : "in the last day"}.`, "#/dead-letters");

  if (now.outbox_overdue > 0) {
    add(
      "wrong",
      `${plural(now.outbox_overdue, "message")} could not be sent to the queue.`,
      "#/jobs?status=queued",
    );
  }

  addLost(workers.filter(({ state }) => state === "silent"));

  const cutOff = workers.filter(({ state, queue_fault = null }) => state === "up" && queue_fault !== null);
  if (cutOff.length > 0)
    add(
      "wrong",
      `${plural(cutOff.length, "machine")} of ${now.workers} cannot read the queue (${cutOff[0]?.queue_fault}), so no waiting job reaches ${cutOff.length === 1 ? "it" : "them"}. Run npm run doctor; see the alert "pulls fail" in the runbook. On a laptop, read the log of the queue.`,
      "#/",
    );

  if (now.webhooks_pending >= manyWebhooks)
    add("look", `${plural(now.webhooks_pending, "webhook")} wait for delivery.`, "#/");

  const ending = new Map(
    workers.flatMap(({ ending_models = [] }) => ending_models.map((one) => [one.model, one] as const)),
  );
  for (const { model, ends_on, replacement } of ending.values()) {
    const days = Math.ceil((Date.parse(ends_on) - nowMs) / 86_400_000);
    if (days > modelWarnDays) continue;
    const ends = days > 0 ? `ends on ${ends_on}, in ${plural(days, "day")}` : `ended on ${ends_on}`;
    add(
      days > 0 ? "look" : "wrong",
      `The AI model ${model} ${ends}. Configure ${replacement} instead.`,
      "#/",
    );
  }

  reasons.sort((a, b) => Number(b.level === "wrong") - Number(a.level === "wrong"));
  return { level: reasons[0]?.level ?? "well", reasons };

  /** Failures that were retried do not count. */
  function addFailures({ completed, failed }: NonNullable<OpsFigures["last_hour"]>): void {
    const films = failed.reduce((sum, group) => sum + group.films, 0);
    const wrong = failed.find(({ code }) => isConfigurationCode(code));
    const share = films / Math.max(1, films + completed);
    if (films === 0 || (share < failures.look && !wrong)) return;
    const isWrong = wrong !== undefined || (films >= failures.wrongFrom && share >= failures.wrong);
    const causes = failed
      .slice(0, shownCauses)
      .map(
        ({ code, since, films }) =>
          `${code} since ${clock(since, nowMs)}${failed.length > 1 ? ` (${films})` : ""}`,
      );
    const more = failed.length > shownCauses ? [`${failed.length - shownCauses} more`] : [];
    add(
      isWrong ? "wrong" : "look",
      `${films} of ${plural(films + completed, "film")} failed in the last hour: ${[...causes, ...more].join(", ")}.${wrong ? " Run npm run doctor." : ""}`,
      `#/jobs?status=failed${failed.length === 1 ? `&error_code=${failed[0]?.code}` : ""}`,
    );
  }

  /** A machine that stops in order says so, and is no longer on the list. */
  function addLost(silent: readonly OpsWorker[]): void {
    const left = silent.reduce((sum, { active_jobs }) => sum + active_jobs, 0);
    if (left > 0)
      add(
        "look",
        `Machines with ${plural(left, "job")} stopped reporting. Other machines take over.`,
        "#/jobs?status=processing",
      );
    const lost = silent.filter(
      ({ active_jobs, seen_at }) => active_jobs === 0 && nowMs - Date.parse(seen_at) < lostShownMs,
    );
    const newest = lost.toSorted((a, b) => b.seen_at.localeCompare(a.seen_at))[0];
    if (newest === undefined) return;
    const ids = lost.length === 1 ? newest.id : `${newest.id} and ${lost.length - 1} more`;
    add(
      "look",
      `${plural(lost.length, "machine")} ended without a goodbye (${ids}, last seen at ${clock(newest.seen_at, nowMs)}): killed, out of memory, or cut off from the network. Their jobs were requeued. See their logs.`,
      "#/",
    );
  }

  function add(level: "look" | "wrong", text: string, href: string): void {
    reasons.push({ level, text, href });
  }
}

/**
 * What waits, why, what to do, and when it goes on. `isFurther`: jobs may wait for an earlier hold as well.
 */
function describeHold(
  { capability, code, since, next_probe_at, probing, held_jobs }: OpsHold,
  isFurther: boolean,
  nowMs: number,
): string {
  const isDue = Date.parse(next_probe_at) <= nowMs;
  const next = probing
    ? "one of them is trying at this moment"
    : `one of them tries again ${isDue ? "now" : `at ${clock(next_probe_at, nowMs)}`}`;
  const fault = code.slice(capability.length + 1) as keyof typeof repairs;
  return [
    `${plural(held_jobs, "job is", "jobs are")} ${isFurther ? "also " : ""}held since ${clock(since, nowMs)}: the AI provider of ${capability} refuses every call (${code}).`,
    `${repairs[fault] ?? "Run npm run doctor."} The jobs go on by themselves; ${next}.`,
  ].join(" ");
}

/**
 * What an operator does about each fault of contract/hold.ts. The runbook says how, for each way to run it.
 */
const repairs = {
  no_credit: "Add credit to the provider's account.",
  key_refused: "Give the workers a valid key.",
  model_unavailable: "Configure a model and an address that exist; npm run doctor names them.",
};
