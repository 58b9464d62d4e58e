import { parentPort } from "node:worker_threads";
import type { PictureOrder } from "./paint-off-thread.ts";
import { paintPicture } from "./paint-picture.ts";

parentPort?.on("message", async (order: PictureOrder) => {
  try {
    const picture = new Uint8Array(await paintPicture(order));
    parentPort?.postMessage({ picture }, [picture.buffer]);
  } catch (error) {
    parentPort?.postMessage({
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
