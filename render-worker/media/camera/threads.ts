import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { DrawRequest, ThreadData } from "./draw-thread.ts";

/** 32 MB: the largest film's slots and two plates. Pages that are never touched cost nothing. */
const pages = 512;
const idle: CameraThread[] = [];

/**
 * A camera thread and its memory, used for one shot at a time and then kept. A runtime frees shared
 * WebAssembly memory late or never, and starting a thread takes longer than drawing ten frames. An idle
 * thread does not keep the process alive.
 */
export class CameraThread {
  readonly memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  /** draw-thread.ts explains the two counters. */
  readonly control = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  constructor(module: WebAssembly.Module) {
    const workerData: ThreadData = { module, memory: this.memory, control: this.control };
    this.#worker = new Worker(new URL("./draw-thread.ts", import.meta.url), { workerData });
    this.#worker.unref();
  }

  /**
   * Resolves when the shot is drawn, or ended by `control`.
   *
   * @throws Error if the thread ends or the film is too large
   */
  async draw(request: DrawRequest): Promise<void> {
    if (request.layout.pages > pages) throw new Error("the film is too large for the camera's memory");
    this.control.fill(0);
    this.#worker.ref();
    try {
      this.#worker.postMessage(request);
      // `once` rejects on the worker's "error" event, which an exception in the thread causes.
      await once(this.#worker, "message");
    } finally {
      this.#worker.unref();
    }
  }
}

/**
 * Returns a thread for reuse. Call it after the last read of the shot's frames: the next shot is drawn into
 * the same memory.
 */
export const returnThread = (thread: CameraThread) => void idle.push(thread);

/** An idle thread, or a new one. */
export const borrowThread = (module: WebAssembly.Module) => idle.pop() ?? new CameraThread(module);
