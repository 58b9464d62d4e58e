/** Reads the picture, its cost and its fault from an answer of the images API. */
import type { ImagesResponse } from "openai/resources/images";
import { pricePictureUsage } from "../../../contract/prices.ts";
import { Unsure } from "../../errors.ts";
import type { PictureProvider } from "../../runtime/providers.ts";
import type { PricedResult } from "../ai.ts";
import { faultOfAnswer } from "../read-fault.ts";
import { fetchPicture } from "./fetch-picture.ts";

/**
 * The picture of the answer, with its price.
 *
 * @throws CodedError for an answer that reports a fault or holds no picture
 */
export async function readPictureAnswer(
  answer: ImagesResponse & { _request_id?: string | null },
  provider: PictureProvider,
  signal: AbortSignal,
): Promise<PricedResult<Uint8Array>> {
  const fault = faultOfAnswer("picture", answer);
  if (fault) throw fault;
  return {
    value: await readPicture(answer.data?.[0], provider.baseUrl, signal),
    requestId: answer._request_id ?? null,
    costMicroUsd: pricePictureUsage(provider, answer.usage),
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
