/**
 * `npm run bench -- autoscale [--films 1500] [--machines 12] [--seed 1]`: simulates a day's traffic with the
 * rule of edge/pool/machines-wanted.ts, and prints waits, machines and cost. The rule is the deployed one;
 * everything else is in the numbers below.
 */
import { prices } from "../deploy/cost-model.ts";
import { seeded } from "../tests/seeded.ts";
import { type Hour, type Pool, simulateDay } from "./autoscale/simulate-day.ts";

/**
 * @source docs/scaling.md for the film; fly.worker.toml for the idle exit; a start is an image of 0.9 GB that
 *   is there
 */
const measured = { slots: 2, startSeconds: 10, idleExitSeconds: 300, filmSeconds: 82 };
/** The share of a day's films in each hour: few at night, most in the morning and in the evening. */
const shares = [1, 1, 1, 1, 2, 4, 8, 10, 9, 6, 4, 3, 3, 3, 3, 3, 4, 5, 6, 7, 6, 5, 3, 2];
/** A sudden rush of requests. */
const rush = { atSecond: 13 * 3600, seconds: 300, films: 150 };

/** Prints the day by hours, and the same with other pools. */
export async function run({
  films,
  machines,
  seed,
}: {
  films: number;
  machines: number;
  seed: number;
}): Promise<void> {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const perHour = (second: number) => {
    const isRush = second >= rush.atSecond && second < rush.atSecond + rush.seconds;
    const usual = (films * (shares[Math.floor(second / 3600)] ?? 0)) / total;
    return usual + (isRush ? (rush.films * 3600) / rush.seconds : 0);
  };
  const simulate = (scaling: Pool["scaling"], count: number) =>
    simulateDay({ ...measured, machines: count, scaling }, perHour, seeded(seed));
  const byRule = simulate("rule", machines);
  console.log(
    `\nA day of ${films} films, and ${rush.films} more within five minutes at one o'clock; seed ${seed}\n`,
  );
  const columns = ["hour", "asked", "most waiting", "wait p50 s", "wait p95 s", "machines", "dollars"];
  console.log(columns.map((name) => name.padStart(13)).join(""));
  for (const [hour, one] of byRule.entries())
    console.log(
      [
        hour,
        one.asked,
        one.mostWaiting,
        rank(one.waits, 0.5),
        rank(one.waits, 0.95),
        one.mostMachines,
        dollars([one]),
      ]
        .map((cell) => String(cell).padStart(13))
        .join(""),
    );
  console.log(
    `\n${"".padEnd(34)}${["wait p50 s", "wait p95 s", "longest s", "dollars"].map((n) => n.padStart(12)).join("")}`,
  );
  say(`by the rule, at most ${machines}`, byRule);
  say(`always ${machines}`, simulate("always", machines));
  say("always 2", simulate("always", 2));
}

function say(what: string, hours: readonly Hour[]): void {
  const waits = hours.flatMap((hour) => hour.waits);
  const cells = [rank(waits, 0.5), rank(waits, 0.95), Math.max(...waits), dollars(hours)];
  console.log(`${what.padEnd(34)}${cells.map((cell) => String(cell).padStart(12)).join("")}`);
}

const dollars = (hours: readonly Hour[]) =>
  (hours.reduce((sum, { machineSeconds }) => sum + machineSeconds, 0) * prices.machineSecond).toFixed(2);

function rank(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
