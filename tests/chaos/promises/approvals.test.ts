import { describe, expect, it } from "vitest";
import { checkHistory } from "../check-history.ts";
import type { Entry, Op, Outcome } from "../history.ts";
import { countWaits } from "./approvals.ts";

const job = "j";
const at = (t: number, op: Op, outcome: Outcome = "ok", actor = "w1"): Entry => ({
  ...{ t, ms: 5, actor, outcome },
  ...op,
});
const claim = (t: number, attempt: number | null) =>
  at(t, { op: "claim", args: { job, claim: `${t}`, attempt } });
const report = (t: number, attempt: number) => at(t, { op: "report", args: { job, attempt } });
const pause = (t: number, attempt: number, applied = true, outcome: Outcome = "ok") =>
  at(t, { op: "pause", args: { job, attempt, applied } }, outcome);
const approve = (t: number, replayed = false, outcome: Outcome = "ok") =>
  at(t, { op: "approve", args: { job, revision: 1, replayed } }, outcome, "client");
const waited = (waits: number, approvals: number, chargesBetween = 0) =>
  at(905, { op: "waited", args: { job, waits, approvals, chargesBetween } }, "ok", "edge");
const final = (status: string) =>
  at(900, { op: "final", args: { job, status, attempt: 2, failedAttempts: 0, ends: 1, code: null } });
const cancel = (t: number, outcome: Outcome = "ok") =>
  at(t, { op: "cancel", args: { job } }, outcome, "client");

/**
 * The pause's reply is lost and its worker repeats it; two approvals at once; a duplicate delivery meanwhile.
 */
const good: Entry[] = [
  claim(10, 1),
  report(20, 1),
  pause(30, 1),
  pause(40, 1, false),
  claim(50, null),
  approve(100),
  approve(101, true),
  claim(110, 2),
  report(120, 2),
  waited(1, 1),
];
const limits = { recoveryMs: 100, stuckMs: 100, webhookMs: 100 };
const rulesOf = (history: Entry[]) => [...new Set(checkHistory(history, limits).map(({ rule }) => rule))];
const without = (op: Op["op"]) => good.filter((entry) => entry.op !== op);

describe("the checker of films that wait for their owner", () => {
  it("finds nothing wrong with a good history, and counts what is in it", () => {
    expect(checkHistory(good, limits)).toEqual([]);
    expect(
      checkHistory([...without("waited"), waited(1, 0), final("cancelled"), cancel(200)], limits),
    ).toEqual([]);
    expect(countWaits(good)).toEqual({ paused: 1, wentOn: 1, approvals: 2, cancels: 0 });
  });

  it.each<[string, Entry[]]>([
    ["an attempt that got the job before its approval", [...good, claim(60, 2)]],
    ["a worker that still held the job after its pause", [...good, report(60, 1)]],
    ["a job that went on without any approval", without("approve")],
    ["a job that went on after a refused approval", [...without("approve"), approve(100, false, "fail")]],
    ["two approvals that both had an effect", [...good, approve(102)]],
    ["an approved job that stopped again", [...good, pause(130, 2)]],
    ["a log with two continuations", [...without("waited"), waited(1, 2)]],
    ["a log with two stops", [...without("waited"), waited(2, 1)]],
    ["a charge that was opened while the job waited", [...without("waited"), waited(1, 1, 1)]],
    ["a job that nobody cancelled", [...good, final("cancelled")]],
    ["a job that ends though its cancelling was refused", [...good, final("cancelled"), cancel(200, "fail")]],
  ])("rejects %s", (_, history) => {
    expect(rulesOf(history)).toContain("I16");
  });

  it("takes an approval without an answer for one that may have had an effect", () => {
    expect(rulesOf([...without("approve"), approve(100, false, "unknown")])).toEqual([]);
  });

  it("takes a job that was paused for one that its killed worker no longer had", () => {
    const killed = [
      ...good.filter(({ op, t }) => op !== "waited" && t < 60),
      at(60, { op: "kill", args: { worker: "w1" } }, "ok", "nemesis"),
      approve(500),
      claim(510, 2),
      waited(1, 1),
    ];
    expect(rulesOf(killed)).toEqual([]);
  });

  it("rejects a pause of an attempt that had lost the job", () => {
    expect(rulesOf([claim(10, 1), claim(20, 2), pause(30, 1)])).toContain("I5");
  });
});
