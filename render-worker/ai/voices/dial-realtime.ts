/** Opens a Realtime session by the official client, over TLS or, for a server under `http:`, without it. */
import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { connect as connectPlain } from "node:net";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import type { RealtimeClientEvent, RealtimeServerEvent } from "openai/resources/realtime/realtime";
import { retryAfterMs } from "../../clients/retry-after.ts";
import { classifyFault } from "../classify-fault.ts";
import { connect } from "../openai/connect.ts";
import { readFault } from "../read-fault.ts";

export type ServerEvent = RealtimeServerEvent;

export interface RealtimeSocket {
  /** Ends when the provider closes the socket. */
  events: AsyncIterable<ServerEvent>;
  send(event: RealtimeClientEvent): void;
  close(): void;
}

/** The largest single event: sound comes in pieces of well below a second. */
const maxEventBytes = 4 * 1024 * 1024;
const maxRefusalBytes = 64 * 1024;

/**
 * The open socket. `signal` closes it at any time, and ends `events` with its reason.
 *
 * @throws one of the worker's errors if the provider refuses the socket, or what the connection throws
 */
export async function dialRealtime(
  provider: { baseUrl: string; apiKey: string | null; model: string; timeoutMs: number },
  signal: AbortSignal,
): Promise<RealtimeSocket> {
  signal.throwIfAborted();
  const { protocol, hostname, port } = new URL(provider.baseUrl);
  // The client always dials `wss:`; a server without TLS gets the same bytes over a plain connection.
  const plain = () => connectPlain({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || 80 });
  const client = new OpenAIRealtimeWS(
    {
      model: provider.model,
      options: {
        maxPayload: maxEventBytes,
        handshakeTimeout: provider.timeoutMs,
        ...(protocol === "http:" && { createConnection: plain }),
      },
    },
    connect(provider),
  );
  const { socket } = client;
  const stop = () => socket.terminate();
  signal.addEventListener("abort", stop, { once: true });
  socket.once("close", () => signal.removeEventListener("abort", stop));
  const refused = Promise.withResolvers<never>();
  socket.once("unexpected-response", (request, response) => {
    void readRefusal(request, response).then(refused.reject, refused.reject);
  });
  const events = queueEvents(client, signal);
  try {
    await Promise.race([once(socket, "open", { signal }), refused.promise]);
  } catch (error) {
    socket.terminate();
    throw error;
  }
  return {
    events,
    send: (event) => client.send(event),
    close: () => {
      client.close();
      socket.terminate();
    },
  };
}

/** The provider's answer to the handshake, as an error. Nothing was bought. */
async function readRefusal(request: ClientRequest, response: IncomingMessage): Promise<never> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
    if (text.length > maxRefusalBytes) break;
  }
  request.destroy();
  const body = readJson(text) as { error?: unknown } | null;
  const status = response.statusCode ?? 0;
  throw classifyFault(
    "voice",
    readFault(body?.error ?? text, status, {
      retryAfterMs: retryAfterMs(new Headers(response.headers as Record<string, string>)),
      isOutcomeKnown: true,
      cause: new Error(`the provider refused the socket with status ${status}`),
    }),
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The provider's events in order, from the first on. Ends with the socket; throws what the client could not
 * read.
 */
function queueEvents(client: OpenAIRealtimeWS, signal: AbortSignal): AsyncIterable<ServerEvent> {
  const waiting: ServerEvent[] = [];
  let wake = () => {};
  let end: { failure: unknown } | null = null;
  const endWith = (failure: unknown) => {
    end ??= { failure };
    wake();
  };
  client.on("event", (event) => {
    waiting.push(event);
    wake();
  });
  // The client throws where nothing listens for errors. Errors of the API are events as well.
  client.on("error", (error) => {
    if (!error.error) endWith(error);
  });
  client.socket.once("close", () => endWith(null));
  async function* read() {
    for (;;) {
      const event = waiting.shift();
      if (event) yield event;
      else if (end) break;
      else {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
    }
    signal.throwIfAborted();
    if (end.failure) throw end.failure;
  }
  return read();
}
