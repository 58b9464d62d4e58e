/**
 * `npm test` and `npm run test:unit`: run vitest on the project's own Node, with the arguments of `vitest
 * run`.
 */
import { parseCLI, startVitest } from "vitest/node";

const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
const vitest = await startVitest("test", filter, { ...options, watch: false });
await vitest.close();
