import { expect, it } from "vitest";
import { createRevival } from "./revive.ts";

function world(fails: (times: number) => boolean) {
  const said: string[] = [];
  const pauses: number[] = [];
  let seconds = 0;
  let restarts = 0;
  const stopping = new AbortController();
  const revive = createRevival(
    {
      say: (line) => said.push(line),
      now: () => seconds * 1000,
      async pause(ms) {
        pauses.push(ms / 1000);
        seconds += ms / 1000;
      },
      async restart(name) {
        if (fails(++restarts)) throw new Error(`${name} did not start; see worker.log`);
      },
    },
    stopping.signal,
  );
  return { revive, said, pauses, pass: (s: number) => (seconds += s), restarts: () => restarts, stopping };
}

it("says which process ended and where its log is, and starts it again", async () => {
  const { revive, said, restarts } = world(() => false);
  await revive("worker", "worker ended unexpectedly (SIGKILL); its log: worker.log");
  expect(said[0]).toBe(
    "worker ended unexpectedly (SIGKILL); its log: worker.log\nThe others go on. The worker starts again in 1 s.",
  );
  expect(said[1]).toBe("The worker is up again.");
  expect(restarts()).toBe(1);
});

it("waits longer each time, and gives up after five tries in a row", async () => {
  const { revive, said, pauses } = world(() => true);
  await revive("worker", "worker ended");
  expect(pauses).toEqual([1, 2, 5, 15, 30]);
  expect(said.at(-1)).toContain("is not started again: mend it");
});

it("begins anew after a minute in which the process ran", async () => {
  const { revive, pauses, pass } = world(() => false);
  await revive("queue", "queue ended");
  await revive("queue", "queue ended");
  pass(61);
  await revive("queue", "queue ended");
  expect(pauses).toEqual([1, 2, 1]);
});

it("starts nothing while the cloud stops", async () => {
  const { revive, restarts, stopping } = world(() => false);
  stopping.abort();
  await revive("edge", "edge ended");
  expect(restarts()).toBe(0);
});
