import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PauseReport } from "../contract/approval.ts";
import type { ReleaseRequest, TranscriptionComplete, VideoComplete } from "../contract/completion.ts";
import { FilmOptions } from "../contract/film.ts";
import { ReadClaimAnswer } from "../contract/read-claim.ts";
import type { ProgressReport } from "../contract/report.ts";
import { aFinishedFilm } from "../tests/fixtures/a-finished-film.ts";
import type { EdgeClient } from "./clients/edge.ts";
import { Cancelled, Fenced, Poison, Rejected, Transient } from "./errors.ts";
import { defaultStallTimes } from "./flow/watch-progress.ts";
import { type JobPorts, runJob, ShuttingDown } from "./job.ts";
import { createLog } from "./runtime/log.ts";

const claimed: ReadClaimAnswer = {
  outcome: "claimed",
  job_id: "job_1",
  dream_id: "drm_1",
  attempt: 2,
  lease_ms: 30_000,
  traceparent: null,
  asset_scope: "s",
  dream: { title: null, transcript: "a dream" },
  options: FilmOptions.parse({}),
  storyboard: null,
  recordings: [],
  known_cast: [],
  photos: [],
  renews_photos: false,
  pronunciations: {},
  takes_last_report: true,
  takes_refusal: true,
};

const film = aFinishedFilm();

let scratchDir: string;
beforeEach(async () => {
  scratchDir = await mkdtemp(join(tmpdir(), "dreamreel-test-"));
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(scratchDir, { recursive: true });
});

function world(
  overrides: Partial<EdgeClient> & { makeFilm?: JobPorts["makeFilm"]; answer?: ReadClaimAnswer } = {},
) {
  const completions: VideoComplete[] = [];
  const transcriptions: TranscriptionComplete[] = [];
  const releases: ReleaseRequest[] = [];
  const pauses: PauseReport[] = [];
  const ports: JobPorts = {
    edge: {
      claim: async () => overrides.answer ?? claimed,
      report: async () => ({ lease_ms: 30_000, watched: true, asks_for_reports: false }),
      charge: async () => ({ charges: [], short_of: null, reported: null }),
      release: async (_, request) => void releases.push(request),
      pause: async (_, pause) => {
        pauses.push(pause);
        return "stored";
      },
      complete: async (_, completion) => {
        completions.push(completion);
        return "stored";
      },
      completeTakes: async () => "stored",
      completeTranscription: async (_, completion) => {
        transcriptions.push(completion);
        return "stored";
      },
      ...overrides,
    },
    edgeUrl: "http://edge",
    scratchDir,
    metrics: { jobEnded: () => {}, filmCompleted: () => {} },
    log: createLog("fatal", {}),
    makeFilm: overrides.makeFilm ?? (async () => film),
  };
  return { ports, completions, transcriptions, releases, pauses };
}

const run = (ports: JobPorts, signal = new AbortController().signal) =>
  runJob({ jobId: "job_1", queue: "standard" }, ports, signal);

const told: Extract<ReadClaimAnswer, { outcome: "transcribe" }> = {
  ...{ outcome: "transcribe", job_id: "job_1", dream_id: "dream_1", attempt: 1, lease_ms: 30_000 },
  ...{ asset_scope: "s", traceparent: null, key: "quarantine/dream_1/seg_1", size_bytes: 4 },
  ...{ keywords: [], languages: [] },
};

describe("a segment's job", () => {
  it("is handed back by a worker that cannot transcribe, at no attempt's cost", async () => {
    const { ports, releases, transcriptions } = world({ answer: told });
    expect(await run(ports)).toBe("ack");
    expect(releases).toMatchObject([{ reason: "outage", code: "worker.outdated" }]);
    expect(transcriptions).toEqual([]);
  });

  it("ends with its text, or with the reason why the file cannot be transcribed", async () => {
    const { ports, transcriptions, completions } = world({ answer: told });
    const heard = { transcript: "A sea.", language: "en", durationSeconds: 2, costMicroUsd: 150 };
    const silent = new Poison("segment.silent", "The recording is silent.");
    for (const transcribe of [async () => heard, () => Promise.reject(silent)])
      expect(await run({ ...ports, transcribe })).toBe("ack");
    expect(transcriptions).toMatchObject([
      { status: "completed", transcript: "A sea.", language: "en", cost_usd: 0.00015 },
      { status: "failed", error_code: "segment.silent", transcript: null, retryable: false },
    ]);
    expect(completions).toEqual([]);
  });
});

