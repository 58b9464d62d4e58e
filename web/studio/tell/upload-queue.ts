/** Uploads recorded parts one after the other, in their order, while the person speaks on. */
import { explainProblem } from "../api/explain-problem.ts";
import { isTransient } from "./upload-part.ts";

export interface QueuePorts<Item> {
  /** The next part to upload; null: none. */
  next(): Item | null;
  upload(item: Item): Promise<void>;
  /** The part cannot be uploaded as it is. */
  refused(item: Item, problem: { title: string; advice: string }): void;
  /** An upload failed and is tried again by itself; null: the last one succeeded. */
  waiting(problem: { title: string; advice: string } | null): void;
  /** Resolves after `ms`, or earlier when the network is back. */
  pause(ms: number): Promise<void>;
}

const retryMs = { first: 500, most: 15_000 };

/** The result uploads all that there is. Call it whenever a part is added; one upload runs at a time. */
export function createUploadQueue<Item>(ports: QueuePorts<Item>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= uploadAll(ports).finally(() => {
      running = null;
    });
    return running;
  };
}

async function uploadAll<Item>(ports: QueuePorts<Item>): Promise<void> {
  let failures = 0;
  for (let item = ports.next(); item !== null; item = ports.next()) {
    try {
      await ports.upload(item);
      failures = 0;
      ports.waiting(null);
    } catch (error) {
      const problem = explainProblem(error);
      if (!isTransient(error)) {
        ports.refused(item, problem);
        continue;
      }
      ports.waiting(problem);
      await ports.pause(Math.min(retryMs.first * 2 ** failures++, retryMs.most));
    }
  }
}
