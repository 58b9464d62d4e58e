/** `npm run doctor`: finds faults and says how to repair them. Exits with 1 when there is a fault. */
import { readLocalPlace } from "../command-line/local-cloud.ts";
import { runProgram } from "../command-line/program.ts";
import { remoteChecks } from "../deploy/remote-checks.ts";
import { createRunTool } from "../deploy/tools.ts";
import { createDoctor, examine, realPorts } from "../doctor/examine.ts";
import { localChecks } from "../doctor/local-checks.ts";
import { root } from "./root.ts";

const program = createDoctor(
  "npm run doctor --",
  "Finds faults of this machine and of the local cloud of `npm run dev`, and says how to repair them.",
  "npm run -s doctor --",
)
  .option("--remote", "check the deployment instead: Cloudflare, Fly, and a render machine from inside")
  .option("--app <name>", "the Fly app, if the deploy got that option")
  .action(async ({ remote, app, ...options }) => {
    const { stateDir } = readLocalPlace(process.env);
    const accountId = process.env.CLOUDFLARE_ACCOUNT_ID ?? null;
    const checks = remote
      ? await remoteChecks(
          { root, accountId, app: app ?? null },
          { run: createRunTool(root, process.env), fetch, now: Date.now },
        )
      : localChecks(root, stateDir, process.env, realPorts);
    await examine(checks, options);
  });
await runProgram(program);
process.exit();
