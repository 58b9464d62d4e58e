/** The client of each kind of voice. A kind of contract/voice-kinds.ts without an entry is a type error. */
import type { PaidVoiceKind } from "../../../contract/voice-kinds.ts";
import type { PaidVoiceProvider } from "../../runtime/providers.ts";
import type { Speaker } from "../ai.ts";
import { realtime } from "./realtime.ts";
import { speech } from "./speech.ts";
import type { VoiceClient } from "./voice-client.ts";

const clients: { [K in PaidVoiceKind]: VoiceClient<K> } = { realtime, speech };

/**
 * The client of this kind. The caller gives it a provider of the same kind, which TypeScript does not see.
 */
export const voiceClients = clients as Record<PaidVoiceKind, VoiceClient<PaidVoiceKind>>;

/** A function that buys speech from this provider. */
export const createVoice = (provider: PaidVoiceProvider): Speaker =>
  voiceClients[provider.kind].create(provider);
