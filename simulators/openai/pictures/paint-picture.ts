/** The entry of this folder: paints pictures in worker threads, so that the server answers meanwhile. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Mark } from "./marks/mark.ts";

export interface PictureRequest {
  prompt: string;
  /** The picture's number among several for one prompt. */
  take: number;
  width: number;
  height: number;
  format: "png" | "jpeg" | "webp";
  /** 0-100, for jpeg and webp. */
  compression: number;
  /** Of the sheets that it is painted from, or of the sheet that it is. */
  marks?: readonly Mark[];
}

interface Job {
  request: PictureRequest;
  resolve(picture: Buffer): void;
  reject(error: Error): void;
}

const maxPainters = Math.max(1, Math.min(4, availableParallelism()));
const idle: Worker[] = [];
const busy = new Map<Worker, Job>();
const waiting: Job[] = [];

/**
 * Paints a picture; resolves to its bytes in the requested format. The same request gives the same bytes.
 * @throws the signal's reason when it aborts: a waiting request is dropped; Error when a painter fails
 */
export function paintPicture(request: PictureRequest, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const job = { request, resolve, reject };
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

function assign(): void {
  const painter = idle.pop() ?? (waiting.length > 0 && busy.size < maxPainters ? startPainter() : undefined);
  if (!painter) return;
  const job = waiting.shift();
  if (!job) return void idle.push(painter);
  busy.set(painter, job);
  painter.ref();
  painter.postMessage(job.request);
}

function startPainter(): Worker {
  const painter = new Worker(new URL("./painter-thread.ts", import.meta.url));
  painter.on("message", ({ picture, error }: { picture?: Uint8Array; error?: string }) => {
    const job = busy.get(painter);
    busy.delete(painter);
    painter.unref();
    idle.push(painter);
    if (picture) job?.resolve(Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength));
    else job?.reject(new Error(error ?? "the painter returned no picture"));
    assign();
  });
  painter.on("error", (error) => {
    busy.get(painter)?.reject(error instanceof Error ? error : new Error(String(error)));
    busy.delete(painter);
    assign();
  });
  return painter;
}
