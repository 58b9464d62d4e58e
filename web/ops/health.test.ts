import { describe, expect, it } from "vitest";
import type { OpsHold } from "../../contract/hold.ts";
import type { OpsFigures, OpsWorker } from "../../contract/ops.ts";
import { assessHealth } from "./health.ts";

const idle = { depth: 0, oldest_seconds: 0, waits: 0, waited_seconds: 0 };
const figures = (change: Partial<OpsFigures> = {}): OpsFigures => ({
  at: "2026-11-01T10:00:00.000Z",
  queues: { premium: idle, standard: idle },
  processing: 0,
  workers: 0,
  slots: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  requeued: 0,
  spent_usd: 0,
  webhooks_pending: 0,
  outbox_overdue: 0,
  dead_letters: 0,
  ...change,
});
const waiting = (queue: "premium" | "standard", depth: number, oldest_seconds: number) => ({
  premium: idle,
  standard: idle,
  [queue]: { ...idle, depth, oldest_seconds },
});
const worker = (change: Partial<OpsWorker>): OpsWorker => ({
  id: "w",
  region: "ams",
  version: "1",
  slots: 2,
  active_jobs: 0,
  state: "up",
  started_at: "2026-11-01T09:00:00.000Z",
  seen_at: "2026-11-01T09:59:59.000Z",
  ending_models: [],
  queue_fault: null,
  ...change,
});
const reasonsFor = (...given: Parameters<typeof assessHealth>) => {
  const { level, reasons } = assessHealth(...given);
  return [level, ...reasons.map(({ text }) => text)];
};

