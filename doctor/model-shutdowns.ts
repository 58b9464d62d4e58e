/**
 * The dates on which OpenAI ends models that this product can use. Valid for api.openai.com only, because
 * other vendors keep models of the same names.
 *
 * As announced by 2026-11-22.
 * @source developers.openai.com/api/docs/deprecations
 */
export interface Shutdown {
  model: RegExp;
  /** The first day without the model. */
  on: string;
  instead: string;
}

export const shutdowns: readonly Shutdown[] = [
  { model: /^dall-e-[23]$/, on: "2026-05-12", instead: "gpt-image-2.6-flare" },
  { model: /^gpt-image-1$/, on: "2026-10-23", instead: "gpt-image-2.6-flare" },
  {
    model: /^(gpt-image-1-mini|gpt-image-1\.5|chatgpt-image-latest)$/,
    on: "2026-12-01",
    instead: "gpt-image-2.6-flare",
  },
  {
    model: /^(tts-1|tts-1-hd|gpt-4o-mini-tts)(-|$)/,
    on: "2027-01-06",
    instead: "another vendor's /audio/speech under VOICE_BASE_URL (OpenAI ends the endpoint with its models)",
  },
  { model: /^(whisper-1|gpt-4o(-mini)?-transcribe)(-|$)/, on: "2027-02-26", instead: "gpt-transcribe" },
];
