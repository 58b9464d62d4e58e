import { describe, expect, it } from "vitest";
import { checkHistory } from "./check-history.ts";
import type { Entry, Op, Outcome } from "./history.ts";
import { recoveriesOf } from "./promises/progress.ts";
import { countUnknownPurchases } from "./promises/purchases.ts";

const at = (t: number, actor: string, op: Op, outcome: Outcome = "ok", ms = 5): Entry => ({
  t,
  ms,
  actor,
  ...op,
  outcome,
});
const submit = (t: number) => at(t, "client", { op: "submit", args: { job: "j", dream: "d", owner: "a" } });
const read = (t: number, status: string, progress: number, attempt = 2) =>
  at(t, "client", { op: "read", args: { job: "j", status, progress, attempt } });
const claim = (t: number, actor: string, attempt: number | null, outcome: Outcome = "ok") =>
  at(t, actor, { op: "claim", args: { job: "j", claim: `${actor}-${t}`, attempt } }, outcome);
const report = (t: number, actor: string, attempt: number, outcome: Outcome = "ok") =>
  at(t, actor, { op: "report", args: { job: "j", attempt } }, outcome);
const buy = (
  t: number,
  actor: string,
  outcome: Outcome = "ok",
  ms = 5,
  fault: string | null = null,
  content: string | null = "c",
) => at(t, actor, { op: "buy", args: { what: "r", capability: "voice", content, fault } }, outcome, ms);
const put = (t: number, actor: string, outcome: Outcome = "ok") =>
  at(t, actor, { op: "put", args: { key: "assets/x.wav", sha256: "c", size: 3 } }, outcome);
const kill = (t: number, worker: string) => at(t, "nemesis", { op: "kill", args: { worker } }, "ok", 0);
const complete = (t: number, actor: string, attempt: number, applied = true, outcome: Outcome = "ok") =>
  at(
    t,
    actor,
    { op: "complete", args: { job: "j", attempt, status: "completed", applied, sha256: "f", size: 9 } },
    outcome,
  );
const final = (status: string, attempt: number, failedAttempts = 0, ends = 1, code: string | null = null) =>
  at(900, "edge", { op: "final", args: { job: "j", status, attempt, failedAttempts, ends, code } });
const heard = (t: number, type = "job.completed") =>
  at(t, "client", { op: "heard", args: { job: "j", type } });
const charge = (state: string, fingerprint = "a") =>
  at(905, "edge", {
    op: "charge",
    args: { job: "j", fingerprint, capability: "voice", state, microUsd: 1_000 },
  });
const bill = (count: number) => at(904, "provider", { op: "bill", args: { capability: "voice", count } });
const budget = (spent: number) =>
  at(906, "edge", { op: "budget", args: { about: "j", spent, limit: 5_000 } });
const film = (attempt: number, sha256 = "f") =>
  at(910, "client", { op: "film", args: { job: "j", attempt, sha256, size: 9 } });

/**
 * One kill, one lost reply, one refused stale report, one purchase of unknown outcome, and a receiver that
 * gets the end.
 */
const good: Entry[] = [
  at(0, "client", { op: "listen", args: { owner: "a" } }),
  submit(0),
  read(5, "queued", 0),
  claim(10, "w1", 1),
  buy(20, "w1"),
  kill(30, "w1"),
  claim(100, "w2", 2),
  claim(106, "w3", null),
  buy(110, "w2"),
  put(120, "w2"),
  report(130, "w1", 1, "fail"),
  read(140, "processing", 40),
  complete(150, "w2", 2),
  complete(160, "w2", 2, false),
  read(170, "completed", 100),
  heard(180),
  final("completed", 2, 1),
  film(2),
  bill(2),
  charge("unknown"),
  charge("paid"),
  budget(5_000),
];
const without = (op: Op["op"]) => good.filter((entry) => entry.op !== op);
const limits = { recoveryMs: 100, stuckMs: 160, webhookMs: 50 };
const rulesOf = (history: Entry[]) => [...new Set(checkHistory(history, limits).map(({ rule }) => rule))];

