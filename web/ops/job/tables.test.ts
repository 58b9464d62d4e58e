import { expect, it } from "vitest";
import { describeData } from "./tables.ts";

it("writes an event's data as text: scenes from 1, and the start of a hold as a time", () => {
  const now = Date.parse("2026-11-27T10:00:00Z");
  const text = describeData(
    { attempt: 1, scene: 0, reason: "text.no_credit", held_since: now - 60_000, delay_seconds: null },
    now,
  );
  expect(text).toMatch(/^attempt 1, scene 1, reason text\.no_credit, held_since \d\d:59:00$/);
});
