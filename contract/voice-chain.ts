/**
 * Which voices narrate, in the order in which they are tried. Worker and edge read the same variables:
 * `VOICE_CHAIN`, `VOICE_MODEL`, `VOICE_BASE_URL`, and for one kind alone those with its own prefix, such as
 * `VOICE_REALTIME_MODEL`.
 */
import { defaultModels, findModel, openaiHost } from "./models.ts";
import { isPaidVoice, type PaidVoiceKind, VoiceKind, voiceKinds } from "./voice-kinds.ts";

export type VoiceLink = { kind: PaidVoiceKind; model: string } | { kind: "own" } | { kind: "none" };

export interface VoiceChain {
  links: readonly VoiceLink[];
  /** The kind that `VOICE_MODEL`, `VOICE_BASE_URL` and `VOICE_API_KEY` are about. */
  plainKind: PaidVoiceKind;
}

/**
 * The chain as configured. Without `VOICE_CHAIN`: the kind that speaks `VOICE_MODEL`; `speech` for another
 * server under `VOICE_BASE_URL` and for a model that the catalogue does not know; `realtime`, then `speech`,
 * for another server under `OPENAI_BASE_URL`; else `realtime`.
 *
 * @throws Error whose message begins with the variable's name
 */
export function readVoiceChain(env: Record<string, unknown>): VoiceChain {
  const read = (name: string) => (typeof env[name] === "string" && env[name] !== "" ? env[name] : undefined);
  const [model, baseUrl] = [read("VOICE_MODEL"), read("VOICE_BASE_URL")];
  const use = model === undefined ? undefined : findModel(model)?.use;
  const known = isPaidVoice(use) ? use : undefined;
  const implied = known ?? (model !== undefined || isElsewhere(baseUrl) ? "speech" : "realtime");
  const isPlain = model === undefined && baseUrl === undefined;
  const standard = isPlain && isElsewhere(read("OPENAI_BASE_URL")) ? "realtime,speech" : implied;
  const kinds = parseKinds(read("VOICE_CHAIN") ?? standard);
  const plainKind = known ?? (read("VOICE_CHAIN") ? (kinds.find(isPaidVoice) ?? implied) : implied);
  if (model !== undefined && !kinds.includes(plainKind))
    throw new Error(`VOICE_MODEL: ${model} is a model of ${plainKind}, which VOICE_CHAIN does not contain`);
  const modelOf = (kind: PaidVoiceKind) =>
    read(`${voiceKinds[kind].prefix}MODEL`) ??
    (kind === plainKind ? model : undefined) ??
    defaultModels[kind].model;
  return {
    links: kinds.map((kind) => (isPaidVoice(kind) ? { kind, model: modelOf(kind) } : { kind })),
    plainKind,
  };
}

const isElsewhere = (baseUrl: string | undefined) =>
  baseUrl !== undefined && URL.parse(baseUrl)?.hostname !== openaiHost;

function parseKinds(text: string): VoiceKind[] {
  const kinds = text.split(",").map((kind) => {
    const parsed = VoiceKind.safeParse(kind.trim());
    if (!parsed.success)
      throw new Error(`VOICE_CHAIN: must be a list of ${VoiceKind.options.join(", ")}, separated by commas`);
    return parsed.data;
  });
  if (new Set(kinds).size !== kinds.length) throw new Error("VOICE_CHAIN: must name each kind once");
  if (kinds.slice(0, -1).includes("none"))
    throw new Error("VOICE_CHAIN: none never fails, so it must be the last");
  if (kinds.indexOf("own") > 0)
    throw new Error("VOICE_CHAIN: own must be the first, because its storyboard quotes the recording");
  if (kinds.at(-1) === "own")
    throw new Error("VOICE_CHAIN: own must be followed by a voice for dreams without a recording");
  return kinds;
}
