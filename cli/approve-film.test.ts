import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WaitingStoryboard } from "../contract/approval.ts";
import { askAtTerminal, askForApproval } from "./approve-film.ts";

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

it("says which words are refused, and does not ask to approve them", async () => {
  const storyboard = WaitingStoryboard.parse({
    ...{ revision: 2, at: "storyboard", expires_at: "2026-12-05T00:00:00.000Z", title: "T", language: "en" },
    scenes: [{ narration: "I fell. All were naked.", picture: "A sea" }],
    picture_urls: [null],
    refused: { pointer: "/scenes/0/narration", text: "All were naked." },
    price: { spent_usd: 0, expected_usd: 0.1, at_most_usd: 0.2 },
  });
  const said: string[] = [];
  const output = {
    isForPeople: true,
    say: (text: string) => void said.push(text),
    note: () => {},
    result: () => {},
  };
  const api = { storyboard: async () => storyboard, approve: () => expect.fail("it was approved") };
  expect(await askForApproval(api, "dream", output, async () => expect.fail("it was asked"))).toBe(false);
  expect(said.join("\n")).toContain("“All were naked.”");
});
