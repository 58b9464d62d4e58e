import { readFile } from "node:fs/promises";
import { APIError, toFile } from "openai";
import type { PictureProvider } from "../../runtime/providers.ts";
import { type Ai, NoReferences } from "../ai.ts";
import { missingStatuses } from "../vendor-faults.ts";
import { connect } from "./connect.ts";
import { pictureParameters } from "./paint.ts";
import { readPictureAnswer } from "./read-picture-answer.ts";
import { translateError } from "./translate-error.ts";

/**
 * A function that buys pictures from this provider by an edit of reference pictures. `input_fidelity` is left
 * out: models that always are faithful refuse it.
 *
 * @source developers.openai.com/api/docs/guides/image-generation, "Edit images": up to 16 pictures, each
 * below 50 MB
 */
export function createEditor(provider: PictureProvider): Ai["edit"] {
  const client = connect(provider);
  return async ({ references, ...request }, signal) => {
    const image = await Promise.all(references.map(openReference));
    const answer = await client.images
      .edit({ ...pictureParameters(provider, request), image }, { signal })
      .catch((error) => {
        throw lacksEdits(error) ? new NoReferences(error) : translateError("picture", error, signal);
      });
    return readPictureAnswer(answer, provider, signal);
  };
}

/** @source the first bytes of PNG, JPEG and WebP files */
async function openReference(path: string, index: number) {
  const bytes = await readFile(path);
  const type = bytes[0] === 0xff ? "jpeg" : bytes[0] === 0x52 ? "webp" : "png";
  return toFile(bytes, `reference-${index + 1}.${type}`, { type: `image/${type}` });
}

/** The server has no such endpoint, or its model takes no reference pictures. No call was made. */
const lacksEdits = (error: unknown) =>
  error instanceof APIError &&
  (missingStatuses.has(error.status ?? 0) || (error.status === 400 && error.param === "model"));
