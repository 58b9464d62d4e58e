import { parentPort } from "node:worker_threads";
import { renderPicture } from "./draw-picture.ts";
import type { PictureRequest } from "./paint-picture.ts";

parentPort?.on("message", async (request: PictureRequest) => {
  try {
    const picture = new Uint8Array(await renderPicture(request));
    parentPort?.postMessage({ picture }, [picture.buffer]);
  } catch (error) {
    parentPort?.postMessage({
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
