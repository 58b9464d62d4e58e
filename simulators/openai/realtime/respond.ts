/** One response of a Realtime session: sound and transcript in pieces, then the bill. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { asWordFault, type FaultKind, isBilled } from "../control.ts";
import type { RealtimeTokens } from "../ledger.ts";
import type { SimulatorState } from "../state.ts";
import { countTokens } from "../text/count-tokens.ts";
import { changeWords } from "../voice/change-words.ts";
import { encodeSpeech } from "../voice/encode-speech.ts";
import { speechRate } from "../voice/rate.ts";
import { speak } from "../voice/speak.ts";
import { rememberSpeech } from "../voice/spoken.ts";
import { refuseResponse } from "./refuse-response.ts";
import { newId, type ResponseRequest } from "./response-request.ts";

/** The price list counts one token for 50 ms of sound. */
const audioTokensPerSecond = 20;
const deltaBytes = speechRate * 2 * 0.2;

/** Speaks, draws a fault, and enters the call into the ledger. Never rejects. */
export async function respond(request: ResponseRequest, { control, ledger }: SimulatorState): Promise<void> {
  const { socket, session, text, instructions, limit } = request;
  const startedAt = performance.now();
  const shape = JSON.stringify({ ...session, instructions, text, limit });
  const fingerprint = createHash("sha256").update(`voice\n${shape}`).digest("hex");
  const fault = control.drawFault("voice", fingerprint, shape);
  const call = ledger.open("voice", fingerprint, !fault || isBilled(fault.kind), fault?.kind ?? null);
  const gone = new AbortController();
  socket.once("close", () => {
    call.ms ??= Math.round(performance.now() - startedAt);
    call.aborted = call.status === null && call.fault === null;
    gone.abort();
  });
  if (fault && refuseResponse(fault, request)) {
    call.status = fault.status;
    return;
  }
  try {
    const wordFault = asWordFault(fault);
    const said = wordFault ? changeWords(wordFault, text) : text;
    const [samples] = await Promise.all([
      speak({ text: said, voice: session.voice, speed: session.speed }, gone.signal),
      sleep(control.latencyMs("voice"), undefined, { signal: gone.signal }),
    ]);
    const pcm = reshape(fault?.kind, await encodeSpeech(samples, "pcm", gone.signal));
    rememberSpeech(pcm, said);
    call.said = said;
    call.tokens = {
      text_in: countTokens(instructions) + countTokens(text),
      text_out: countTokens(said),
      audio_out: Math.ceil((pcm.length / 2 / speechRate) * audioTokensPerSecond),
    };
    if (fault?.kind === "timeout_after_charge") return;
    const most = limit === "inf" ? Number.POSITIVE_INFINITY : limit;
    const isOverLimit = call.tokens.text_out + call.tokens.audio_out > most;
    deliver(request, { pcm, said, tokens: call.tokens, fault: fault?.kind ?? null, isOverLimit });
    call.status = 200;
    call.ms = Math.round(performance.now() - startedAt);
  } catch (error) {
    if (gone.signal.aborted) return;
    call.billed = false;
    socket.close(1011);
    console.error("openai simulator:", error);
  }
}

function reshape(kind: FaultKind | undefined, pcm: Buffer): Buffer {
  if (kind === "silence") return Buffer.alloc(pcm.length);
  if (kind === "no_bytes" || kind === "empty_body") return Buffer.alloc(0);
  if (kind === "cut_at_60_percent") return pcm.subarray(0, 2 * Math.floor(pcm.length * 0.3));
  return pcm;
}

interface Speech {
  pcm: Buffer;
  said: string;
  tokens: RealtimeTokens;
  fault: FaultKind | null;
  isOverLimit: boolean;
}

function deliver({ socket, send }: ResponseRequest, { pcm, said, tokens, fault, isOverLimit }: Speech): void {
  const id = newId("resp");
  const item = newId("item");
  const place = { response_id: id, item_id: item, output_index: 0, content_index: 0 };
  const isBroken = fault === "dropped_mid_sound" || fault === "half_body" || fault === "stalled_mid_sound";
  const isIncomplete = fault === "incomplete" || fault === "content_filter" || isOverLimit;
  const heard = isBroken || isIncomplete ? pcm.subarray(0, 2 * Math.floor(pcm.length / 4)) : pcm;
  // A test that watches the socket reads the fault here, as it reads `x-simulator-fault` of an HTTP answer.
  const metadata = fault && { simulator_fault: fault };
  send({
    type: "response.created",
    response: { id, object: "realtime.response", status: "in_progress", metadata },
  });
  if (fault === "wrong_shape") {
    socket.send('{"object":"surprise"}');
    return;
  }
  for (let at = 0; at < heard.length; at += deltaBytes) {
    const delta = heard.subarray(at, at + deltaBytes).toString("base64");
    send({ type: "response.output_audio.delta", ...place, delta });
  }
  if (fault === "stalled_mid_sound") return;
  if (isBroken) {
    // After the sound has left the process: what the client has got so far is a part of the speech.
    socket.send(JSON.stringify({ type: "rate_limits.updated", rate_limits: [] }), () => socket.terminate());
    return;
  }
  if (!isIncomplete) {
    send({ type: "response.output_audio_transcript.done", ...place, transcript: said });
    send({ type: "response.output_audio.done", ...place });
  }
  const reason = fault === "content_filter" ? "content_filter" : "max_output_tokens";
  send({
    type: "response.done",
    response: {
      id,
      object: "realtime.response",
      status: isIncomplete ? "incomplete" : "completed",
      status_details: isIncomplete ? { type: "incomplete", reason } : null,
      conversation_id: null,
      output: [
        {
          id: item,
          type: "message",
          role: "assistant",
          status: isIncomplete ? "incomplete" : "completed",
          content: [{ type: "output_audio", transcript: isIncomplete ? "" : said }],
        },
      ],
      ...(fault !== "no_usage" && { usage: describeUsage(tokens) }),
    },
  });
}

const describeUsage = ({ text_in, text_out, audio_out }: RealtimeTokens) => ({
  total_tokens: text_in + text_out + audio_out,
  input_tokens: text_in,
  output_tokens: text_out + audio_out,
  input_token_details: { text_tokens: text_in, audio_tokens: 0, image_tokens: 0, cached_tokens: 0 },
  output_token_details: { text_tokens: text_out, audio_tokens: audio_out },
});