it("a job that buys takes is handed back by a worker that cannot, at no attempt's cost", async () => {
  const { ports, releases } = world({
    answer: {
      ...{ outcome: "takes", job_id: "job_1", dream_id: "dream_1", attempt: 1, lease_ms: 30_000 },
      ...{ asset_scope: "s", traceparent: null, options: FilmOptions.parse({}), language: "en" },
      ...{ asset: "picture", scene: 0, takes: [], cast: [], photos: [], pronunciations: {} },
    },
  });
  expect(await run(ports)).toBe("ack");
  expect(releases).toMatchObject([{ reason: "outage", code: "worker.outdated" }]);
});

describe("a job whose owner asked to decide first", () => {
  const storyboard = { title: "T", language: "en", scenes: [] };
  const asking = (pause_after: "storyboard" | null): ReadClaimAnswer => ({
    ...claimed,
    ...{ outcome: "claimed_asking", options: { ...claimed.options, pause_after } },
  });

  it("is paused with its storyboard, and its message is acked", async () => {
    const { ports, pauses, completions, releases } = world({
      answer: asking("storyboard"),
      makeFilm: async () => ({ at: "storyboard", storyboard, refused: null }),
    });
    expect(await run(ports)).toBe("ack");
    expect(pauses).toMatchObject([{ attempt: 2, at: "storyboard", storyboard }]);
    expect([...completions, ...releases]).toEqual([]);
  });

  it("is handed back by a worker that does not know where to pause, at no attempt's cost", async () => {
    const { ports, pauses, releases, completions } = world({ answer: asking(null) });
    expect(await run(ports)).toBe("ack");
    expect(releases).toMatchObject([{ reason: "outage", code: "worker.outdated" }]);
    expect([...completions, ...pauses]).toEqual([]);
  });
});

