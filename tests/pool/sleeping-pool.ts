/**
 * A pool of one sleeping machine, as behind Fly's proxy: a request starts the machine if it has ended, waits
 * until it serves, and is forwarded.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ProcessGroup } from "../../local/process-group.ts";

export interface SleepingPool {
  url: string;
  /** The number of starts of the machine. */
  starts: number;
  close(): Promise<void>;
}

export async function startSleepingPool(
  workerUrl: string,
  startMachine: () => Promise<ProcessGroup>,
): Promise<SleepingPool> {
  let machine: Promise<ProcessGroup> | null = null;
  const awake = () => {
    if (machine) return machine;
    pool.starts++;
    machine = startMachine();
    void machine.then((group) =>
      group.exited.then(() => {
        machine = null;
      }),
    );
    return machine;
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    await awake();
    const { host: _, connection: __, ...headers } = request.headers;
    const answer = await fetch(new URL(request.url ?? "/", workerUrl), {
      method: request.method ?? "POST",
      headers: headers as Record<string, string>,
      body,
    }).catch(() => null);
    response.writeHead(answer?.status ?? 502).end(await answer?.text());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const pool: SleepingPool = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    starts: 0,
    async close() {
      await (await machine)?.stop(10_000);
      await new Promise((closed) => server.close(closed));
    },
  };
  return pool;
}
