/** The Realtime API's WebSocket at `/v1/realtime`, on the port of the HTTP endpoints. */
import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { checkKey } from "../http/authorize.ts";
import { VendorError } from "../http/envelope.ts";
import type { SimulatorState } from "../state.ts";
import { openSession } from "./session.ts";

/** The open sockets, for the server's end. */
export function serveRealtime(server: Server, state: SimulatorState): ReadonlySet<WebSocket> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024 });
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    try {
      const model = readModel(request, state);
      sockets.handleUpgrade(request, stream, head, (socket) => openSession(socket, model, state));
    } catch (error) {
      refuse(stream, error);
    }
  });
  return sockets.clients;
}

/** @throws VendorError that the handshake is answered with */
function readModel(request: IncomingMessage, { control }: SimulatorState): string {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  if (pathname !== "/v1/realtime" || control.lacks("realtime"))
    throw new VendorError(404, `Invalid URL (GET ${pathname})`);
  checkKey(request.headers.authorization);
  const model = searchParams.get("model");
  if (!model) throw new VendorError(400, "You must provide a model parameter.", { param: "model" });
  return model;
}

function refuse(stream: Duplex, error: unknown): void {
  const { status, message, type, param, code } =
    error instanceof VendorError ? error : new VendorError(500, "The server had an error.");
  const body = JSON.stringify({ error: { message, type, param, code } });
  stream.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      "content-type: application/json",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}
