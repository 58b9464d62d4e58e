import { describe, expect, it } from "vitest";
import type { VideoStatus } from "../../contract/job.ts";
import { findWrong, printTable } from "./print-table.ts";
import type { Tried } from "./try-answer.ts";

const none = { text: 0, picture: 0, voice: 0 };
const good = { text: 1, picture: 2, voice: 2 };
const seen = (status: string, error: VideoStatus["error"] = null) =>
  ({ status, error, attempt: 1, warnings: [] }) as unknown as VideoStatus;
const gone = (retryable: boolean) =>
  seen("failed", { code: "a.b", message: "It is gone.", retryable, passage: null });
const tried = (more: Partial<Tried> = {}): Tried => ({
  answer: { capability: "voice", says: "silence", faults: [{ kind: "silence" }] },
  ...{ calls: good, billed: good, paid: good, unknown: none, bookedUsd: 0.07, estimatedUsd: 0 },
  ...{ status: seen("completed"), afterwards: null, seconds: 1 },
  ...more,
});

describe("a provider's answer", () => {
  it("is a row of calls, money and what the owner reads, of each capability", () => {
    const row = printTable([tried({ unknown: { ...none, voice: 1 }, estimatedUsd: 0.01 })]).split("\n")[2];
    expect(row).toBe(
      "| voice: silence | 1 2 2 | 1 2 2 | 1 2 2+1 | $0.0700, of it $0.0100 as ceiling | completed. |  |",
    );
  });

  it("is right where the ledger has the bill, and the film is there or is refused for good", () => {
    const unknown = tried({ billed: { ...good, voice: 3 }, unknown: { ...none, voice: 2 } });
    const repaired = tried({ status: gone(true), afterwards: seen("completed") });
    expect(findWrong([tried(), unknown, repaired, tried({ status: gone(false) })])).toEqual([]);
  });

  it.each<[string, Partial<Tried>]>([
    ["a call is billed that the ledger does not know", { billed: { ...good, voice: 3 } }],
    ["the ledger books what is not on the bill", { billed: { ...good, voice: 1 } }],
    ["the film is lost", { status: gone(true), afterwards: gone(true) }],
    ["the film waits for ever", { status: seen("queued"), afterwards: seen("queued") }],
  ])("is wrong where %s", (_, more) => {
    expect(findWrong([tried(more)])).toHaveLength(1);
  });
});
