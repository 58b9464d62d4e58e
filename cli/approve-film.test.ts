import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { askAtTerminal } from "./approve-film.ts";

let exitCode: typeof process.exitCode;
beforeEach(() => {
  exitCode = process.exitCode;
});
afterEach(() => {
  process.exitCode = exitCode;
});

/** Asks at a terminal where these keys are pressed. */
function press(keys: string): Promise<boolean> {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  const ask = askAtTerminal(input, output);
  if (ask === null) throw new Error("no terminal");
  const answer = ask("Make this film? (y/N) ");
  input.write(keys);
  return answer;
}

it("takes y and yes as yes, and everything else as no", async () => {
  expect(await press("y\n")).toBe(true);
  expect(await press("Yes \n")).toBe(true);
  expect(await press("\n")).toBe(false);
  expect(await press("nay\n")).toBe(false);
});

it("goes on after Ctrl-C and Ctrl-D with no for an answer, so that the caller can say how to go on", async () => {
  expect(await press("\u0004")).toBe(false);
  expect(process.exitCode).toBe(exitCode);
  expect(await press("ye\u0003")).toBe(false);
  expect(process.exitCode).toBe(130);
});

it("asks nobody where there is no terminal", () => {
  expect(askAtTerminal(new PassThrough(), Object.assign(new PassThrough(), { isTTY: true }))).toBeNull();
});
