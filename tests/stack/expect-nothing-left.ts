import { existsSync } from "node:fs";
import { expect } from "vitest";
import { isFree } from "../free-port.ts";
import { processesMentioning, type Script } from "./run-script.ts";

/** The script has left no process, no port and no note of a running cloud. */
export async function expectNothingLeft(script: Script): Promise<void> {
  expect(processesMentioning(script.stateDir)).toEqual([]);
  for (const offset of [0, 1, 2, 3]) expect(await isFree(script.port + offset)).toBe(true);
  expect(existsSync(`${script.stateDir}/stack.json`)).toBe(false);
}
