import { pricePictureUsage } from "../../../contract/prices.ts";
import { Unsure } from "../../errors.ts";
import type { PictureProvider } from "../../runtime/providers.ts";
import type { Ai } from "../ai.ts";
import { faultOfAnswer } from "../read-fault.ts";
import { connect, namePerson } from "./connect.ts";
import { fetchPicture } from "./fetch-picture.ts";
import { translateError } from "./translate-error.ts";

/** A function that buys pictures from this provider by image generation. */
export function createPainter(provider: PictureProvider): Ai["paint"] {
  const picture = connect(provider);
  return async ({ prompt, size, safetyIdentifier }, signal) => {
    const answer = await picture.images
      .generate(
        {
          model: provider.model,
          prompt,
          size,
          n: 1,
          quality: provider.quality,
          output_format: "png",
          ...namePerson(provider, safetyIdentifier),
        },
        { signal },
      )
      .catch((error) => {
        throw translateError("picture", error, signal);
      });
    const fault = faultOfAnswer("picture", answer);
    if (fault) throw fault;
    const value = await readPicture(answer.data?.[0], provider.baseUrl, signal);
    return {
      value,
      requestId: answer._request_id ?? null,
      costMicroUsd: pricePictureUsage(provider, answer.usage),
    };
  };
}

/**
 * Servers answer with base64, with base64 behind a `data:` prefix, or with an address (LocalAI's default).
 */
async function readPicture(
  picture: { b64_json?: string | null; url?: string | null } | undefined,
  baseUrl: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const inline = picture?.b64_json || (picture?.url?.startsWith("data:") ? picture.url : null);
  if (inline) return Buffer.from(inline.replace(/^data:[^,]*,/, ""), "base64");
  if (picture?.url) return fetchPicture(picture.url, baseUrl, signal);
  // An answer with an empty picture is an answer: it is paid, and the decoder says that it is of no use.
  if (picture?.b64_json === "") return new Uint8Array();
  throw new Unsure("openai.malformed", "The picture model's answer had no picture", {
    aiFault: "unreadable",
  });
}
