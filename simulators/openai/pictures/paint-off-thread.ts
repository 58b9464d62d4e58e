/**
 * Pictures are painted in threads of their own, so that the server answers while one is being made.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

export interface PictureOrder {
  prompt: string;
  /** Which of several pictures to one prompt. */
  take: number;
  width: number;
  height: number;
  format: "png" | "jpeg" | "webp";
  /** 0-100, for jpeg and webp. */
  compression: number;
}

interface Job {
  order: PictureOrder;
  resolve(picture: Buffer): void;
  reject(error: Error): void;
}

const most = Math.max(1, Math.min(4, availableParallelism()));
const idle: Worker[] = [];
const busy = new Map<Worker, Job>();
const waiting: Job[] = [];

/** The encoded picture. Painters start with the first order and stay; an order that is aborted while it waits is not begun. */
export function paintOffThread(order: PictureOrder, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const job = { order, resolve, reject };
    signal.addEventListener(
      "abort",
      () => {
        if (waiting.includes(job)) waiting.splice(waiting.indexOf(job), 1);
        reject(signal.reason);
      },
      { once: true },
    );
    waiting.push(job);
    assign();
  });
}

export async function stopPainters(): Promise<void> {
  await Promise.all([...idle.splice(0), ...busy.keys()].map((painter) => painter.terminate()));
}

function assign(): void {
  const painter = idle.pop() ?? (waiting.length > 0 && busy.size < most ? hire() : undefined);
  if (!painter) return;
  const job = waiting.shift();
  if (!job) return void idle.push(painter);
  busy.set(painter, job);
  painter.postMessage(job.order);
}

function hire(): Worker {
  const painter = new Worker(new URL("./painter-thread.ts", import.meta.url));
  painter.on("message", ({ picture, error }: { picture?: Uint8Array; error?: string }) => {
    const job = busy.get(painter);
    busy.delete(painter);
    idle.push(painter);
    if (picture) job?.resolve(Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength));
    else job?.reject(new Error(error ?? "the painter said nothing"));
    assign();
  });
  painter.on("error", (error) => {
    busy.get(painter)?.reject(error instanceof Error ? error : new Error(String(error)));
    busy.delete(painter);
    assign();
  });
  painter.unref();
  return painter;
}
