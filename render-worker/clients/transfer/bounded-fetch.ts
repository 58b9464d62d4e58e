import type { FetchLimits } from "./limits.ts";
import { TransferFault, watchTransfer } from "./watch-transfer.ts";

/**
 * The header that asks for an answer as it is. Node's fetch asks for gzip otherwise, and an answer of a few
 * hundred bytes costs more to unpack (0.2 ms of CPU) than to receive.
 */
export const uncompressed = { "accept-encoding": "identity" };

/**
 * A `fetch` whose limits hold until the last byte of the body: the time limit of a vendor's SDK usually ends
 * with the headers. The call, or reading the body, rejects with a TransferFault. Until the first byte of the
 * body `answerMs` holds, because a server may send its headers before it begins to work.
 */
export function boundFetch(limits: FetchLimits): typeof fetch {
  return async (input, init) => {
    const watch = watchTransfer({ ...limits, stallMs: limits.answerMs }, init?.signal);
    try {
      const response = await fetch(input, { ...init, signal: watch.signal });
      if (Number(response.headers.get("content-length") ?? 0) > limits.maxBytes) {
        await response.body?.cancel();
        throw new TransferFault("too_large");
      }
      if (response.body === null) {
        watch.end();
        return response;
      }
      let hasBegun = false;
      const counted = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          if (!hasBegun) watch.allowSilence(limits.stallMs);
          hasBegun = true;
          watch.addBytes(chunk.byteLength);
          controller.enqueue(chunk);
        },
        flush: () => watch.end(),
      });
      const { status, statusText, headers } = response;
      return new Response(response.body.pipeThrough(counted), { status, statusText, headers });
    } catch (error) {
      watch.end();
      throw error;
    }
  };
}
