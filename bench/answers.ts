/**
 * `npm run bench -- answers [--only <regular expression>] [--slots 6]`: tries every known answer of an AI
 * provider with the real edge, the real worker and the simulator, each with a film of its own. Prints calls,
 * money, and what the owner reads.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCloud } from "../tests/chaos/cloud.ts";
import { answers } from "./answers/answers.ts";
import { findWrong, printTable } from "./answers/print-table.ts";
import { startAnswersWorker } from "./answers/start-worker.ts";
import { type Tried, tryAnswer } from "./answers/try-answer.ts";

/** Tries the answers that `only` matches, `slots` films at once. Exits with 1 if one cannot be right. */
export async function run({ only, slots }: { only: RegExp; slots: number }): Promise<void> {
  const wanted = answers.filter(({ capability, says }) => only.test(`${capability}: ${says}`));
  const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-bench-"));
  const cloud = await startCloud(stateDir);
  const worker = startAnswersWorker(cloud, slots);
  const tried: Tried[] = [];
  let next = 0;
  const lane = async () => {
    while (next < wanted.length) {
      const index = next++;
      const answer = wanted[index] as (typeof wanted)[0];
      const one = await tryAnswer(answer, `answer-${index}`, cloud, worker);
      tried[index] = one;
      process.stderr.write(`${answer.capability}: ${answer.says}: ${one.seconds.toFixed(0)} s\n`);
    }
  };
  try {
    await Promise.all(Array.from({ length: slots }, lane));
  } finally {
    await worker.stop();
    await cloud.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
  console.log(printTable(tried));
  const wrong = findWrong(tried);
  console.log(`\n${tried.length} answers, ${wrong.length} that cannot be right`);
  for (const line of wrong) console.log(`- ${line}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
