/**
 * Sends one kind of request over a number of connections, as fast as they are answered. Written here because
 * autocannon 9 rounds latencies to milliseconds, has no p95, and counts a run of fewer requests than it
 * sends in a second as one second.
 */
import { Agent, request } from "node:http";

export interface Target {
  method: "GET" | "POST";
  headers?: Record<string, string>;
  /** The next request's address, or null when there is none left. */
  nextUrl: () => string | null;
}

export interface Load {
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
}

/**
 * Sends for `seconds`, or until the target has no address left.
 *
 * @throws Error if an answer is not 2xx
 */
export async function load(target: Target, connections: number, seconds: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const startedAt = performance.now();
  const untilMs = startedAt + seconds * 1000;
  const sendInTurn = async () => {
    while (performance.now() < untilMs) {
      const url = target.nextUrl();
      if (url === null) return;
      const sentAt = performance.now();
      await send(url, target, agent);
      latencies.push(performance.now() - sentAt);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, sendInTurn));
  } finally {
    agent.destroy();
  }
  const wallSeconds = (performance.now() - startedAt) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { requestsPerSecond: latencies.length / wallSeconds, p50: at(0.5), p95: at(0.95) };
}

function send(url: string, { method, headers = {} }: Target, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent }, (response) => {
      const { statusCode = 0 } = response;
      const isGood = statusCode >= 200 && statusCode < 300;
      response.resume();
      response.on("error", reject);
      response.on("end", () => (isGood ? resolve() : reject(new Error(`${method} ${url}: ${statusCode}`))));
    });
    sent.on("error", reject);
    sent.end();
  });
}
