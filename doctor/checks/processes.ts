import type { Check } from "../check.ts";
import { fail, type Outcome, ok } from "../finding.ts";
import type { LocalStack } from "../local-stack.ts";

const timeoutMs = 5_000;

/** Every process of the local cloud runs and answers. */
export function checkProcesses(stack: Omit<LocalStack, "worker_env">, request: typeof fetch): Check {
  const look = async (name: string, url: string, pid: number | null): Promise<Outcome> => {
    if (pid !== null && !isAlive(pid))
      return fail(
        `The local ${name} (process ${pid}) is gone.`,
        `See ${name}.log in the state folder's logs; npm run dev`,
      );
    const response = await request(new URL("/health", url), { signal: AbortSignal.timeout(timeoutMs) }).catch(
      () => null,
    );
    await response?.body?.cancel();
    if (response?.ok) return ok(`${name} answers at ${url}`);
    return fail(
      `The local ${name} does not answer at ${url}${response ? ` with success (status ${response.status})` : ""}.`,
      `See ${name}.log in the state folder's logs; npm run dev`,
    );
  };
  return {
    name: "local cloud",
    run: () =>
      Promise.all([
        look("edge", stack.edge_url, stack.pids.edge),
        look("queue", stack.queue_url, stack.pids.queue),
        // A real AI server has no local process and no /health.
        ...(stack.pids.openai === null ? [] : [look("openai", stack.openai_url, stack.pids.openai)]),
        look("worker", stack.worker_url, stack.pids.worker),
      ]),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
