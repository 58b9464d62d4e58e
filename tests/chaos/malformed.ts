/** The malformed answers that a chaos run's provider gives at random. */
import {
  byteFaults,
  type ControlPatch,
  type FaultKind,
  realtimeFaults,
  wordFaults,
} from "../../simulators/openai/control.ts";

/** The answer can be used, so the worker must not buy again. */
export const usableFaults: ReadonlySet<string> = new Set<FaultKind>([
  "code_fence",
  "thoughts",
  "preamble",
  "byte_order_mark",
  "nested",
  "other_language",
  "no_usage",
  "picture_by_url",
  "data_prefix",
  "joined_wavs",
  "joined_mp3s",
  "length_unknown",
]);

const ofText = [
  ...([
    "code_fence",
    "thoughts",
    "preamble",
    "byte_order_mark",
    "nested",
    "null_content",
    "cut_off",
  ] as const),
  ...(["invalid_json", "off_schema", "overlong", "other_language", "no_usage"] as const),
];
const ofPictures = [...byteFaults, "picture_by_url", "data_prefix", "no_usage"] as const;
const ofAll = ["empty_body", "wrong_shape", "half_body", "html_page"] as const;

/** The shapes of a capability are equally frequent; together they are `rate` of its calls. */
export function malformedAnswers(rate: number): NonNullable<ControlPatch["faults"]> {
  if (rate === 0) return [];
  // HTML instead of a voice is a web page, which means that no call was made; but the simulator would bill
  // it.
  const ofVoices = [...byteFaults.filter((kind) => kind !== "html_bytes"), ...wordFaults, ...realtimeFaults];
  const kinds = { text: ofText, picture: ofPictures, voice: ofVoices };
  return (["text", "picture", "voice"] as const).flatMap((capability) => {
    const own: readonly FaultKind[] = [...kinds[capability], ...ofAll];
    const fault = { kind: "error_in_answer" as const, capability, rate: rate / own.length, status: 502 };
    return [fault, ...own.map((kind) => ({ kind, capability, rate: rate / own.length, status: 500 }))];
  });
}
