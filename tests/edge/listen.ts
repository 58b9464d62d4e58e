/** Reads server-sent events as a browser does; the connection can be cut at any byte. */
import { createParser } from "eventsource-parser";

export interface Frame {
  event: string;
  id: string | null;
  data: unknown;
}

export interface Heard {
  status: number;
  headers: Headers;
  frames: Frame[];
  comments: string[];
  /** The server ended the stream. */
  isOver: boolean;
}

/**
 * Listens until the stream ends, `enough` returns true, or `cutAfterBytes` have arrived. A cut frame does not
 * count.
 */
export async function listen(
  address: URL | string,
  options: {
    headers?: Record<string, string>;
    cutAfterBytes?: number;
    enough?: (heard: Heard) => boolean;
  } = {},
): Promise<Heard> {
  const cut = new AbortController();
  const response = await fetch(address, { headers: options.headers ?? {}, signal: cut.signal });
  const heard: Heard = {
    status: response.status,
    headers: response.headers,
    frames: [],
    comments: [],
    isOver: false,
  };
  if (response.body === null || response.status !== 200) {
    await response.body?.cancel();
    return heard;
  }
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent: ({ event = "message", id = null, data }) =>
      heard.frames.push({ event, id, data: JSON.parse(data) }),
    onComment: (comment) => heard.comments.push(comment),
  });
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      const room = (options.cutAfterBytes ?? Number.POSITIVE_INFINITY) - bytes;
      bytes += chunk.byteLength;
      parser.feed(decoder.decode(chunk.subarray(0, Math.max(room, 0)), { stream: true }));
      if (bytes >= (options.cutAfterBytes ?? Number.POSITIVE_INFINITY) || options.enough?.(heard)) {
        cut.abort();
        return heard;
      }
    }
    heard.isOver = true;
  } catch (error) {
    if (!cut.signal.aborted) throw error;
  }
  return heard;
}

/** Ids of the stored events, in the order of arrival. */
export const idsOf = (frames: readonly Frame[]): string[] =>
  frames.flatMap(({ id }) => (id === null ? [] : [id]));
