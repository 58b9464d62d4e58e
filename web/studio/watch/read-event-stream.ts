/** One message of a text/event-stream. `id` is empty where the message is not a stored one. */
export interface StreamMessage {
  id: string;
  event: string;
  data: string;
}

/**
 * The messages of a text/event-stream, as they come. Read by hand and not by EventSource, because this can send the key
 * as a header, sees why it was refused, and notices a connection that died without saying so.
 * @throws when nothing, not even a ping, has come for `silenceMs`
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
  silenceMs: number,
): AsyncGenerator<StreamMessage> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await within(silenceMs, reader.read());
      if (done) return;
      // A CR at the end may be the first half of a CRLF that was cut in two: it waits for what follows.
      const blocks = `${rest}${value}`.replace(/\r\n|\r(?!$)/g, "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const message = parseBlock(block);
        if (message !== null) yield message;
      }
    }
  } finally {
    // Not awaited: on a dead connection it may never settle.
    reader.cancel().catch(() => {});
  }
}

function parseBlock(block: string): StreamMessage | null {
  const message: StreamMessage = { id: "", event: "message", data: "" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, field, value] = /^(id|event|data)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "data") data.push(value ?? "");
    else if (field === "id" || field === "event") message[field] = value ?? "";
  }
  return data.length === 0 ? null : { ...message, data: data.join("\n") };
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
