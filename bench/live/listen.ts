import { EventSourceParserStream } from "eventsource-parser/stream";

export interface Listening {
  /** The longest time between two messages; pings do not count. */
  silenceMs: number;
}

/** Follows the dream's stream until it ends. @throws Error if the percentage decreases */
export async function listen(
  { edge_url, api_key }: { edge_url: string; api_key: string },
  dreamId: string,
): Promise<Listening> {
  const headers = { authorization: `Bearer ${api_key}` };
  const response = await fetch(`${edge_url}/dreams/${dreamId}/video-events`, { headers });
  if (!response.ok || response.body === null) throw new Error(`video-events: ${response.status}`);
  let [silenceMs, saidAt, percent] = [0, Date.now(), 0];
  const messages = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of messages) {
    silenceMs = Math.max(silenceMs, Date.now() - saidAt);
    saidAt = Date.now();
    if (event !== "progress") continue;
    const { progress } = JSON.parse(data) as { progress: number };
    if (progress < percent) throw new Error(`progress went from ${percent} to ${progress}`);
    percent = progress;
  }
  return { silenceMs };
}
