/** The key and the certificates that sign the content credentials of films. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { z } from "zod";
import { ConfigError, type Environment, parseSection } from "./environment.ts";

/** @source C2PA specification 2.2, section 13.2.1, "Signature algorithms" */
export type SigningAlgorithm = "es256" | "es384" | "es512" | "ps256" | "ed25519";

export interface SigningIdentity {
  /** In PEM: the signer's certificate, then those of its CAs. */
  certificates: string;
  key: KeyObject;
  algorithm: SigningAlgorithm;
  /** Made by this process: readers do not know the signer. */
  isLocal: boolean;
  /** When the first of the certificates ends. */
  expiresAtMs: number;
}

/**
 * The configured identity, or null if there is none. PEM text may have `\n` for its line ends.
 *
 * @throws ConfigError naming C2PA_CERT or C2PA_KEY, never with a value
 */
export function parseSigningIdentity(env: Environment, nowMs: number): SigningIdentity | null {
  const given = parseSection(env, "C2PA_", { CERT: z.string().optional(), KEY: z.string().optional() });
  if (given.CERT === undefined && given.KEY === undefined) return null;
  if (given.CERT === undefined) throw new ConfigError("C2PA_CERT: set it with C2PA_KEY");
  if (given.KEY === undefined) throw new ConfigError("C2PA_KEY: set it with C2PA_CERT");
  const chain = readChain(unfold(given.CERT));
  const key = readKey(unfold(given.KEY));
  const fault = findFault(chain, nowMs);
  if (fault !== null) throw new ConfigError(`C2PA_CERT: ${fault}`);
  if (!(chain[0] as X509Certificate).checkPrivateKey(key))
    throw new ConfigError("C2PA_KEY: is not the key of the first certificate of C2PA_CERT");
  return {
    certificates: chain.map(String).join(""),
    key,
    algorithm: algorithmOf(key),
    isLocal: false,
    expiresAtMs: Math.min(...chain.map(({ validToDate }) => validToDate.getTime())),
  };
}

const unfold = (pem: string) => pem.replaceAll("\\n", "\n");

function readChain(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new ConfigError("C2PA_CERT: is no PEM certificate");
  }
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ConfigError("C2PA_KEY: is no PEM private key without a passphrase");
  }
}

/** What is wrong with the chain as a chain. The signing library checks what each certificate is for. */
function findFault(chain: readonly X509Certificate[], nowMs: number): string | null {
  const [signer, issuer] = chain;
  if (!signer) return "is no PEM certificate";
  if (!issuer) return "needs the certificate of the CA too, after the signer's";
  for (const [index, certificate] of chain.entries()) {
    const which = `certificate ${index + 1}`;
    if (certificate.validToDate.getTime() <= nowMs)
      return `${which} ended on ${certificate.validToDate.toISOString().slice(0, 10)}`;
    if (certificate.validFromDate.getTime() > nowMs)
      return `${which} begins on ${certificate.validFromDate.toISOString().slice(0, 10)}`;
    const above = chain[index + 1];
    if (above && !(certificate.checkIssued(above) && certificate.verify(above.publicKey)))
      return `${which} was not issued by the one after it`;
  }
  return null;
}

function algorithmOf(key: KeyObject): SigningAlgorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const curves = { prime256v1: "es256", secp384r1: "es384", secp521r1: "es512" } as const;
  const curve = details?.namedCurve as keyof typeof curves;
  if (type === "ed25519") return "ed25519";
  if (type === "ec" && curve in curves) return curves[curve];
  if ((type === "rsa" || type === "rsa-pss") && (details?.modulusLength ?? 0) >= 2048) return "ps256";
  throw new ConfigError("C2PA_KEY: must be an EC key (P-256, P-384, P-521), Ed25519, or RSA of 2,048 bits");
}
