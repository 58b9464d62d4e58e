import { expect, it } from "vitest";
import { limitProblem, ownerLimits, readOwnerLimits } from "./owner-limits.ts";

const entries = Object.entries(ownerLimits);
const defaults = Object.fromEntries(entries.map(([name, { numbers }]) => [name, numbers]));

it("every limit has its default without its variable", () => {
  expect(readOwnerLimits({})).toEqual(defaults);
});

it("no two limits have one variable or one problem", () => {
  for (const field of ["variable", "problem"] as const)
    expect(new Set(entries.map(([, entry]) => entry[field])).size).toBe(entries.length);
});

it.each(entries)("%s: the variable holds the numbers in the order of the default", (name, entry) => {
  const numbers = Object.keys(entry.numbers);
  const text = numbers.map((_, n) => n + 1).join("  ");
  const limits = readOwnerLimits({ [entry.variable]: text });
  expect(limits).toEqual({
    ...defaults,
    [name]: Object.fromEntries(numbers.map((number, n) => [number, n + 1])),
  });
  const { code, options } = limitProblem(entry.problem, limits);
  expect(code).toBe(entry.problem);
  expect(options.detail ?? "1").toContain("1");
});

it.each(entries)("%s: a malformed variable is named, and never means no limit", (_, { variable }) => {
  for (const text of ["", "many", "1.5", "1e999"]) {
    const options = { detail: expect.stringContaining(variable) };
    expect(() => readOwnerLimits({ [variable]: text })).toThrow(
      expect.objectContaining({ code: "setup.incomplete", options }),
    );
  }
});
