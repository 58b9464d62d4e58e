/** The Worker: requests, the pages beside the API, dead letters, and the sweep that cron calls each minute. */
import { buildApp } from "./app.ts";
import type { Env } from "./env.ts";
import { sweep } from "./jobs/sweep.ts";
import { takeDeadLetters } from "./jobs/take-dead-letters.ts";
import { realPorts } from "./ports.ts";
import { addDocs } from "./web/docs.ts";

export { DreamChannel } from "./channel/dream-channel.ts";
export { LeaseWatch } from "./leases/lease-watch.ts";

const app = buildApp(realPorts);
addDocs(app);

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    await takeDeadLetters(env, realPorts, batch.messages);
  },
  async scheduled(_controller, env) {
    const swept = await sweep(env, realPorts);
    if (Object.values(swept).some((count) => count > 0)) {
      console.log(JSON.stringify({ event: "swept", ...swept }));
    }
  },
} satisfies ExportedHandler<Env>;
