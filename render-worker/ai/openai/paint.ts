import type { PictureProvider } from "../../runtime/providers.ts";
import type { Ai, PictureRequest } from "../ai.ts";
import { connect, namePerson } from "./connect.ts";
import { readPictureAnswer } from "./read-picture-answer.ts";
import { translateError } from "./translate-error.ts";

/** A function that buys pictures from this provider by image generation. */
export function createPainter(provider: PictureProvider): Ai["paint"] {
  const client = connect(provider);
  return async (request, signal) => {
    const answer = await client.images
      .generate(pictureParameters(provider, request), { signal })
      .catch((error) => {
        throw translateError("picture", error, signal);
      });
    return readPictureAnswer(answer, provider, signal);
  };
}

/** What generation and edits have in common. */
export const pictureParameters = (
  provider: PictureProvider,
  { prompt, size, quality, safetyIdentifier }: PictureRequest,
) =>
  ({
    model: provider.model,
    prompt,
    size,
    n: 1,
    quality: quality ?? provider.quality,
    output_format: "png",
    ...namePerson(provider, safetyIdentifier),
  }) as const;
