/**
 * Fetches a picture that a provider answered with the address of. The address comes from outside, so it leads to the
 * public internet over https, or to the provider's own origin, which the operator configured and which may be private.
 */
import { lookup } from "node:dns";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "../../../contract/public-address.ts";
import { linkedPictureLimits, type TransferLimits } from "../../clients/transfer/limits.ts";
import { countBytes, type TransferWatch, withinLimits } from "../../clients/transfer/watch-transfer.ts";
import { Unsure } from "../../errors.ts";
import { type RetryPolicy, retryTransient } from "../../flow/retry.ts";
import { looksLikePicture } from "../../media/untrusted-input.ts";
import { configurationError } from "./classify-fault.ts";

/** The address leads to where the worker must not ask. */
class Forbidden extends Error {}

/** The picture is paid already, and asking for its bytes again costs nothing. */
const fetchPolicy: RetryPolicy = { tries: 3, baseDelayMs: 500, maxDelayMs: 2_000 };

/**
 * The picture's bytes. Redirects are not followed.
 * @throws Rejected `picture.answer_unusable` where the address may not be asked: the next picture's would be no better.
 * @throws Unsure where it can not be had
 */
export async function fetchPicture(
  url: string,
  baseUrl: string,
  signal: AbortSignal,
  limits: TransferLimits = linkedPictureLimits,
): Promise<Uint8Array> {
  const own = new URL(baseUrl);
  const address = URL.parse(url, own.href);
  const unusable = (cause: unknown) => configurationError("picture", "answer_unusable", cause);
  const isOwn = address?.origin === own.origin;
  if (address === null || (!isOwn && !mayBePublic(address))) throw unusable(new Forbidden());
  return retryTransient(fetchPolicy, signal, () =>
    withinLimits(limits, signal, (watch) => download(address, isOwn, watch)).catch((cause) => {
      signal.throwIfAborted();
      if (cause instanceof Forbidden) throw unusable(cause);
      throw new Unsure("openai.picture_lost", "A bought picture could not be fetched", {
        cause,
        aiFault: "unreadable",
      });
    }),
  );
}

async function download(address: URL, isOwn: boolean, watch: TransferWatch): Promise<Uint8Array> {
  const request = address.protocol === "https:" ? requestHttps : requestHttp;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const { signal } = watch;
    request(address, { signal, agent: false, ...(isOwn ? {} : { lookup: lookupPublic }) })
      .once("response", resolve)
      .once("error", reject)
      .end();
  });
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`status ${response.statusCode}`);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of countBytes(response, watch)) chunks.push(chunk);
  const picture = Buffer.concat(chunks);
  if (!looksLikePicture(picture)) throw new Error("no picture");
  return picture;
}

/** A host name is looked at again when it is looked up. */
function mayBePublic({ protocol, hostname }: URL): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return protocol === "https:" && (isIP(bare) === 0 || isPublicAddress(bare));
}

/** The connection goes to the very address that was looked at: DNS can not answer otherwise the second time. */
const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, "");
    if (!addresses.every(({ address }) => isPublicAddress(address))) return done(new Forbidden(), "");
    if (options.all) return done(null, addresses);
    const [first] = addresses;
    return done(null, first?.address ?? "", first?.family);
  });
};
