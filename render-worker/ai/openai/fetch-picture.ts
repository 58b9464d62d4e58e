/**
 * Fetches a picture from the address that a provider answered with. The address is untrusted: it must lead to
 * the public internet over https, or to the provider's own origin, which the operator configured and which
 * may be private.
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
import { configurationError } from "../classify-fault.ts";

/** The worker must not connect to this address. */
class Forbidden extends Error {}

/** The picture is paid for, and fetching it again costs nothing. */
const fetchPolicy: RetryPolicy = { tries: 3, baseDelayMs: 500, maxDelayMs: 2_000 };

/**
 * The picture's bytes. Redirects are not followed.
 *
 * @throws Rejected `picture.answer_unusable` if the address is forbidden: the next picture's address would be
 *   no better
 * @throws Unsure if the picture cannot be fetched
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
  if (!looksLikePicture(picture)) throw new Error("the answer is no picture");
  return picture;
}

/** A host name passes here and is checked when it is resolved. */
function mayBePublic({ protocol, hostname }: URL): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return protocol === "https:" && (isIP(bare) === 0 || isPublicAddress(bare));
}

/** Connects to the address that was checked, so a second DNS answer cannot lead elsewhere. */
const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, "");
    if (!addresses.every(({ address }) => isPublicAddress(address))) return done(new Forbidden(), "");
    if (options.all) return done(null, addresses);
    const [first] = addresses;
    return done(null, first?.address ?? "", first?.family);
  });
};
