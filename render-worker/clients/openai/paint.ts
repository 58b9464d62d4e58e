import { priceTokens } from "../../../contract/prices.ts";
import { Unsure } from "../../errors.ts";
import type { PictureProvider } from "../../providers.ts";
import type { Ai } from "../openai.ts";
import { connect } from "./connect.ts";
import { translateError } from "./translate-error.ts";

/** Buys pictures by image generation. */
export function createPainter(provider: PictureProvider): Ai["paint"] {
  const picture = connect(provider);
  return async ({ prompt, size }, signal) => {
    const answer = await picture.images
      .generate(
        {
          model: provider.model,
          prompt,
          size,
          n: 1,
          quality: provider.quality,
          output_format: "png",
        },
        { signal },
      )
      .catch((error) => {
        throw translateError(error, signal);
      });
    const encoded = answer.data?.[0]?.b64_json;
    if (!encoded) throw new Unsure("openai.malformed", "The picture model answered without a picture");
    return {
      value: Buffer.from(encoded, "base64"),
      requestId: answer._request_id ?? null,
      costMicroUsd: priceTokens(provider, answer.usage?.input_tokens ?? 0, answer.usage?.output_tokens ?? 0),
    };
  };
}