describe("runJob", () => {
  it("hands the job back with the reason where the edge refuses its report, and does not fall silent", async () => {
    const { ports, releases, completions } = world({
      report: async () => {
        throw new Rejected("request.too_large", "The body is too large");
      },
      makeFilm: async (_, __, progress, signal) => {
        progress.enter("storyboard");
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        return film;
      },
    });
    expect(await run(ports)).toBe("ack");
    expect(completions).toEqual([]);
    expect(releases).toMatchObject([
      {
        reason: "error",
        code: "report.refused",
        message: expect.stringContaining("request.too_large"),
      },
    ]);
  });

  it("hands back a job that it was given and cannot read, at no attempt's cost", async () => {
    const { ports, completions, releases } = world({
      answer: { outcome: "unreadable", job_id: "job_1", attempt: 2 },
    });
    expect(await run(ports)).toBe("ack");
    expect(releases).toMatchObject([{ attempt: 2, reason: "outage", code: "worker.outdated" }]);
    expect(completions).toEqual([]);
  });

  it("warns the owner which option has its default because the worker does not know the value", async () => {
    const options = { ...FilmOptions.parse({ captions: "sentence" }), style: "a_value_of_tomorrow" };
    const { ports, completions } = world({ answer: ReadClaimAnswer.parse({ ...claimed, options }) });
    expect(await run(ports)).toBe("ack");
    const warnings = (completions[0]?.last_report?.events ?? []).flatMap(({ event }) =>
      event?.type === "job.warning" ? event.data : [],
    );
    expect(warnings).toMatchObject([
      { code: "option.replaced", message: expect.stringContaining("`style`") },
    ]);
  });

  it("leaves the message to others where the answer names no job", async () => {
    const { ports, releases } = world({ answer: { outcome: "unreadable", job_id: null, attempt: null } });
    expect(await run(ports)).toBe("retry");
    expect(releases).toEqual([]);
  });

  it("reports a finished film with the fields of the first backend, then acks", async () => {
    const { ports, completions } = world();
    expect(await run(ports)).toBe("ack");
    expect(completions).toHaveLength(1);
    expect(completions[0]).toMatchObject({
      job_id: "job_1",
      attempt: 2,
      status: "completed",
      video_url: "http://edge/videos/drm_1/job_1/2/film.mp4",
      metadata: { duration: 30, scenes: 6, cost: 0.25 },
    });
  });

  it("says the last of a film with its end, without another report, to an edge that takes it", async () => {
    const reports: ProgressReport[] = [];
    const world1 = (takes_last_report: boolean) =>
      world({
        answer: { ...claimed, takes_last_report },
        report: async (_, report) => {
          reports.push(report);
          return { lease_ms: 30_000, watched: true, asks_for_reports: false };
        },
        makeFilm: async (_, __, progress) => {
          progress.enter("publish");
          return film;
        },
      });
    const newer = world1(true);
    expect(await run(newer.ports)).toBe("ack");
    expect(reports).toEqual([]);
    expect(newer.completions[0]?.last_report).toMatchObject({
      stage: "publish",
      events: [{ n: 1, event: { type: "job.stage", data: { stage: "publish" } } }],
    });
    const older = world1(false);
    expect(await run(older.ports)).toBe("ack");
    expect(reports.flatMap(({ events }) => events)).toMatchObject([{ n: 1 }]);
    expect(older.completions[0]?.last_report).toBeNull();
  });

  it("reports what the refused end had with it before the job goes back", async () => {
    const order: string[] = [];
    const { ports, releases } = world({
      report: async (_, { events }) => {
        order.push(`report of ${events.length} events`);
        return { lease_ms: 30_000, watched: true, asks_for_reports: false };
      },
      complete: () => Promise.reject(new Rejected("request.invalid", "There is no such film")),
      release: async (_, request) => {
        order.push("release");
        releases.push(request);
      },
      makeFilm: async (_, __, progress) => {
        progress.enter("publish");
        return film;
      },
    });
    expect(await run(ports)).toBe("ack");
    expect(order).toEqual(["report of 1 events", "release"]);
    expect(releases).toMatchObject([{ code: "completion.refused" }]);
  });

  it.each(["unknown", "finished", "leased"] as const)("acks and forgets a job that is %s", async (reason) => {
    const { ports, completions, releases } = world({ answer: { outcome: "not_yours", reason } });
    expect(await run(ports)).toBe("ack");
    expect([completions, releases]).toEqual([[], []]);
  });

  it("fails a job that can never become a film, with its reason", async () => {
    const { ports, completions } = world({
      makeFilm: () => Promise.reject(new Poison("openai.refused", "The text model refused this dream")),
    });
    expect(await run(ports)).toBe("ack");
    expect(completions[0]).toMatchObject({
      status: "failed",
      error_code: "openai.refused",
      retryable: false,
    });
  });

  it("hands the job back after an outage, after the delay that was asked for", async () => {
    const { ports, releases, completions } = world({
      makeFilm: () =>
        Promise.reject(
          new Transient("openai.rate_limited", "", { retryAfterMs: 90_000, aiFault: "rate_limited" }),
        ),
    });
    expect(await run(ports)).toBe("ack");
    expect(releases).toMatchObject([{ attempt: 2, reason: "outage", delay_seconds: 90 }]);
    expect(completions).toEqual([]);
  });

  it("counts an attempt whose film came out wrong, outage or not", async () => {
    const { ports, releases } = world({
      makeFilm: () => Promise.reject(new Transient("film.incomplete", "")),
    });
    await run(ports);
    expect(releases).toMatchObject([{ reason: "error", code: "film.incomplete" }]);
  });

  it.each([
    ["stops on abort", true],
    ["ignores the abort", false],
  ])("hands an attempt without progress back, if its work %s", async (_, heeds) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const begun = Promise.withResolvers<() => void>();
    let reason: unknown;
    const { ports, releases } = world({
      makeFilm: (_job, _folder, progress, signal) => {
        begun.resolve(() => progress.log({ type: "job.stage", data: { stage: "scenes" } }));
        return new Promise((_, reject) =>
          signal.addEventListener("abort", () => {
            reason = signal.reason;
            if (heeds) reject(signal.reason);
          }),
        );
      },
    });
    const { timeoutMs, abandonAfterMs } = defaultStallTimes;
    const running = run(ports);
    const makeProgress = await begun.promise;
    await vi.advanceTimersByTimeAsync(timeoutMs - 1);
    makeProgress();
    await vi.advanceTimersByTimeAsync(timeoutMs - 1);
    expect(reason).toBeUndefined();
    await vi.advanceTimersByTimeAsync(abandonAfterMs + 1);
    expect(await running).toBe("ack");
    expect(releases).toMatchObject([{ attempt: 2, reason: "error", code: "job.stalled" }]);
    expect(reason).toMatchObject({ code: "job.stalled" });
  });

  it("hands the job back at once when the worker goes away", async () => {
    const stop = new AbortController();
    const { ports, releases } = world({
      makeFilm: (_job, _folder, _progress, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          stop.abort(new ShuttingDown());
        }),
    });
    expect(await run(ports, stop.signal)).toBe("ack");
    expect(releases).toMatchObject([{ reason: "shutdown", delay_seconds: 0 }]);
  });

  it("counts an unexpected error as a failed attempt", async () => {
    const { ports, releases } = world({ makeFilm: () => Promise.reject(new TypeError("bug")) });
    expect(await run(ports)).toBe("ack");
    expect(releases).toMatchObject([{ reason: "error", code: "worker.error" }]);
  });

  it.each([new Fenced("job.fenced", ""), new Cancelled("job.cancelled", "")])(
    "stops the work and touches nothing once a report is answered %s",
    async (refusal) => {
      let stoppedWith: unknown;
      const { ports, completions, releases } = world({
        report: () => Promise.reject(refusal),
        makeFilm: (_job, _folder, progress, signal) => {
          progress.enter("storyboard");
          return new Promise((_, reject) =>
            signal.addEventListener("abort", () => {
              stoppedWith = signal.reason;
              reject(signal.reason);
            }),
          );
        },
      });
      expect(await run(ports)).toBe("ack");
      expect(stoppedWith).toBe(refusal);
      expect([completions, releases]).toEqual([[], []]);
    },
  );

  it("repeats the callback until the edge has stored it", async () => {
    let tries = 0;
    const { ports } = world({
      complete: async () => {
        if (++tries < 3) throw new Transient("edge.unreachable", "");
        return "stored";
      },
    });
    expect(await run(ports)).toBe("ack");
    expect(tries).toBe(3);
  });

  it.each([
    ["a film", async () => film],
    ["a failure", () => Promise.reject(new Poison("openai.refused", ""))],
  ])(
    "hands the job back with the edge's reason where it refuses to store the end: %s",
    async (_, makeFilm) => {
      let tries = 0;
      const { ports, releases } = world({
        makeFilm,
        complete: () => {
          tries++;
          return Promise.reject(new Rejected("request.invalid", "The request is invalid"));
        },
      });
      expect(await run(ports)).toBe("ack");
      expect(tries).toBe(1);
      expect(releases).toMatchObject([
        {
          reason: "error",
          code: "completion.refused",
          message: expect.stringContaining("request.invalid"),
        },
      ]);
    },
  );

  it("leaves the message where the edge never answered the claim", async () => {
    const { ports } = world({ claim: () => Promise.reject(new Transient("edge.unreachable", "")) });
    expect(await run(ports)).toBe("retry");
  });

  it("leaves no scratch behind, whatever happened", async () => {
    const { ports } = world({ makeFilm: () => Promise.reject(new TypeError("bug")) });
    await run(ports);
    await run(world().ports);
    expect(await readdir(scratchDir)).toEqual([]);
  });
});
