import { expect, it } from "vitest";
import { DreamId } from "../contract/dream.ts";
import { realPorts } from "./ports.ts";

it("names are unique, fit where ids go, and sort by the millisecond they were made in", async () => {
  const names: string[] = [];
  for (let tick = 0; tick < 5; tick++) {
    names.push(...Array.from({ length: 200 }, () => realPorts.newId("dream")));
    const now = Date.now();
    while (Date.now() === now);
  }
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => DreamId.safeParse(name).success)).toBe(true);
  const times = names.map((name) => name.slice(0, 16));
  expect(times).toEqual([...times].sort());
  expect(new Set(names.map((name) => name.slice(16))).size).toBe(names.length);
});
