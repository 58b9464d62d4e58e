/** The Worker's entry: requests, dead letters, and the sweep that cron runs each minute. */
import { buildApp } from "./app.ts";
import type { Env } from "./env.ts";
import { cleanUp } from "./jobs/clean-up.ts";
import { sweep } from "./jobs/sweep.ts";
import { takeDeadLetters } from "./jobs/take-dead-letters.ts";
import { realPorts } from "./ports.ts";
import { openPrimary } from "./store/open.ts";

export { DreamChannel } from "./channel/dream-channel.ts";
export { StreamCount } from "./channel/stream-count.ts";
export { AttemptLimit } from "./http/attempts/attempt-limit.ts";
export { LeaseWatch } from "./leases/lease-watch.ts";
export { WebhookSender } from "./webhooks/webhook-sender.ts";

const app = buildApp(realPorts);

/** The minute of each hour in which expired data is removed. */
const cleanUpMinute = 17;
/** Milliseconds for each of the four kinds. @source Workers: a cron trigger may run for 15 minutes */
const cleanUpMs = 2 * 60_000;

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    await takeDeadLetters(env, realPorts, batch.messages);
  },
  async scheduled({ scheduledTime }, env) {
    const swept = await sweep(env, realPorts);
    if (Object.values(swept).some((count) => count > 0)) {
      console.log(JSON.stringify({ event: "swept", ...swept }));
    }
    if (new Date(scheduledTime).getUTCMinutes() !== cleanUpMinute) return;
    const { removed } = await cleanUp(env, openPrimary(env.DB), realPorts.now, cleanUpMs, false);
    console.log(JSON.stringify({ event: "cleaned_up", ...removed }));
  },
} satisfies ExportedHandler<Env>;