describe("the health of the service", () => {
  it("says once that jobs are held, why, and what to do; the machines may sleep meanwhile", () => {
    const held: OpsHold = {
      ...{ capability: "text" as const, code: "text.no_credit", probes: 2, probing: false, held_jobs: 36 },
      ...{ since: "2026-11-01T07:42:00.000Z", next_probe_at: "2026-11-01T10:03:00.000Z" },
    };
    const now = figures({ queues: waiting("standard", 36, 8_000), holds: [held] });
    const health = assessHealth(now, [], undefined, Date.parse("2026-11-01T10:00:00Z"));
    expect(health.level).toBe("wrong");
    expect(health.reasons).toMatchObject([{ probe: "text" }]);
    expect(health.reasons[0]?.text).toMatch(
      /^36 jobs are held since .*: the AI provider of text refuses every call \(text\.no_credit\)\. Add credit/,
    );
  });

  const hold = (capability: OpsHold["capability"], held_jobs: number): OpsHold => ({
    ...{ capability, code: `${capability}.no_credit`, probes: 2, probing: false, held_jobs },
    ...{ since: "2026-11-01T07:42:00.000Z", next_probe_at: "2026-11-01T10:03:00.000Z" },
  });

  it("says that a job is trying the provider, while one is", () => {
    const text = (probing: boolean) =>
      assessHealth(
        figures({ holds: [{ ...hold("picture", 3), probing }] }),
        [],
        undefined,
        Date.parse("2026-11-01T10:00:00Z"),
      ).reasons[0]?.text;
    expect(text(true)).toMatch(/one of them is trying at this moment\.$/);
    expect(text(false)).toMatch(/one of them tries again at .*\.$/);
  });

  it("says at once that a machine cannot read the queue, and accepts an older edge's machines", () => {
    const cut = worker({ queue_fault: "queue.unreachable" });
    const [level, text] = reasonsFor(figures({ workers: 2 }), [cut, worker({ id: "v" })], undefined);
    expect(level).toBe("wrong");
    expect(text).toMatch(/^1 machine of 2 cannot read the queue \(queue\.unreachable\)/);
    expect(reasonsFor(figures(), [{ ...cut, state: "silent" }], undefined), "a machine that is gone").toEqual(
      ["well"],
    );
    const { queue_fault: _, ...older } = worker({});
    expect(reasonsFor(figures(), [older as OpsWorker], undefined)).toEqual(["well"]);
  });

  it("names for an hour a machine that ended without a goodbye", () => {
    const at = (time: string) =>
      reasonsFor(figures(), [worker({ id: "killed", state: "silent" })], undefined, Date.parse(time));
    const [level, text] = at("2026-11-01T10:02:00Z");
    expect(level).toBe("look");
    expect(text).toMatch(/^1 machine ended without a goodbye \(killed, last seen at .*out of memory/);
    expect(at("2026-11-01T11:02:00Z")).toEqual(["well"]);
  });

  it("says that no machine is up, if a hold waits for one to try the provider again", () => {
    const now = figures({ queues: waiting("standard", 36, 8_000), holds: [hold("text", 36)], held_jobs: 36 });
    const at = (time: string, workers: number) =>
      assessHealth({ ...now, workers }, [], undefined, Date.parse(time)).reasons.map(({ text }) => text);
    expect(at("2026-11-01T10:04:00Z", 0)).toHaveLength(1);
    expect(at("2026-11-01T10:06:00Z", 1)).toHaveLength(1);
    expect(at("2026-11-01T10:06:00Z", 0)[1]).toMatch(/^No machine is up to try the provider again/);
  });

  it("counts the jobs of two holds once, so that they hide no other job", () => {
    const holds = [hold("picture", 30), hold("text", 30)];
    const now = figures({ queues: waiting("standard", 50, 200), holds, held_jobs: 30 });
    const texts = assessHealth(now, [], undefined, Date.parse("2026-11-01T10:00:00Z")).reasons.map(
      ({ text }) => text,
    );
    expect(texts[0]).toMatch(/^30 jobs are held since/);
    expect(texts[1]).toMatch(/^30 jobs are also held since/);
    expect(texts[2]).toMatch(/^50 jobs wait and no machine is up\. Start one: see/);
  });

  it("is wrong as soon as a job that any machine may take waits for 2 minutes beside free slots", () => {
    const of = (ready_seconds: number, change: Partial<OpsFigures>) => {
      const queues = { premium: idle, standard: { ...idle, depth: 1, oldest_seconds: 130, ready_seconds } };
      return reasonsFor(figures({ workers: 1, slots: 2, processing: 1, queues, ...change }), [], undefined);
    };
    expect(of(130, {})).toEqual([
      "wrong",
      expect.stringMatching(/^A job has waited for 2 min 10 s although 1 slot is free:/),
    ]);
    expect(of(119, {})).toEqual(["well"]);
    expect(of(130, { processing: 2 }), "all slots are busy").toEqual(["well"]);
    const held = {
      capability: "text" as const,
      code: "text.no_credit",
      probes: 1,
      probing: false,
      held_jobs: 1,
    };
    const holds = [{ ...held, since: figures().at, next_probe_at: figures().at }];
    expect(of(0, { holds, held_jobs: 1 }), "the hold says it").toEqual([
      "wrong",
      expect.stringMatching(/^1 job/),
    ]);
  });

  it("is worth a look where a job waits for another attempt for 2 minutes", () => {
    const of = (oldest_seconds: number, ready_seconds?: number) => {
      const queues = { premium: idle, standard: { ...idle, depth: 2, oldest_seconds, ready_seconds } };
      return reasonsFor(figures({ workers: 1, slots: 2, queues }), [], undefined);
    };
    expect(of(130, 0)).toEqual(["look", expect.stringMatching(/^2 jobs wait for another attempt/)]);
    expect(of(110, 0)).toEqual(["well"]);
    expect(of(130), "an older edge does not tell").toEqual(["well"]);
  });

  it("is well when the pool has no job and its machines are gone", () => {
    expect(reasonsFor(figures(), [worker({ state: "silent" })], undefined)).toEqual(["well"]);
  });

  const failures = (completed: number, ...failed: [code: string, films: number][]) =>
    figures({
      last_hour: {
        completed,
        failed: failed.map(([code, films]) => ({ code, films, since: "2026-11-01T07:42:00Z" })),
      },
    });

  it("is wrong as soon as one film fails because of a wrong AI configuration, and accepts an older edge's figures", () => {
    const [level, text] = reasonsFor(failures(99, ["picture.answer_unusable", 1]), [], undefined);
    expect(level).toBe("wrong");
    expect(text).toMatch(
      /^1 of 100 films failed in the last hour: picture\.answer_unusable since .*\. Run npm run doctor\.$/,
    );
    expect(reasonsFor(figures(), [], undefined)).toEqual(["well"]);
  });

  it("names a model that ends within 60 days once, with its replacement, and accepts an older edge's machines", () => {
    const ending_models = [{ model: "voice-1", ends_on: "2027-01-06", replacement: "voice-2" }];
    const machines = [worker({ ending_models }), worker({ id: "v", ending_models })];
    const on = (date: string) => reasonsFor(figures(), machines, undefined, Date.parse(date));
    expect(on("2026-11-06")).toEqual(["well"]);
    expect(on("2026-11-27")).toEqual([
      "look",
      "The AI model voice-1 ends on 2027-01-06, in 40 days. Configure voice-2 instead.",
    ]);
    expect(on("2027-01-06")).toEqual([
      "wrong",
      "The AI model voice-1 ended on 2027-01-06. Configure voice-2 instead.",
    ]);
    const { ending_models: _, ...older } = worker({});
    expect(reasonsFor(figures(), [older as OpsWorker], undefined)).toEqual(["well"]);
  });

  it("gives the pool a minute to wake", () => {
    const queues = waiting("standard", 2, 30);
    expect(reasonsFor(figures({ queues }), [], undefined)).toEqual(["well"]);
    const later = figures({ queues: waiting("standard", 2, 61) });
    expect(reasonsFor(later, [], undefined)).toEqual([
      "wrong",
      expect.stringMatching(/^2 jobs wait and no machine is up\. Start one: .*"no workers" in the runbook/),
    ]);
  });

  it("is stricter with premium", () => {
    const up = { workers: 1 };
    expect(reasonsFor(figures({ ...up, queues: waiting("premium", 1, 190) }), [], undefined)).toEqual([
      "look",
      "A premium job has waited for 3 min 10 s.",
    ]);
    expect(reasonsFor(figures({ ...up, queues: waiting("standard", 1, 190) }), [], undefined)).toEqual([
      "well",
    ]);
    expect(assessHealth(figures({ ...up, queues: waiting("premium", 1, 700) }), [], undefined).level).toBe(
      "wrong",
    );
  });

  it("counts failures of the last hour against what ended in it, and names their causes", () => {
    expect(reasonsFor(failures(100, ["ffmpeg.killed", 1]), [], undefined)).toEqual(["well"]);
    expect(reasonsFor(failures(9, ["ffmpeg.killed", 1]), [], undefined)[0]).toBe("look");
    const [level, text] = reasonsFor(
      failures(
        26,
        ["openai.unavailable", 30],
        ["ffmpeg.killed", 5],
        ["job.stalled", 1],
        ["voice.unusable", 1],
      ),
      [],
      undefined,
    );
    expect(level).toBe("wrong");
    expect(text).toMatch(
      /^37 of 63 films failed in the last hour: openai\.unavailable since .* \(30\), ffmpeg\.killed since .* \(5\), job\.stalled since .* \(1\), 1 more\.$/,
    );
    // Failures before the last hour, and those that were retried, are not in the figures.
    expect(reasonsFor(failures(26), [], undefined)).toEqual(["well"]);
  });

  it("lists the worst reason first", () => {
    const now = figures({ workers: 1, dead_letters: 1, outbox_overdue: 4 });
    expect(reasonsFor(now, [worker({ state: "silent", active_jobs: 2 })], undefined)).toEqual([
      "wrong",
      "4 messages could not be sent to the queue.",
      "1 dead letter in the last day.",
      "Machines with 2 jobs stopped reporting. Other machines take over.",
    ]);
  });
});
