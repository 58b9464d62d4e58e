import { describe, expect, it } from "vitest";
import { Poison, Rejected, Transient, Unsure } from "../errors.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";

const times = { failures: 3, openMs: 1_000, longestOpenMs: 3_000 };
const away = () => Promise.reject(new Transient("openai.unavailable", "", { aiFault: "unavailable" }));
const back = async () => "here";

function world() {
  let now = 0;
  let asked = 0;
  const breaker = new CircuitBreaker(times, () => now);
  const call = (work: () => Promise<string>) =>
    breaker
      .run(() => {
        asked++;
        return work();
      })
      .catch((error) => error.code as string);
  return {
    breaker,
    call,
    wait: (ms: number) => {
      now += ms;
    },
    asked: () => asked,
  };
}

describe("a circuit breaker", () => {
  it("sends no more calls after failures in a row, and says for how long", async () => {
    const { breaker, call, asked } = world();
    for (let i = 0; i < 3; i++) await call(away);
    expect(await call(back)).toBe("openai.circuit_open");
    expect([asked(), breaker.isOpen]).toEqual([3, true]);
    await expect(breaker.run(back)).rejects.toSatisfy(
      (error: Transient) => Number(error.retryAfterMs) >= 1_000,
    );
  });

  it("sends one probe when its time is over, and closes when it comes back well", async () => {
    const { breaker, call, wait, asked } = world();
    for (let i = 0; i < 3; i++) await call(away);
    wait(1_000);
    const slow = Promise.withResolvers<string>();
    const probe = call(() => slow.promise);
    expect(await call(back)).toBe("openai.circuit_open");
    slow.resolve("here");
    expect([await probe, asked(), breaker.isOpen]).toEqual(["here", 4, false]);
    expect(await call(back)).toBe("here");
  });

  it("stays open for longer each time that the probe fails, up to a limit", async () => {
    const { call, wait } = world();
    for (let i = 0; i < 3; i++) await call(away);
    for (const openMs of [1_000, 2_000, 3_000, 3_000]) {
      wait(openMs - 1);
      expect(await call(back)).toBe("openai.circuit_open");
      wait(1);
      expect(await call(away)).toBe("openai.unavailable");
    }
  });

  it("is not opened by failures with a success between them, refusals or a limited rate", async () => {
    const { breaker, call } = world();
    for (let i = 0; i < 6; i++) await call(i % 2 ? back : away);
    for (let i = 0; i < 6; i++)
      await call(() => Promise.reject(new Poison("openai.refused", "", { aiFault: "refused" })));
    for (let i = 0; i < 6; i++)
      await call(() => Promise.reject(new Transient("openai.rate_limited", "", { aiFault: "rate_limited" })));
    expect(breaker.isOpen).toBe(false);
    for (let i = 0; i < 3; i++)
      await call(() => Promise.reject(new Unsure("openai.timeout", "", { aiFault: "unavailable" })));
    expect(breaker.isOpen).toBe(true);
  });

  it("is not opened anew by calls that had begun before", async () => {
    const { call, wait } = world();
    const late = Promise.withResolvers<string>();
    const straggler = call(() => late.promise);
    for (let i = 0; i < 3; i++) await call(away);
    wait(999);
    late.reject(new Transient("openai.timeout", "", { aiFault: "unavailable" }));
    await straggler;
    wait(1);
    expect(await call(back)).toBe("here");
  });

  it("lets the next one probe where a probe was refused or stopped", async () => {
    const { call, wait } = world();
    for (let i = 0; i < 3; i++) await call(away);
    wait(1_000);
    await call(() => Promise.reject(new Error("the worker stops")));
    expect(await call(back)).toBe("here");
  });

  it("is opened by one wrong configuration, which it reports until the next probe", async () => {
    const { breaker, call, wait, asked } = world();
    const wrong = new Rejected("voice.model_unavailable", "", { aiFault: "configuration" });
    expect(await call(() => Promise.reject(wrong))).toBe("voice.model_unavailable");
    expect(await call(back)).toBe("voice.model_unavailable");
    expect([asked(), breaker.wrongConfiguration]).toEqual([1, wrong]);
    wait(1_000);
    expect(breaker.wrongConfiguration).toBeNull();
    expect(await call(back)).toBe("here");
    expect([breaker.isOpen, breaker.hasRecentSuccess]).toEqual([false, true]);
  });

  it("does not count an abort of the attempt as a failure, also where its reason may pass", async () => {
    const { breaker, call } = world();
    for (let i = 0; i < 6; i++) await call(() => Promise.reject(new Transient("job.stalled", "")));
    expect(breaker.isOpen).toBe(false);
  });
});
