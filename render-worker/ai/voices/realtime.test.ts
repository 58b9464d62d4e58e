/** Realtime against a server that this test scripts event by event. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { realtime } from "./realtime.ts";

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/**
 * A server that answers each event of the client by `answers`. Gives its speaker, and the events that it got.
 */
async function serve(answers: Record<string, object[]>) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  servers.push(server);
  await once(server, "listening");
  const got: string[] = [];
  const closed = Promise.withResolvers<void>();
  server.on("connection", (socket: WebSocket) => {
    const send = (events: readonly object[] = []) => {
      for (const event of events) socket.send(JSON.stringify(event));
    };
    socket.on("close", () => closed.resolve());
    socket.on("message", (message) => {
      const { type } = JSON.parse(String(message)) as { type: string };
      got.push(type);
      send(answers[type]);
    });
    send([{ type: "session.created", session: {} }]);
  });
  const speak = realtime.create({
    kind: "realtime",
    variables: "VOICE",
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    ...{
      apiKey: null,
      model: "a-voice",
      takesSafetyIdentifier: false,
      timeoutMs: 10_000,
      textIn: 1,
      textOut: 1,
      audioIn: 1,
      audioOut: 1,
    },
  });
  const request = { text: "I flew.", voice: "sage", instructions: "Read." };
  return { got, closed: closed.promise, speak: () => speak(request, new AbortController().signal) };
}

const sound = Buffer.alloc(4_800).toString("base64");
const spoken = [
  { type: "response.created", response: { id: "r1" } },
  { type: "response.output_audio.delta", response_id: "r1", delta: sound },
  {
    type: "response.done",
    response: { id: "r1", status: "completed", usage: { input_tokens: 10, output_tokens: 20 } },
  },
];

it("buys one response, also where the provider confirms the session twice", async () => {
  const updated = { type: "session.updated", session: {} };
  const { speak, got, closed } = await serve({
    "session.update": [updated, updated],
    "response.create": spoken,
  });
  expect(await speak()).toMatchObject({ requestId: "r1", costMicroUsd: 30 });
  await closed;
  expect(got).toEqual(["session.update", "response.create"]);
});
