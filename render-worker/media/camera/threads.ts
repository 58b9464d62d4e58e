import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { DrawRequest, ThreadData } from "./draw-thread.ts";

/** 32 MB: the largest film's slots and two of its plates. Pages that are never touched cost nothing. */
const pages = 512;
const idle: CameraThread[] = [];

/**
 * A camera thread and its memory, used for one shot at a time and then kept for the next: a runtime returns shared
 * WebAssembly memory late or never, and a thread takes longer to start than ten frames to draw. An idle thread does
 * not keep the process alive.
 */
export class CameraThread {
  readonly memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  /** See draw-thread.ts. */
  readonly control = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  constructor(module: WebAssembly.Module) {
    const workerData: ThreadData = { module, memory: this.memory, control: this.control };
    this.#worker = new Worker(new URL("./draw-thread.ts", import.meta.url), { workerData });
    this.#worker.unref();
  }

  /** Resolves when the shot is drawn or ended by `control`, and rejects when the thread is lost. */
  async draw(request: DrawRequest): Promise<void> {
    if (request.layout.pages > pages) throw new Error("a film too large for the camera's memory");
    this.control.fill(0);
    this.#worker.ref();
    try {
      this.#worker.postMessage(request);
      // `once` rejects on the worker's "error", which is how an exception over there ends the thread.
      await once(this.#worker, "message");
    } finally {
      this.#worker.unref();
    }
  }
}

/** Only when nobody reads the last shot's frames any more: they lie in the memory that the next shot is drawn into. */
export const returnThread = (thread: CameraThread) => void idle.push(thread);

export const borrowThread = (module: WebAssembly.Module) => idle.pop() ?? new CameraThread(module);
