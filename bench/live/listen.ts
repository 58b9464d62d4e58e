export interface Listening {
  /** The longest time between two messages that say something: pings do not count. */
  silenceMs: number;
}

/** Follows the dream's stream as curl would, until it ends. Throws when its percent ever goes back. */
export async function listen(
  { edge_url, api_key }: { edge_url: string; api_key: string },
  dreamId: string,
): Promise<Listening> {
  const headers = { authorization: `Bearer ${api_key}` };
  const response = await fetch(`${edge_url}/dreams/${dreamId}/video-events`, { headers });
  if (!response.ok || response.body === null) throw new Error(`video-events: ${response.status}`);
  let [silenceMs, saidAt, percent, text] = [0, Date.now(), 0, ""];
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const messages = text.split("\n\n");
    text = messages.pop() ?? "";
    for (const message of messages) {
      if (!/^data:/m.test(message)) continue;
      silenceMs = Math.max(silenceMs, Date.now() - saidAt);
      saidAt = Date.now();
      const said = /^event: progress\n/m.test(message) && /"progress":(\d+)/.exec(message);
      if (!said) continue;
      if (Number(said[1]) < percent) throw new Error(`progress went from ${percent} to ${said[1]}`);
      percent = Number(said[1]);
    }
  }
  return { silenceMs };
}
