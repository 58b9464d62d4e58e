/** Every provider answer that is tried: a description, and the simulator's faults that produce it. */
import type { Fault, FaultKind } from "../../simulators/openai/control.ts";

export type Capability = "text" | "picture" | "voice";

export interface Answer {
  capability: Capability;
  says: string;
  faults: Partial<Fault>[];
  /** The worker's timeout for this provider, if the answer is about it. */
  timeoutSeconds?: number;
}

type Shape = readonly [says: string, ...faults: (Partial<Fault> & { kind: FaultKind })[]];

/** Answers of every capability. */
const calls: Shape[] = [
  ["status 400", { kind: "server_error", status: 400 }],
  ["status 401", { kind: "server_error", status: 401 }],
  ["status 402", { kind: "server_error", status: 402 }],
  ["status 404", { kind: "server_error", status: 404 }],
  ["404, no such model", { kind: "model_not_found" }],
  ["429 once, wait 2 s", { kind: "rate_limited", retry_after_ms: 2_000, times: 1 }],
  ["429, no quota left", { kind: "insufficient_quota" }],
  ["status 500, always", { kind: "server_error", status: 500 }],
  ["status 502, twice", { kind: "server_error", status: 502, times: 2 }],
  ["status 524, once", { kind: "server_error", status: 524, times: 1 }],
  ["status 524, always", { kind: "server_error", status: 524 }],
  ["refused by its safety system", { kind: "content_policy_violation" }],
  ["connection broken, once", { kind: "connection_reset", times: 1 }],
  ["half an answer, once", { kind: "half_body", times: 1 }],
  ["paid, never answered, once", { kind: "timeout_after_charge", times: 1 }],
  ["200 with an error: 402", { kind: "error_in_answer", status: 402 }],
  ["200 with an error: 404", { kind: "error_in_answer", status: 404 }],
  ["200 with an error: 429, once", { kind: "error_in_answer", status: 429, times: 1 }],
  ["200 with an error: 502, once", { kind: "error_in_answer", status: 502, times: 1 }],
  ["a web page as 200, always", { kind: "html_page" }],
  ["an empty body, once", { kind: "empty_body", times: 1 }],
  ["an empty body, always", { kind: "empty_body" }],
  ["JSON of another shape, always", { kind: "wrong_shape" }],
];

const texts: Shape[] = [
  ["in a code fence", { kind: "code_fence" }],
  ["after <think>…</think>", { kind: "thoughts" }],
  ["after a sentence", { kind: "preamble" }],
  ["after a BOM", { kind: "byte_order_mark" }],
  ["one level deeper", { kind: "nested" }],
  ["content null, once", { kind: "null_content", times: 1 }],
  ["content null, always", { kind: "null_content" }],
  ["cut off (finish_reason length), once", { kind: "cut_off", times: 1 }],
  ["cut off (finish_reason length), always", { kind: "cut_off" }],
  ["broken JSON, always", { kind: "invalid_json" }],
  ["no storyboard, always", { kind: "off_schema" }],
  ["40 scenes for a plan of 3", { kind: "overlong" }],
  ["a polite refusal", { kind: "refusal" }],
  ["no usage", { kind: "no_usage" }],
  ['language "German"', { kind: "other_language", language: "German" }],
  ['language "JA"', { kind: "other_language", language: "JA" }],
  ['language "zh_TW"', { kind: "other_language", language: "zh_TW" }],
];

const bytes: Shape[] = [
  ["cut at 60 %, always", { kind: "cut_at_60_percent" }],
  ["one byte short, always", { kind: "one_byte_short" }],
  ["JSON as its bytes, always", { kind: "json_bytes" }],
  ["JSON as its bytes, once", { kind: "json_bytes", times: 1 }],
];

const pictures: Shape[] = [
  ...bytes,
  // Instead of a voice it is a web page, as below.
  ["HTML as its bytes, always", { kind: "html_bytes" }],
  ["no bytes, always", { kind: "no_bytes" }],
  ["a JPEG cut at 70 %, always", { kind: "jpeg_cut_at_70_percent" }],
  ["a GIF, always", { kind: "gif" }],
  ["an AVIF, always", { kind: "avif" }],
  ["41 million pixels, always", { kind: "huge_picture" }],
  ["an address instead of b64_json", { kind: "picture_by_url" }],
  ["a data: prefix", { kind: "data_prefix" }],
  ["no usage", { kind: "no_usage" }],
];

const voices: Shape[] = [
  ...bytes,
  ["silent, once", { kind: "silence", times: 1 }],
  ["silent, always", { kind: "silence" }],
  ["two WAVs joined", { kind: "joined_wavs" }],
  ["a WAV of unknown length (7FFFFFFF)", { kind: "length_unknown" }],
  ["two MP3s joined", { kind: "joined_mp3s" }],
];

const of = (capability: Capability, shapes: Shape[]): Answer[] =>
  shapes.map(([says, ...faults]) => ({
    capability,
    says,
    faults: faults.map((fault) => ({ ...fault, capability })),
    ...(faults.some(({ kind }) => kind === "timeout_after_charge") && { timeoutSeconds: 20 }),
  }));

export const answers: Answer[] = [
  { capability: "text", says: "a right answer, of every capability", faults: [] },
  ...of("text", [...texts, ...calls]),
  ...of("picture", [...pictures, ...calls]),
  ...of("voice", [...voices, ...calls]),
];
