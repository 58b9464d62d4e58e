import { expect, it } from "vitest";
import { continueTrace, traceIdOf } from "./trace.ts";

const given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

it("continues the caller's trace with a new span, sampled as the caller says", () => {
  const [version, trace, step, flags] = continueTrace(given).split("-");
  expect([version, trace, flags]).toEqual(["00", "4bf92f3577b34da6a3ce929d0e0e4736", "00"]);
  expect(step).toMatch(/^[0-9a-f]{16}$/);
  expect(step).not.toBe("00f067aa0ba902b7");
});

it("begins a trace if the caller sends none, or a malformed one", () => {
  const malformed = [
    null,
    undefined,
    "",
    "x",
    given.toUpperCase(),
    given.replace("00-4", "ff-4"),
    `${given}-more`,
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
  ];
  const ids = malformed.map((header) => traceIdOf(continueTrace(header)));
  expect(new Set(ids).size).toBe(malformed.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});
