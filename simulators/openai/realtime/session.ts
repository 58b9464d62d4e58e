/**
 * One Realtime session that narrates: it takes `session.update` and `response.create` with text, and speaks.
 * Sound as input, tools and a conversation are not simulated.
 *
 * @source openai-node, src/resources/realtime/realtime.ts (2026-11-13)
 */

import type { WebSocket } from "ws";
import { z } from "zod";
import type { SimulatorState } from "../state.ts";
import { respond } from "./respond.ts";
import { newId, type SessionState } from "./response-request.ts";

const voices = ["alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"];

const Session = z
  .object({
    type: z.literal("realtime"),
    instructions: z.string().optional(),
    output_modalities: z.array(z.enum(["text", "audio"])).optional(),
    audio: z
      .object({
        output: z
          .object({
            voice: z.enum(voices).optional(),
            speed: z.number().min(0.25).max(1.5).optional(),
            format: z.object({ type: z.literal("audio/pcm"), rate: z.literal(24_000) }).optional(),
          })
          .loose()
          .optional(),
      })
      .loose()
      .optional(),
  })
  .loose();

const Part = z.object({ type: z.literal("input_text"), text: z.string() }).loose();
const Response = z
  .object({
    conversation: z.enum(["auto", "none"]).optional(),
    instructions: z.string().optional(),
    max_output_tokens: z.union([z.int().min(1).max(4096), z.literal("inf")]).default("inf"),
    input: z.array(z.object({ type: z.literal("message"), content: z.array(Part) }).loose()),
  })
  .loose();

const ClientEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("session.update"), event_id: z.string().optional(), session: Session }),
  z.object({ type: z.literal("response.create"), event_id: z.string().optional(), response: Response }),
]);

/** Serves one socket until it closes. */
export function openSession(socket: WebSocket, model: string, state: SimulatorState): void {
  const session: SessionState = { model, voice: "alloy", speed: 1, instructions: "" };
  const send = (event: object) => socket.send(JSON.stringify({ event_id: newId("event"), ...event }));
  const complain = (error: z.ZodError) =>
    send({
      type: "error",
      error: {
        type: "invalid_request_error",
        code: "invalid_value",
        param: error.issues[0]?.path.join(".") ?? null,
        message: z.prettifyError(error),
      },
    });
  socket.on("error", () => {});
  socket.on("message", (data) => {
    const parsed = ClientEvent.safeParse(readJson(String(data)));
    if (!parsed.success) return complain(parsed.error);
    const event = parsed.data;
    if (event.type === "response.create") {
      const text = event.response.input.flatMap(({ content }) => content.map((part) => part.text)).join("\n");
      const { instructions = session.instructions, max_output_tokens: limit } = event.response;
      void respond({ socket, send, session, text, instructions, limit }, state);
      return;
    }
    const { instructions, audio } = event.session;
    session.instructions = instructions ?? session.instructions;
    session.voice = audio?.output?.voice ?? session.voice;
    session.speed = audio?.output?.speed ?? session.speed;
    send({ type: "session.updated", session: describe(session) });
  });
  send({ type: "session.created", session: describe(session) });
}

const describe = ({ model, voice, instructions }: SessionState) => ({
  object: "realtime.session",
  type: "realtime",
  id: newId("sess"),
  model,
  instructions,
  output_modalities: ["audio"],
  audio: { output: { voice, format: { type: "audio/pcm", rate: 24_000 } } },
});

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
