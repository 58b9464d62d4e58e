/** Questions to the operator. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Whether a person can answer questions. */
export const isTerminal = () => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** The trimmed answer to a question. */
export async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}

/** Asks without echo. */
export async function askSecretly(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
