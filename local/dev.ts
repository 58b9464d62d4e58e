/** `npm run dev`: runs the local cloud until Ctrl-C. */
import { type Stack, stackOptions, startStack } from "./stack.ts";
import { untilStopped } from "./until-stopped.ts";

const stopped = untilStopped();
let stack: Stack;
try {
  stack = await startStack(stackOptions(process.env), stopped.signal);
} catch (error) {
  if (stopped.signal.aborted) process.exit(0);
  console.error((error as Error).message);
  process.exit(1);
}
const { info } = stack;
console.log(`
Dreamreel is up.

  studio    ${info.edge_url}/#key=${info.api_key}
  operators ${info.edge_url}/ops#key=${info.admin_key}
  API       ${info.edge_url}          docs at ${info.edge_url}/docs
  queue     ${info.queue_url}
  AI        ${info.openai_url}
  worker    ${info.worker_url}
  API key   ${info.api_key}

Ctrl-C stops everything.
`);
const broken = await Promise.race([stopped.promise, stack.broken]);
if (broken) console.error(`${broken} ended unexpectedly; stopping.`);
await stack.stop();
process.exit(broken ? 1 : 0);
