/// <reference path="../render-worker/credentials/c2pa-node.d.ts" />
/** Reads content credentials with the official reader. */
import { Reader } from "@contentauth/c2pa-node";

export interface ReadCredentials {
  /** `Trusted`: valid, and its signer's CA is one of `anchors`. `Valid`: the signer is unknown. */
  state: "Valid" | "Trusted" | "Invalid";
  /** Why it is not trusted, or not valid. */
  codes: string[];
  manifest: { title: string; [more: string]: unknown };
}

/** The credentials of a film, preview or poster; null if it has none. `anchors`: PEM of the trusted CAs. */
export async function readCredentials(
  buffer: Buffer,
  mimeType: "video/mp4" | "image/jpeg",
  anchors?: string,
): Promise<ReadCredentials | null> {
  const settings = anchors ? { trust: { trust_anchors: anchors }, verify: { verify_trust: true } } : {};
  // The reader rejects media without credentials.
  const reader = await Reader.fromAsset({ buffer, mimeType }, settings).catch((error: unknown) => {
    if (/no JUMBF data/.test(String(error))) return null;
    throw error;
  });
  if (!reader) return null;
  const { validation_state, validation_status = [], active_manifest, manifests } = reader.json();
  return {
    state: validation_state,
    codes: validation_status.map(({ code }) => code),
    manifest: manifests[active_manifest] as ReadCredentials["manifest"],
  };
}
