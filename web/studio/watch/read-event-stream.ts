import { createParser } from "eventsource-parser";

/** One message of a text/event-stream. `id` is empty if the message is not a stored one. */
export interface StreamMessage {
  id: string;
  event: string;
  data: string;
}

/**
 * The messages of a text/event-stream, as they arrive. EventSource cannot send the key as a header, hides why
 * a request was refused, and does not notice a dead connection; this reader does all three.
 *
 * @throws Error when nothing, not even a ping, arrives for `silenceMs`
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
  silenceMs: number,
): AsyncGenerator<StreamMessage> {
  const messages: StreamMessage[] = [];
  const parser = createParser({
    onEvent: ({ id = "", event = "message", data }) => messages.push({ id, event, data }),
  });
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  try {
    for (;;) {
      const { done, value } = await within(silenceMs, reader.read());
      if (done) return;
      parser.feed(value);
      yield* messages.splice(0);
    }
  } finally {
    // Not awaited: on a dead connection it may never settle.
    reader.cancel().catch(() => {});
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("silent")), ms);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}
