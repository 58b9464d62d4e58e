/** `npm test`: every test, on the project's own Node. Arguments go to vitest. */
import { startVitest } from "vitest/node";

const vitest = await startVitest("test", process.argv.slice(2), { watch: false });
await vitest.close();
