/** Development: a change of the code reaches the running cloud without a restart of the whole. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { root } from "./root.ts";
import type { ServiceName } from "./services.ts";
import { watchSources } from "./sources.ts";
import type { Stack } from "./stack.ts";

/** What each part is made of. `wrangler dev` reloads edge and queue, and the pages when they are built. */
const madeOf: Record<"pages and kernel" | "worker" | "openai", readonly string[]> = {
  "pages and kernel": ["web", "contract", "render-worker/media/camera/kernel"],
  worker: ["render-worker", "contract"],
  openai: ["simulators/openai"],
};

const lookMs = 300;

/**
 * Looks for changes until the signal aborts, rebuilds the pages, and restarts the worker and the AI
 * simulator. What fails is said, and tried again at the next change.
 */
export async function reloadOnChange(
  stack: Pick<Stack, "restart">,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const changes = watchSources(["web", "contract", "render-worker", "simulators/openai"]);
  while (!signal.aborted) {
    await sleep(lookMs, undefined, { signal }).catch(() => {});
    const changed = changes();
    if (changed.length === 0 || signal.aborted) continue;
    // A save of several files is one change.
    await sleep(lookMs);
    changed.push(...changes());
    const concerns = (part: keyof typeof madeOf) =>
      changed.some((path) => madeOf[part].some((source) => path === source || path.startsWith(`${source}/`)));
    const tell = async (what: string, work: Promise<unknown>) => {
      const startedAt = performance.now();
      await work.then(
        () => say(`${what}: done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`),
        (error: Error) => say(`${what}: ${error.message}`),
      );
    };
    const what = `${changed[0]}${changed.length > 1 ? ` and ${changed.length - 1} more` : ""} changed`;
    if (concerns("pages and kernel")) await tell(`${what}: building the pages`, build());
    for (const name of ["worker", "openai"] as const satisfies ServiceName[])
      if (concerns(name)) await tell(`${what}: restarting the ${name}`, stack.restart(name));
  }
}

const build = () => promisify(execFile)(process.execPath, [join(root, "local", "build.mjs")], { cwd: root });
