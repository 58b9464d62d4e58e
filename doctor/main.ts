/**
 * The doctor of a render worker. It is part of the image: the image's build runs it, and `npm run doctor --
 * --remote` runs it in a machine. On a laptop, `npm run doctor` is local/doctor.ts.
 */
import { runProgram } from "../command-line/program.ts";
import { createDoctor, examine, realPorts } from "./examine.ts";
import { machineChecks, workerChecks } from "./worker-checks.ts";

const program = createDoctor(
  "node doctor/main.ts",
  "Finds faults of a render worker and says how to repair them.",
)
  .option("--worker", "this machine as a worker, by its environment (default)")
  .option("--image", "only the tools that the image must have")
  .action((options) =>
    examine(
      [
        ...machineChecks(realPorts),
        ...(options.image ? [] : workerChecks(process.env, "the environment", realPorts)),
      ],
      options,
    ),
  );
await runProgram(program);
process.exit();
