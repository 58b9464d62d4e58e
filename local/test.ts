/** `npm test` and `npm run test:unit`: on the project's own Node. Arguments are those of `vitest run`. */
import { parseCLI, startVitest } from "vitest/node";

const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
const vitest = await startVitest("test", filter, { ...options, watch: false });
await vitest.close();
