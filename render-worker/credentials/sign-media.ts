/**
 * Signs C2PA content credentials into finished media: the mark that says, to machines, that they were made
 * by AI (EU AI Act, article 50(2)).
 *
 * A film is worth more than its mark, so nothing here fails a film: where the signing library is not
 * installed, and when it fails or hangs, the media stay as they are and the caller is told.
 */
import { constants, sign } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Logger } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { SigningIdentity } from "../runtime/signing-identity.ts";
import { describeMedia, type MarkedFile, mediaType, type Origin } from "./describe-media.ts";

type Library = Pick<typeof import("@contentauth/c2pa-node"), "Builder">;
type Sign = Parameters<InstanceType<Library["Builder"]>["signConfigAsync"]>;
type Source = Sign[2];
type Target = Sign[3];

/** `unavailable`: this machine has no library. `failed`: the library refused, failed or took too long. */
export type Marking = "signed" | "unavailable" | "failed";

/** Marks `source`, a finished file, by writing its signed copy to `to`. Never rejects. */
export type MarkMedia = (file: MarkedFile, origin: Origin, source: string, to: string) => Promise<Marking>;

interface MarkPorts {
  identity: SigningIdentity;
  metrics: Pick<Metrics, "marked">;
  log: Pick<Logger, "warn">;
  /** @throws if the library is not installed or is built for another platform */
  load?: () => Promise<Library>;
  timeoutMs?: number;
}

/** A film of 12 MB takes 60 ms of CPU time. */
const defaultTimeoutMs = 30_000;

/** Reads the file back after signing, adds no thumbnail, and asks the network for nothing. */
const settings = {
  builder: { thumbnail: { enabled: false } },
  verify: { verify_after_sign: true, remote_manifest_fetch: false, ocsp_fetch: false },
};

/** Why the library signs nothing with this identity; null if it does, or if this machine has no library. */
export async function findSigningFault(identity: SigningIdentity): Promise<string | null> {
  const library = await loadLibrary().catch(() => null);
  if (library === null) return null;
  const empty = {
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
    mimeType: "image/svg+xml",
  };
  const manifest = describeMedia("poster", {
    models: { text: [], picture: [], voice: [] },
    hasOtherParts: false,
  });
  return signAsset(library, identity, manifest, empty, { buffer: null }).then(
    () => null,
    (error: unknown) =>
      `the signing library refuses it (${error instanceof Error ? error.message : error}); it needs the key usage digital signature, the extended key usage email protection or document signing, and key identifiers`,
  );
}

/** The signing library, loaded on the first call. @throws if this machine has none that runs */
export async function loadLibrary(): Promise<typeof import("@contentauth/c2pa-node")> {
  const library = await import("@contentauth/c2pa-node");
  // The package loads its binary on the first use of it.
  library.Builder.withJson({});
  return library;
}

/** Marks media with this identity. Each reason for unmarked media is logged once. */
export function createMarker({ identity, metrics, log, ...options }: MarkPorts): MarkMedia {
  const { load = loadLibrary, timeoutMs = defaultTimeoutMs } = options;
  const loggedReasons = new Set<Marking>();
  let library: Promise<Library> | undefined;
  return async (file, origin, source, to) => {
    const marking = await mark(file, origin, source, to);
    metrics.marked(file, marking);
    return marking;
  };

  async function mark(file: MarkedFile, origin: Origin, source: string, to: string): Promise<Marking> {
    library ??= load();
    const loaded = await library.catch((error: unknown) => report("unavailable", error));
    if (typeof loaded === "string") return loaded;
    const ended = new AbortController();
    try {
      const from = { path: source, mimeType: mediaType(file) };
      const signing = signAsset(loaded, identity, describeMedia(file, origin), from, { path: to });
      await Promise.race([signing, rejectLate(timeoutMs, ended.signal)]);
      return "signed";
    } catch (error) {
      return report("failed", error);
    } finally {
      ended.abort();
    }
  }

  function report(marking: Exclude<Marking, "signed">, error: unknown): Marking {
    if (!loggedReasons.has(marking)) log.warn({ error }, `credentials.${marking}`);
    loggedReasons.add(marking);
    return marking;
  }
}

async function rejectLate(ms: number, signal: AbortSignal): Promise<never> {
  await sleep(ms, null, { signal, ref: false });
  throw new Error(`signing took longer than ${ms} ms`);
}

/** Runs on the library's own threads. */
const signAsset = (
  library: Library,
  identity: SigningIdentity,
  manifest: object,
  source: Source,
  target: Target,
): Promise<Buffer> =>
  library.Builder.withJson(manifest, settings).signConfigAsync(
    signWith(identity),
    {
      alg: identity.algorithm,
      certs: [Buffer.from(identity.certificates)],
      // Room for the certificates, the signature and what surrounds them.
      reserveSize: identity.certificates.length + 1_024,
      directCoseHandling: false,
    },
    source,
    target,
  );

/**
 * Signs on Node's thread pool; the key does not leave Node.
 *
 * @source RFC 9053, section 2, "Signature Algorithms"
 */
function signWith({ key, algorithm }: SigningIdentity): (data: Buffer) => Promise<Buffer> {
  const hash = algorithm === "ed25519" ? null : `sha${algorithm.slice(2)}`;
  const options = {
    key,
    ...(algorithm.startsWith("es") ? { dsaEncoding: "ieee-p1363" as const } : {}),
    ...(algorithm.startsWith("ps")
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : {}),
  };
  return (data) => promisify(sign)(hash, data, options);
}
