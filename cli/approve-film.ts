/** A film that waits until its owner approves its storyboard, on the command line. */
import { createInterface } from "node:readline/promises";
import type { Output } from "../command-line/output.ts";
import type { WaitingStoryboard } from "../contract/approval.ts";
import type { ApiClient } from "./api-client.ts";

/** Asks a question that is answered with yes or no. Null: nothing is connected to read the answer from. */
export type AskYesNo = ((question: string) => Promise<boolean>) | null;

/**
 * Asks at the terminal; null if the input or the output is none. Ctrl-C and Ctrl-D mean no, and Ctrl-C sets
 * the exit code 130.
 */
export function askAtTerminal(
  input: NodeJS.ReadableStream & { isTTY?: boolean } = process.stdin,
  output: NodeJS.WritableStream & { isTTY?: boolean } = process.stderr,
): AskYesNo {
  if (!input.isTTY || !output.isTTY) return null;
  return async (question) => {
    const terminal = createInterface({ input, output });
    const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
    terminal.once("SIGINT", () => {
      process.exitCode = 130;
      output.write("\n");
      terminal.close();
    });
    try {
      return /^\s*y(es)?\s*$/i.test(await Promise.race([terminal.question(question), closed]));
    } finally {
      terminal.close();
    }
  };
}

const dollars = (usd: number) => `$${usd.toFixed(2)}`;

/** Title, scenes and price as text. */
export function describeStoryboard({ title, scenes, cast = [], price }: WaitingStoryboard): string {
  const shown = scenes.map(({ narration, picture, cast: ids = [] }, index) => {
    const names = cast.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
    const shows = names.length > 0 ? `\n     with: ${names.join(", ")}` : "";
    return `${String(index + 1).padStart(3)}  ${narration}\n     picture: ${picture}${shows}`;
  });
  const { expected_usd, at_most_usd, spent_usd } = price;
  return [
    title,
    ...shown,
    `about ${dollars(expected_usd)} to make it, at most ${dollars(at_most_usd)}; ${dollars(spent_usd)} spent so far`,
  ].join("\n");
}

/**
 * Shows the storyboard that waits, and asks whether to make the film of it. Without a terminal, or if the
 * answer is no or Ctrl-C, it says how to approve or to stop it later. A storyboard with words that AI
 * providers have refused cannot be approved: it says which words, and does not ask.
 *
 * @returns whether the film goes on
 * @throws ApiProblem `storyboard.stale` if the storyboard has changed since it was shown
 */
export async function askForApproval(
  api: Pick<ApiClient, "storyboard" | "approve">,
  dreamId: string,
  output: Output,
  ask: AskYesNo,
): Promise<boolean> {
  const storyboard = await api.storyboard(dreamId);
  output.say(`\n${describeStoryboard(storyboard)}`);
  const { refused } = storyboard;
  // An older edge does not tell.
  if (refused)
    output.say(`AI providers refuse “${refused.text}” Change it in the studio before you approve.`);
  else if (ask !== null && (await ask("Make this film? (y/N) "))) {
    await api.approve(dreamId, storyboard.revision);
    return true;
  }
  const until = new Date(storyboard.expires_at).toLocaleString();
  output.result(
    { dream_id: dreamId, status: "waiting", storyboard },
    `${dreamId} waits until ${until}. Make its film: npx dreamreel approve ${dreamId}\n` +
      `Stop it: npx dreamreel cancel ${dreamId}`,
  );
  return false;
}
