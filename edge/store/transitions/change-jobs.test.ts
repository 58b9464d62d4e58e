import { SQL, sql } from "drizzle-orm";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import { describe, expect, it } from "vitest";
import type { Statements } from "../open.ts";
import { claimJobs, requeueJobs } from "./change-jobs.ts";
import { endJobs } from "./end-job.ts";
import { approveJobs, pauseJobs, warnOfExpiry } from "./pause-jobs.ts";

const when = sql`jobs.id = 'the-condition'`;
const nowMs = 1_000;
const failed = { status: "failed", code: "c", message: "m", isRetryable: true } as const;
const film = { filmKey: "k", metadata: null, files: {}, size_bytes: 1, sha256: "0" } as const;
const transitions: Record<string, Statements> = {
  "a cancelled job": endJobs(when, { status: "cancelled" }, nowMs),
  "a failed job": endJobs(when, failed, nowMs),
  "a completed job": endJobs(when, { status: "completed", ...film }, nowMs),
  "a requeued job": requeueJobs(
    when,
    { reason: "silent", delaySeconds: 0, isFailedAttempt: true, messageAtMs: nowMs },
    nowMs,
  ),
  "a paused job": pauseJobs(
    when,
    { at: "storyboard", storyboard: { title: "T", language: "en", scenes: [] }, refused: null },
    nowMs,
  ),
  "a job whose words are refused": pauseJobs(
    when,
    {
      ...{ at: "storyboard", storyboard: { title: "T", language: "en", scenes: [] } },
      refused: { text: "No." },
    },
    nowMs,
  ),
  "an approved job": approveJobs(when, { atMostMicroUsd: 1, messageAtMs: nowMs }, nowMs),
  "a job whose time ends": warnOfExpiry(when, nowMs),
  "an expired job": endJobs(when, { status: "expired" }, nowMs),
  "a claimed job": claimJobs(when, { claimId: "c", workerId: "w" }, nowMs),
};

describe.each(Object.entries(transitions))("the statements of %s", (_, statements) => {
  const texts = flatten(statements).map((statement) => new SQLiteAsyncDialect().sqlToQuery(statement).sql);
  const change = texts.findIndex((text) => text.trim().startsWith("UPDATE jobs"));

  it("tell the log, the webhooks and the dream before the job changes", () => {
    const before = texts.slice(0, change).join("\n");
    expect(before).toContain("INSERT INTO events");
    expect(before).toContain("UPDATE dreams SET");
    expect(texts.slice(change + 1).join("\n")).not.toMatch(
      /INSERT INTO (events|deliveries)|UPDATE (dreams|jobs)/,
    );
  });

  it("carry the condition of the change until it is made", () => {
    for (const text of texts.slice(0, change + 1)) expect(text).toContain("the-condition");
  });
});

function flatten(statements: Statements): SQL<unknown>[] {
  return Object.values(statements).flatMap((one) =>
    one === null ? [] : one instanceof SQL ? one : flatten(one),
  );
}
