/**
 * `npm test`, `npm run test:all` and others: run vitest on the project's own Node, with the arguments of
 * `vitest run`.
 */
import { join } from "node:path";
import { parseCLI, startVitest } from "vitest/node";
import { pruneBuild } from "./prune-build.ts";
import { root } from "./root.ts";

pruneBuild(join(root, "build"), Date.now());

const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
const vitest = await startVitest("test", filter, { ...options, watch: false });
await vitest.close();