describe("the checker", () => {
  it("finds nothing wrong with a good history, and counts what is unknown in it", () => {
    expect(checkHistory(good, limits)).toEqual([]);
    expect(countUnknownPurchases(good)).toBe(1);
    expect(recoveriesOf(good)).toEqual([{ job: "j", ms: 75 }]);
  });

  it.each<[string, string, Entry[]]>([
    ["a job that vanished", "I1", without("final")],
    ["a job that is stuck", "I1", [...without("final"), final("processing", 2)]],
    ["a job that ended twice in its own log", "I1", [...without("final"), final("completed", 2, 1, 2)]],
    ["an end that was undone", "I2", [...good, read(180, "processing", 100)]],
    ["an end that changed", "I2", [...without("final"), final("failed", 2)]],
    ["two completions that both counted", "I3", [...good, complete(180, "w1", 2)]],
    [
      "a completion by an attempt that had lost the job",
      "I3",
      [...good.filter(({ op }) => op !== "complete"), complete(150, "w1", 1)],
    ],
    ["a completion by a worker that never claimed", "I3", without("claim")],
    ["one attempt given to two workers", "I4", [...good, claim(104, "w4", 2)]],
    ["an attempt smaller than an earlier one", "I4", [...good, claim(145, "w4", 1)]],
    ["a report that landed after the job was lost", "I5", [...good, report(131, "w1", 1)]],
    ["a purchase repeated for no reason", "I6", [...good.filter(({ op }) => op !== "kill"), kill(105, "w9")]],
    ["a purchase of what was already stored", "I6", [...good, buy(140, "w2")]],
    ["a call on the bill that the ledger does not know", "I6", [...without("bill"), bill(3)]],
    ["a charge called paid that is not on the bill", "I6", [...without("bill"), bill(0)]],
    ["an asset that the ledger paid twice", "I6", [...without("bill"), bill(3), charge("paid")]],
    [
      "an asset bought again though its answer could be used",
      "I6",
      [
        ...good.filter(({ op }) => op !== "kill" && op !== "buy"),
        buy(20, "w1", "ok", 5, "joined_wavs", null),
        buy(110, "w2"),
      ],
    ],
    [
      "a film that failed for two answers of no use that never came",
      "I6",
      [...without("final"), final("failed", 2, 0, 1, "voice.unusable")],
    ],
    ["a receiver that got no end", "I8", without("heard")],
    ["a receiver that got another end", "I8", [...good, heard(185, "job.failed")]],
    ["a receiver that got the end late", "I8", [...without("heard"), heard(230)]],
    [
      "a job that looked the same for too long",
      "I15",
      good.map((entry) => (entry.t >= 140 ? { ...entry, t: entry.t + 30 } : entry)),
    ],
    ["an asset bought a third time", "I6", [...good, charge("unknown"), charge("unknown")]],
    ["a charge that was never closed", "I6", [...good, charge("sent", "b")]],
    ["money that stays reserved", "I6", [...good, charge("reserved", "b")]],
    ["a film that failed without a cause", "I6", [...without("final"), final("failed", 2)]],
    ["a budget that was overspent", "I14", [...good, budget(5_001)]],
    ["a film that is not what its worker made", "I7", [...without("film"), film(2, "other")]],
    ["a film of the attempt that lost", "I7", [...without("film"), film(1)]],
    ["a completed job without a film", "I7", without("film")],
    [
      "a message that stays in the outbox",
      "I8",
      [...good, at(905, "edge", { op: "promise-left", args: { job: "j" } })],
    ],
    ["progress that went backwards", "I9", [...good, read(145, "processing", 30)]],
    ["a job tried without end", "I10", [...without("final"), final("completed", 2, 9)]],
    [
      "a job that no worker took for too long",
      "I11",
      good.map((entry) =>
        entry.op === "kill" ? kill(29, "w1") : { ...entry, t: entry.t >= 100 ? entry.t + 90 : entry.t },
      ),
    ],
    [
      "a job shown to another owner",
      "I12",
      [...good, at(180, "client", { op: "read-foreign", args: { job: "j" } })],
    ],
    [
      "scratch that outlived its worker",
      "I13",
      [
        ...good,
        at(950, "run", { op: "left-behind", args: { worker: "w1", what: "scratch folders", count: 1 } }),
      ],
    ],
  ])("rejects %s", (_, rule, history) => {
    expect(rulesOf(history)).toContain(rule);
  });

  it("lets an answer of no use be paid and bought again, and fail a film that got two", () => {
    const others = good.filter(({ op }) => !["kill", "buy", "bill", "charge"].includes(op));
    const useless = (t: number) => buy(t, "w2", "ok", 5, "cut_at_60_percent", `useless ${t}`);
    const books = (count: number) => [bill(count), ...Array.from({ length: count }, () => charge("paid"))];
    expect(rulesOf([...others, useless(105), buy(110, "w2"), ...books(2)])).toEqual([]);
    const failing = others.filter(
      ({ op }) => !["final", "film", "read", "complete", "put", "heard"].includes(op),
    );
    const ended = [complete(150, "w2", 2), heard(180, "job.failed")];
    const failed = final("failed", 2, 0, 1, "voice.unusable");
    expect(rulesOf([...failing, useless(105), useless(110), ...books(2), ...ended, failed])).toEqual([]);
    expect(rulesOf([...failing, useless(105), ...books(1), ...ended, failed])).toEqual(["I6"]);
  });

  it("lets the worker of a sound that says its words twice ask for it once more", () => {
    const others = good.filter(({ op }) => !["kill", "buy"].includes(op));
    const retake = (worker: string) => [buy(105, "w2", "ok", 5, "joined_wavs"), buy(110, worker)];
    const saysAgain = (worker: string) =>
      checkHistory([...others, ...retake(worker)], limits).some(({ says }) =>
        /bought again|paid twice/.test(says),
      );
    expect(saysAgain("w2")).toBe(false);
    expect(saysAgain("w3")).toBe(true);
  });

  it("lets a purchase that could not be stored be paid again, and no other", () => {
    const rest = good.filter(({ op }) => !["kill", "charge"].includes(op));
    const books = [charge("paid"), charge("paid")];
    expect(rulesOf([...rest, put(25, "w1", "unknown"), ...books])).toEqual([]);
    expect(rulesOf([...rest, ...books])).toEqual(["I6"]);
  });

  it("lets a film fail whose asset was unknown twice", () => {
    const others = ["final", "film", "charge", "read", "complete", "heard"];
    const twice = [...good.filter(({ op }) => !others.includes(op)), heard(180, "job.failed")];
    const ended = complete(150, "w2", 2, true);
    const failed = [...twice, ended, charge("unknown"), charge("unknown"), final("failed", 2, 1)];
    expect(rulesOf(failed)).toEqual([]);
  });

  it("takes a new attempt for a change that an owner sees", () => {
    const looks = (second: number) =>
      rulesOf([
        ...without("read"),
        read(40, "processing", 20, 1),
        read(150, "processing", 20, second),
        read(290, "processing", 40, second),
      ]);
    expect(looks(2)).not.toContain("I15");
    expect(looks(1)).toContain("I15");
  });

  it("takes the end of a job whose attempts are used up for the end of its wait", () => {
    const killed = [
      submit(0),
      claim(10, "w1", 3),
      kill(30, "w1"),
      read(90, "failed", 0, 3),
      report(800, "w2", 1),
    ];
    expect(recoveriesOf(killed)).toEqual([{ job: "j", ms: 65 }]);
  });

  it("counts the unknown outcomes of an asset for each job: an owner who asks again may buy it again", () => {
    const another = charge("unknown");
    const ofNewJob = { ...another, args: { ...another.args, job: "k" } } as Entry;
    expect(rulesOf([...good, charge("unknown"), ofNewJob])).toEqual([]);
  });

  it("counts an unknown outcome neither as success nor as a fault", () => {
    const unsure = [...good, report(131, "w1", 1, "unknown"), complete(181, "w1", 1, false, "unknown")];
    expect(checkHistory(unsure, limits)).toEqual([]);
  });
});
