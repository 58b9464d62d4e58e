/**
 * Webhooks of a run's owners: one receiver takes every connection and never answers; the other answers and
 * adds its messages to the history.
 */
import type { WebhookMessage } from "../../contract/webhook.ts";
import { type Receiver, startReceiver } from "../edge/receive.ts";
import type { Cloud } from "./cloud.ts";
import type { History } from "./history.ts";

interface Owner {
  name: string;
  key: string;
}

export interface Receivers {
  /** Messages that the silent receiver has taken. */
  taken(): number;
  close(): Promise<void>;
}

/** `silent` registers so many hooks at the silent receiver; `heard` one at the receiver that answers. */
export async function openReceivers(
  cloud: Cloud,
  history: History,
  owners: { silent: Owner; heard: Owner },
  silentHooks = 3,
): Promise<Receivers> {
  const [silent, live] = await Promise.all([startReceiver(), startReceiver()]);
  silent.answer = () => {};
  live.answer = (response, { body }) => {
    const { type, data } = JSON.parse(body) as WebhookMessage;
    // A stop is no end.
    if (type !== "job.waiting") history.add("client", { op: "heard", args: { job: data.job_id, type } });
    response.writeHead(204).end();
  };
  const register = (owner: Owner, { url }: Receiver, path: string) =>
    fetch(`${cloud.edgeUrl}/webhooks`, {
      method: "POST",
      headers: { authorization: `Bearer ${owner.key}`, "content-type": "application/json" },
      body: JSON.stringify({ url: `${url}/${path}` }),
    }).then(async (response) => {
      if (response.status !== 201) throw new Error(`no webhook: ${await response.text()}`);
    });
  await Promise.all([
    ...Array.from({ length: silentHooks }, (_, n) => register(owners.silent, silent, `${n}`)),
    register(owners.heard, live, ""),
  ]);
  history.add("client", { op: "listen", args: { owner: owners.heard.name } });
  return {
    taken: () => silent.received.length,
    close: async () => void (await Promise.all([silent.close(), live.close()])),
  };
}
