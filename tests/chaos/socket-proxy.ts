/**
 * The part of a fault proxy that carries WebSockets: it relays a Realtime session between a worker and the AI
 * provider, and reports each response that the worker asks for.
 */
import { createHash } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { writeSpeechWav } from "../../render-worker/media/voice/said-chunk.ts";
import type { Op, Outcome } from "./history.ts";

type Purchase = (Op & { op: "buy" })["args"];

export interface SocketRules {
  target: string;
  now(): number;
  report(purchase: Purchase, outcome: Outcome, since: number): void;
}

/** One response of a session, from the request for it to its last event. */
interface SpokenResponse {
  since: number;
  what: string;
  fault: string | null;
  isSpeaking: boolean;
  sound: Buffer[];
  said: string;
}

/** The fields that the relay reads of a session's events. */
interface SessionEvent {
  type?: string;
  delta?: string;
  transcript?: string;
  response?: { status?: string; usage?: unknown; metadata?: { simulator_fault?: string } | null };
}

const pcmRate = 24_000;

/** Relays the server's upgrades to `target`. A side that closes closes the other one. */
export function relaySockets(server: Server, rules: SocketRules): void {
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const { authorization = "" } = request.headers;
    const address = new URL(request.url ?? "/", rules.target.replace(/^http/, "ws"));
    const provider = new WebSocket(address, { headers: { authorization } });
    provider.on("unexpected-response", (_, response) => {
      stream.end(`HTTP/1.1 ${response.statusCode} Refused\r\nconnection: close\r\n\r\n`);
    });
    provider.on("error", () => stream.destroy());
    // The provider's first event must not come before the worker's side is open.
    provider.pause();
    sockets.handleUpgrade(request, stream, head, (worker) => relay(worker, provider, rules));
  });
}

function relay(worker: WebSocket, provider: WebSocket, rules: SocketRules): void {
  let current: SpokenResponse | null = null;
  const end = (outcome: Outcome) => {
    if (current) rules.report(describe(current, outcome), outcome, current.since);
    current = null;
  };
  worker.on("error", () => {});
  provider.on("error", () => worker.terminate());
  worker.on("message", (data) => {
    const text = String(data);
    if ((JSON.parse(text) as SessionEvent).type === "response.create")
      current = {
        since: rules.now(),
        what: sha256(Buffer.from(text)).slice(0, 16),
        fault: null,
        isSpeaking: false,
        sound: [],
        said: "",
      };
    whenOpen(provider, () => provider.send(text));
  });
  provider.on("message", (data) => {
    const text = String(data);
    const outcome = current && follow(current, JSON.parse(text) as SessionEvent);
    if (outcome) end(outcome);
    worker.send(text);
  });
  worker.on("close", () => {
    end("unknown");
    provider.terminate();
  });
  provider.on("close", () => {
    end(current?.isSpeaking ? "ok" : "unknown");
    worker.close();
  });
  whenOpen(provider, () => provider.resume());
}

/** Adds the event to the response. Returns the outcome of the call, or null while it goes on. */
function follow(
  current: SpokenResponse,
  { type, delta, transcript, response }: SessionEvent,
): Outcome | null {
  if (type === "response.created") {
    current.isSpeaking = true;
    current.fault = response?.metadata?.simulator_fault ?? null;
  }
  if (type === "response.output_audio.delta") current.sound.push(Buffer.from(delta ?? "", "base64"));
  if (type === "response.output_audio_transcript.done") current.said = transcript ?? "";
  if (type === "error") return "fail";
  if (type === "response.done") return response?.status === "failed" ? "fail" : "ok";
  return null;
}

/** `content` is the hash of the file that the worker stores for this sound. */
function describe({ what, fault, sound, said }: SpokenResponse, outcome: Outcome): Purchase {
  const file = writeSpeechWav(Buffer.concat(sound), pcmRate, said);
  return { what, capability: "voice", content: outcome === "ok" ? sha256(file) : null, fault };
}

function whenOpen(socket: WebSocket, act: () => void): void {
  if (socket.readyState === WebSocket.OPEN) act();
  else socket.once("open", act);
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
