import { expect, it } from "vitest";
import { seeded } from "../../tests/seeded.ts";
import { type Pool, simulateDay } from "./simulate-day.ts";

const pool: Pool = {
  machines: 10,
  slots: 2,
  scaling: "rule",
  startSeconds: 10,
  idleExitSeconds: 300,
  filmSeconds: 90,
};
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

it("costs nothing without requests", () => {
  const hours = simulateDay(pool, () => 0, seeded(1));
  expect(sum(hours.map(({ machineSeconds }) => machineSeconds))).toBe(0);
});

it("serves every request, and a single one after a machine's start", () => {
  const hours = simulateDay(pool, (second) => (second === 5_000 ? 3_600 : 0), seeded(1));
  expect(hours[1]).toMatchObject({ asked: 1, waits: [10], mostMachines: 1 });
  // The time of its film, and the time that the machine then waits for more.
  const up = sum(hours.map(({ machineSeconds }) => machineSeconds));
  expect(up).toBeGreaterThan(300 + 63);
  expect(up).toBeLessThan(10 + 300 + 117 + 3);
});

it("serves a rush of 120 within twice the accepted wait, and never runs more machines than exist", () => {
  const rush = (second: number) => (second >= 3_600 && second < 3_720 ? 3_600 : 0);
  const hours = simulateDay(pool, rush, seeded(1));
  const waits = hours.flatMap((hour) => hour.waits);
  expect(waits).toHaveLength(120);
  expect(Math.max(...waits)).toBeLessThan(600);
  expect(Math.max(...hours.map(({ mostMachines }) => mostMachines))).toBeLessThanOrEqual(10);
});
