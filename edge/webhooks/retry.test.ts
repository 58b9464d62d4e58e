import { describe, expect, it } from "vitest";
import { decide, delaysMs } from "./retry.ts";

const now = 1_000_000;
const answered = (status: number, retryAfterSeconds: number | null = null) => ({ status, retryAfterSeconds });

describe("after a try", () => {
  it.each([200, 202, 204, 299])("%i takes the message", (status) => {
    expect(decide(answered(status), 1, now, 0)).toMatchObject({
      status: "delivered",
      responseStatus: status,
      error: null,
    });
  });

  it.each([301, 307, 400, 404, 429, 500, 503])("%i does not, and it is tried again", (status) => {
    expect(decide(answered(status), 1, now, 0)).toMatchObject({ status: "pending", error: `http.${status}` });
  });

  it("410 wants no more", () => {
    expect(decide(answered(410), 1, now, 0)).toMatchObject({ status: "failed", isGone: true });
  });

  it("only a receiver that did not answer in time is silent", () => {
    expect(decide({ error: "connection.timeout" }, 1, now, 0)).toMatchObject({ isSilent: true });
    for (const other of [{ error: "connection.failed" }, { error: "address.unknown" }, answered(503)])
      expect(decide(other, 1, now, 0)).toMatchObject({ isSilent: false });
  });

  it("follows the standard's schedule, ten tries in all, never all receivers at once", () => {
    const waits = (random: number) =>
      delaysMs.map((_, tries) => decide({ error: "connection.failed" }, tries + 1, now, random).dueAt - now);
    expect(waits(0.5)).toEqual([...delaysMs]);
    expect(waits(0)).toEqual(delaysMs.map((ms) => Math.round(ms * 0.9)));
    expect(decide({ error: "connection.failed" }, 10, now, 0)).toMatchObject({
      status: "failed",
      error: "connection.failed",
    });
  });

  it("waits as long as the receiver asks, and for a day at most", () => {
    expect(decide(answered(503, 600), 1, now, 0).dueAt).toBe(now + 600_000);
    expect(decide(answered(503, 1), 2, now, 0.5).dueAt).toBe(now + 300_000);
    expect(decide(answered(503, 999_999), 1, now, 0).dueAt).toBe(now + 86_400_000);
  });
});
