/** Real worker processes that send nothing: frozen for longer than their lease, or cut off from the edge. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { until } from "../until.ts";
import { look } from "./clients.ts";
import { type FewWorkers, openFewWorkers, quick } from "./few-workers.ts";

/**
 * How long a worker stays cut off at least: `CUT_SECONDS=600`. By default until another one has made its
 * film.
 */
const cutSeconds = Number(process.env.CUT_SECONDS ?? 0);

let few: FewWorkers;
beforeAll(async () => {
  few = await openFewWorkers();
});
afterEach(() => few.clear());
afterAll(() => few?.close());

it("is fenced when it was frozen for longer than its lease, and goes on with other work", async () => {
  await few.cloud.breakOpenai({ latency_ms: { ...quick, voice: 3_000 } });
  const frozen = few.newMachine("frozen", 1);
  await frozen.start();
  const before = few.claimsBy(frozen).length;
  const film = await few.ask();
  await until(() => few.claimsBy(frozen).length > before);
  const mine = few.claimsBy(frozen).at(-1)?.args.job;
  frozen.signal("SIGSTOP");
  const other = few.newMachine("other", 3);
  await other.start();
  await until(() => few.claimsBy(other).some(({ args }) => args.job === mine));
  await few.untilDone(film);
  frozen.signal("SIGCONT");
  await until(() =>
    few.history.entries.some(
      ({ actor, op, args, outcome }) =>
        actor === frozen.workerId &&
        outcome === "fail" &&
        (op === "report" || op === "complete") &&
        "job" in args &&
        args.job === mine,
    ),
  );
  expect((await look(few.cloud, few.history, film))?.attempt).toBe(2);
  await other.kill();
  const after = await few.ask();
  await few.untilDone(after);
  expect(few.claimsBy(frozen).some(({ args }) => args.job === after.job)).toBe(true);
});

it(
  "stops its work before its lease ends when it is cut off from the edge",
  async () => {
    await few.cloud.breakOpenai({ latency_ms: { ...quick, voice: 60_000 } });
    const faults = { edgeLoss: 0, storeLoss: 0 };
    const cut = few.newMachine("cut", 1, undefined, faults);
    await cut.start();
    const film = await few.ask();
    await until(() => few.claimsBy(cut).length > 0);
    const mine = few.claimsBy(cut)[0]?.args.job;
    faults.edgeLoss = 1;
    const cutAt = performance.now();
    await few.cloud.breakOpenai({ latency_ms: quick });
    const other = few.newMachine("near", 3);
    await other.start();
    await until(() => few.claimsBy(other).some(({ args }) => args.job === mine));
    const log = await readFile(join(few.cloud.logDir, "worker-cut.log"), "utf8");
    expect(log).toContain('"lease.lost"');
    await few.untilDone(film);
    await until(() => performance.now() - cutAt >= cutSeconds * 1000, Boolean, (cutSeconds + 1) * 1000);
    faults.edgeLoss = 0;
    const status = await look(few.cloud, few.history, film);
    expect(status).toMatchObject({ status: "completed", attempt: 2 });
    await other.kill();
    const after = await few.ask();
    await few.untilDone(after);
    expect(few.claimsBy(cut).some(({ args }) => args.job === after.job)).toBe(true);
  },
  180_000 + cutSeconds * 1000,
);
