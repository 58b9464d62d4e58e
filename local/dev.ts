/** `npm run dev`: runs the local cloud until Ctrl-C. */
import { readLocalPlace } from "../command-line/local-cloud.ts";
import { createProgram, runProgram } from "../command-line/program.ts";
import { reloadOnChange } from "./reload.ts";
import { createRevival } from "./revive.ts";
import type { ServiceName } from "./services.ts";
import { startStack } from "./stack.ts";
import { untilStopped } from "./until-stopped.ts";

const program = createProgram(
  "npm run dev --",
  "Runs the local cloud until Ctrl-C. Changes of the code reach it while it runs.",
)
  .option("--no-reload", "do not restart the worker and rebuild the pages when their code changes")
  .addHelpText(
    "after",
    `
Environment: DREAMREEL_PORT (8787, and the next three), DREAMREEL_STATE (the state folder: .local, or
.local/PORT for another port), OPENAI_BASE_URL and OPENAI_API_KEY (a real AI provider).`,
  )
  .action(({ reload }) => dev(reload));
await runProgram(program);
process.exit();

async function dev(reload: boolean): Promise<void> {
  const stopped = untilStopped();
  const place = readLocalPlace(process.env);
  const say = (line: string) => console.log(line);
  const starting = startStack({ ...place, onEnd: (name, how) => void revive(name, how) }, stopped.signal);
  const restart = async (name: ServiceName) => (await starting).restart(name);
  const revive = createRevival({ restart, say }, stopped.signal);
  const stack = await starting.catch((error: unknown) => {
    if (!stopped.signal.aborted) throw error;
    return null;
  });
  if (stack === null) return;
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
  logs      ${place.stateDir}/logs

Ctrl-C stops everything.
`);
  if (reload) void reloadOnChange(stack, say, stopped.signal);
  await stopped.promise;
  await stack.stop();
}
