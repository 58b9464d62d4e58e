import { expect, it } from "vitest";
import { startHeartbeat } from "./heartbeat.ts";
import { createLog } from "./log.ts";

const facts = { region: "fra", version: "1.0.0", slots: 2 };

it("tells that it is there again and again, and last that it goes", async () => {
  const told: boolean[] = [];
  let arrive: (() => void) | undefined;
  const edge = {
    sendHeartbeat: async ({ leaving }: { leaving: boolean }) => {
      // The fourth heartbeat stays on its way until the test lets it end.
      if (told.length === 3 && !leaving) await new Promise<void>((resolve) => (arrive = resolve));
      told.push(leaving);
    },
  };
  const heartbeat = startHeartbeat(edge, facts, createLog("fatal", {}), 1);
  while (arrive === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  const left = heartbeat.leave();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(told).toEqual([false, false, false]);
  arrive();
  await left;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(told).toEqual([false, false, false, false, true]);
});

it("goes on while the edge does not answer", async () => {
  let asked = 0;
  const edge = {
    sendHeartbeat: async () => {
      asked++;
      throw new Error("edge unreachable");
    },
  };
  const heartbeat = startHeartbeat(edge, facts, createLog("fatal", {}), 1);
  while (asked < 4) await new Promise((resolve) => setTimeout(resolve, 1));
  await heartbeat.leave();
});
