import { describe, expect, it } from "vitest";
import { Slots } from "./slots.ts";

const never = new AbortController().signal;

describe("Slots", () => {
  it("never runs more at once than it has, and runs all", async () => {
    const slots = new Slots(3);
    let running = 0;
    let most = 0;
    const done = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        slots.run(never, async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running--;
          return i;
        }),
      ),
    );
    expect(most).toBe(3);
    expect(done).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it("gives a slot that is taken at once back once, and none while all are taken", async () => {
    const slots = new Slots(1);
    const give = slots.tryTake();
    expect(slots.tryTake()).toBeNull();
    const waiting = slots.run(never, async () => "ran");
    give?.();
    give?.();
    expect(await waiting).toBe("ran");
    const [one, two] = [slots.tryTake(), slots.tryTake()];
    expect([one === null, two]).toEqual([false, null]);
  });

  it("lets the most urgent go next, and equals in the order they came", async () => {
    const slots = new Slots(1);
    const order: string[] = [];
    const run = (name: string, rank?: number) => slots.run(never, async () => void order.push(name), rank);
    await Promise.all([run("first"), run("c", 9), run("a", 1), run("d", 9), run("b", 1), run("now")]);
    expect(order).toEqual(["first", "now", "a", "b", "c", "d"]);
  });

  it("gives the slot back when the work fails", async () => {
    const slots = new Slots(1);
    await expect(slots.run(never, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await slots.run(never, async () => "next")).toBe("next");
  });

  it("lets a waiting one leave, without losing a slot", async () => {
    const slots = new Slots(1);
    let finish = () => {};
    const first = slots.run(
      never,
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const leaving = new AbortController();
    const second = slots.run(leaving.signal, async () => "never");
    leaving.abort(new Error("left"));
    await expect(second).rejects.toThrow("left");
    finish();
    await first;
    expect(await slots.run(never, async () => "third")).toBe("third");
  });
});
