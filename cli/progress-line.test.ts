import { expect, it } from "vitest";
import type { VideoStatus } from "../contract/job.ts";
import { createProgressPrinter, progressLine } from "./progress-line.ts";

const status = (stage: string, ready: number) =>
  ({ stage, progress: 40, scenes: { total: 3, ready } }) as unknown as VideoStatus;

it("prints a line at each step into a pipe, and is never silent for more than 10 s", () => {
  const lines: string[] = [];
  let seconds = 0;
  const out = { isTTY: false, columns: 80, write: (text: string) => lines.push(text) > 0 };
  const printer = createProgressPrinter(out, () => seconds);
  for (; seconds <= 40; seconds++)
    printer.show(status(seconds < 5 ? "storyboard" : "scenes", seconds < 33 ? 0 : 1));
  const at = lines.map((line) => Number(/(\d+) s/.exec(line)?.[1]));
  expect(at).toEqual([0, 5, 15, 25, 33]);
  expect(lines[0]).toContain("writing the storyboard");
  expect(lines.at(-1)).toContain("1 of 3 scenes");
});

it("says that no worker runs", () => {
  const waiting = { ...status("queued", 0), has_no_machine: true };
  expect(progressLine(waiting, 40)).toContain("waiting, and no worker runs · 0 of 3 scenes");
  expect(progressLine({ ...waiting, scenes: { total: 1, ready: 0 } }, 40)).toMatch(/0 of 1 scene$/);
});
