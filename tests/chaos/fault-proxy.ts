/**
 * A proxy between a worker and a service: it forwards every call, loses some on purpose, and reports the
 * outcome of each. It forwards a call to its end even if the caller is killed meanwhile.
 */
import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import type { Outcome } from "./history.ts";
import { relaySockets, type SocketRules } from "./socket-proxy.ts";

export interface Call {
  method: string;
  path: string;
  body: Buffer;
}

export interface Reply {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/**
 * What to do with a call. `refuse`: answer with that status and do not forward. `stall`: never answer.
 * `stall-reply`: forward, and answer with headers and half of the body, then nothing.
 */
export type Verdict = "carry" | "lose-request" | "lose-reply" | "stall" | "stall-reply" | { refuse: number };

export interface ProxyRules {
  target: string;
  decide(call: Call): Verdict;
  /** `reply` is null if there was none. */
  report(call: Call, reply: Reply | null, outcome: Outcome, since: number, note?: string): void;
  /** Reports what is bought over a WebSocket. Without it, sockets are carried byte by byte. */
  reportSocket?: SocketRules["report"];
  now(): number;
}

export interface FaultProxy {
  url: string;
  close(): void;
}

export async function startFaultProxy(rules: ProxyRules): Promise<FaultProxy> {
  const server = createServer((request, response) => {
    serve(rules, request, response).catch(() => response.destroy());
  });
  if (rules.reportSocket) relaySockets(server, { ...rules, report: rules.reportSocket });
  else server.on("upgrade", (request, stream, head) => carryUpgrade(rules, request, stream, head));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Joins both sides of an upgraded connection. A side that ends ends the other one. */
function carryUpgrade(rules: ProxyRules, request: IncomingMessage, stream: Duplex, head: Buffer): void {
  const { method = "GET", url = "/", rawHeaders } = request;
  if (rules.decide({ method, path: url, body: head }) !== "carry") {
    stream.destroy();
    return;
  }
  const { hostname, port } = new URL(rules.target);
  const target = connect(Number(port), hostname);
  const headers = rawHeaders.map((text, i) => text + (i % 2 === 0 ? ": " : "\r\n")).join("");
  target.write(`${method} ${url} HTTP/1.1\r\n${headers}\r\n`);
  target.write(head);
  for (const [from, to] of [
    [stream, target],
    [target, stream],
  ] as const) {
    from.pipe(to);
    from.on("error", () => {});
    from.on("close", () => to.destroy());
  }
}

async function serve(rules: ProxyRules, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const since = rules.now();
  const body = await collect(request);
  if (body === null) return;
  const call = { method: request.method ?? "GET", path: request.url ?? "/", body };
  const verdict = rules.decide(call);
  if (verdict === "lose-request") {
    rules.report(call, null, "fail", since, "request lost");
    response.destroy();
    return;
  }
  if (verdict === "stall") {
    rules.report(call, null, "fail", since, "stalled");
    return;
  }
  if (typeof verdict === "object") {
    rules.report(call, null, "fail", since, `refused with ${verdict.refuse}`);
    response.writeHead(verdict.refuse).end();
    return;
  }
  const answer = await carry(rules.target, request, body);
  if (answer.reply === null) {
    rules.report(call, null, answer.refused ? "fail" : "unknown", since, "no reply");
    response.destroy();
    return;
  }
  const { status, headers, body: replied } = answer.reply;
  const outcome = status < 400 ? "ok" : status < 500 ? "fail" : "unknown";
  rules.report(call, answer.reply, outcome, since, noteOf(verdict));
  if (verdict === "lose-reply") {
    response.destroy();
    return;
  }
  response.writeHead(status, headers);
  if (verdict === "stall-reply") response.write(replied.subarray(0, replied.length / 2));
  else response.end(replied);
}

function noteOf(verdict: Verdict): string | undefined {
  if (verdict === "lose-reply") return "reply lost";
  return verdict === "stall-reply" ? "reply stalled" : undefined;
}

interface Carried {
  reply: Reply | null;
  /** The connection was refused, so surely nothing happened. */
  refused: boolean;
}

/**
 * `host` keeps the caller's value, because S3 signatures cover it. Answers are not compressed, so that the
 * proxy can read them.
 */
function carry(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Carried> {
  return new Promise((resolve) => {
    const lost = (error: NodeJS.ErrnoException) =>
      resolve({ reply: null, refused: error.code === "ECONNREFUSED" });
    const outgoing = openRequest(
      new URL(target),
      { method, path: url, headers: { ...headers, "accept-encoding": "identity" }, agent: false },
      (incoming) => {
        collect(incoming).then((reply) => {
          const { "transfer-encoding": _, connection: __, ...kept } = incoming.headers;
          const status = incoming.statusCode ?? 502;
          resolve({ reply: reply && { status, headers: kept, body: reply }, refused: false });
        });
      },
    );
    outgoing.on("error", lost);
    outgoing.end(body);
  });
}

/** Null if the other side disconnected before the end. */
function collect(stream: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    stream.on("data", (part: Buffer) => parts.push(part));
    stream.on("end", () => resolve(Buffer.concat(parts)));
    stream.on("error", () => resolve(null));
    stream.on("aborted", () => resolve(null));
  });
}
