import { describe, expect, it } from "vitest";
import { FilmOptions } from "../../contract/film.ts";
import { readPrices } from "../../contract/prices.ts";
import { readOwnerLimits } from "../store/owner-limits.ts";
import { decide, type Finish } from "./finish.ts";

const command: Finish = {
  keyHash: "hash",
  clientId: "d",
  jobId: "mine",
  options: FilmOptions.parse({}),
  prices: readPrices({}),
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  idempotency: { endpoint: "e", key: "k", fingerprint: "same" },
  origin: "https://edge",
  ownerLimits: readOwnerLimits({}),
  isFresh: false,
};
const answer = (jobId: string) =>
  ({
    status: "video_queued",
    dream_id: "d",
    job_id: jobId,
    priority: "standard",
    status_url: "",
    events_url: "",
    dream_url: "",
    storyboard_of: null,
  }) as const;
const caller = { tier: "standard" } as const;
const telling = { awaiting: 0, pending: 0, failed: 0, recorded: 0, gaps: 0, length: 9, visible: 9 };
const dream = { id: "drm_1", telling, activeJobId: null };
const kept = (jobId: string, fingerprint = "same") => ({
  fingerprint,
  answer: JSON.stringify(answer(jobId)),
});
const premium = { ...command, options: FilmOptions.parse({ priority: "premium" }) };

describe("decide", () => {
  it.each([
    [
      "no key",
      { caller: null, dream: null, kept: null },
      command,
      { outcome: "refused", code: "auth.invalid" },
    ],
    [
      "another's dream",
      { caller, dream: null, kept: null },
      command,
      { outcome: "refused", code: "dream.not_found" },
    ],
    [
      "our job",
      { caller, dream: { ...dream, activeJobId: "mine" }, kept: null, made: true },
      command,
      { outcome: "queued", dreamId: "drm_1" },
    ],
    [
      "our job, run again after a lost reply and its end",
      { caller, dream, kept: kept("mine"), made: true },
      command,
      { outcome: "queued" },
    ],
    [
      "an earlier answer",
      { caller, dream, kept: kept("first") },
      command,
      { outcome: "replayed", answer: answer("first") },
    ],
    [
      "an earlier answer to something else",
      { caller, dream, kept: kept("first", "other") },
      command,
      { outcome: "refused", code: "idempotency.key_reused" },
    ],
    [
      "no text",
      { caller, dream: { ...dream, telling: { ...telling, visible: 0 } }, kept: null },
      premium,
      { outcome: "refused", code: "dream.transcript_missing" },
    ],
    [
      "a standard key that wants premium",
      { caller, dream, kept: null },
      premium,
      { outcome: "refused", code: "auth.forbidden" },
    ],
    [
      "another's job",
      { caller, dream: { ...dream, activeJobId: "first" }, kept: null },
      command,
      { outcome: "refused", code: "job.active" },
    ],
    [
      "an owner with no room for another",
      { caller, dream, kept: null, limit: "job.too_many" },
      command,
      { outcome: "refused", code: "job.too_many" },
    ],
    [
      "an owner whose storage is full",
      { caller, dream, kept: null, limit: "dream.limit_reached" },
      command,
      { outcome: "refused", code: "dream.limit_reached" },
    ],
    [
      "another's job, which fills the owner's room",
      { caller, dream: { ...dream, activeJobId: "first" }, kept: null, limit: "job.too_many" },
      command,
      { outcome: "refused", code: "job.active" },
    ],
  ] as const)("finds %s", (_, after, asked, finished) => {
    expect(
      decide(
        { limit: null, edited: null, isHeld: false, isWatched: false, made: false, ...after },
        asked,
        answer("mine"),
      ),
    ).toMatchObject(finished);
  });
});
