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

  it("lets work that needs all slots run alone, and never lets later work pass it", async () => {
    const slots = new Slots(2);
    const order: string[] = [];
    const run = (name: string, rank: number, needed?: number) => {
      const work = async () => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${name} ends`);
      };
      return slots.run(never, work, rank, needed);
    };
    await Promise.all([run("light", 0), run("large", 1, 2), run("later", 2), run("next", 3)]);
    const begins = order.indexOf("large begins");
    expect(order.slice(0, begins + 2)).toEqual(["light begins", "light ends", "large begins", "large ends"]);
    expect(order.slice(begins + 2)).toEqual(["later begins", "next begins", "later ends", "next ends"]);
  });

  it("lets work run that needs more slots than there are", async () => {
    expect(await new Slots(1).run(never, async () => "ran", 0, 2)).toBe("ran");
  });

  it("lets the next go where the one before it leaves", async () => {
    const slots = new Slots(2);
    const held = Promise.withResolvers<void>();
    const leaving = new AbortController();
    const first = slots.run(never, () => held.promise);
    const large = slots.run(leaving.signal, async () => "large", 0, 2);
    const next = slots.run(never, async () => "next");
    leaving.abort(new Error("left"));
    await expect(large).rejects.toThrow("left");
    expect(await next).toBe("next");
    held.resolve();
    await first;
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
