/**
 * A signing identity for a worker without a configured certificate: a certification authority (CA) that
 * exists in memory, issues one certificate and loses its key. Readers find the signature valid and the
 * signer unknown.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import type { SigningIdentity } from "../runtime/signing-identity.ts";
import { bits, identifier, integer, octets, sequence, set, tagged, text, time, yes } from "./der.ts";

const hourMs = 3_600_000;
/** No time stamp proves when a file was signed, so readers accept it until its certificate ends. */
const lifeMs = 10 * 365 * 24 * hourMs;

/** A new key with a certificate of a new local CA. */
export function makeLocalIdentity(nowMs: number): SigningIdentity {
  const [authority, signer] = [makeKeys(), makeKeys()];
  const id = randomBytes(4).toString("hex");
  const issuer = { name: `Dreamreel local CA ${id}`, key: authority };
  const root = issue({ name: issuer.name, publicKey: authority.publicKey, isAuthority: true }, issuer, nowMs);
  const leaf = issue(
    { name: `Dreamreel local signer ${id}`, publicKey: signer.publicKey, isAuthority: false },
    issuer,
    nowMs,
  );
  return {
    certificates: [leaf, root].map(toPem).join(""),
    key: signer.privateKey,
    algorithm: "es256",
    isLocal: true,
    expiresAtMs: nowMs + lifeMs,
  };
}

const makeKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

interface Subject {
  name: string;
  publicKey: KeyObject;
  isAuthority: boolean;
}

/** A certificate in DER. @source RFC 5280, section 4.1 */
function issue(
  subject: Subject,
  issuer: { name: string; key: { publicKey: KeyObject; privateKey: KeyObject } },
  nowMs: number,
): Buffer {
  const algorithm = sequence(identifier("1.2.840.10045.4.3.2"));
  const body = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    nameOf(issuer.name),
    sequence(time(new Date(nowMs - hourMs)), time(new Date(nowMs + lifeMs))),
    nameOf(subject.name),
    subject.publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensionsOf(subject, issuer.key.publicKey))),
  );
  return sequence(body, algorithm, bits(sign("sha256", body, issuer.key.privateKey)));
}

const nameOf = (name: string) =>
  sequence(
    set(sequence(identifier("2.5.4.10"), text("Dreamreel"))),
    set(sequence(identifier("2.5.4.3"), text(name))),
  );

/**
 * What C2PA asks of a signer's certificate and of a CA's.
 *
 * @source C2PA specification 2.2, section 14.5.1, "Certificate profiles"
 */
function extensionsOf({ publicKey, isAuthority }: Subject, issuerKey: KeyObject): Buffer[] {
  const [constraints, usage, subjectKey, issuersKey, purpose] = [
    "2.5.29.19",
    "2.5.29.15",
    "2.5.29.14",
    "2.5.29.35",
    "2.5.29.37",
  ].map(identifier) as [Buffer, Buffer, Buffer, Buffer, Buffer];
  const common = [
    sequence(subjectKey, octets(octets(keyId(publicKey)))),
    sequence(issuersKey, octets(sequence(tagged(0x80, keyId(issuerKey))))),
  ];
  const [keyCertSign, digitalSignature] = [bits(Buffer.of(0x04), 2), bits(Buffer.of(0x80), 7)];
  if (isAuthority)
    return [
      sequence(constraints, yes, octets(sequence(yes, integer(Buffer.of(0))))),
      sequence(usage, yes, octets(keyCertSign)),
      ...common,
    ];
  const documentSigning = identifier("1.3.6.1.5.5.7.3.36");
  return [
    sequence(constraints, yes, octets(sequence())),
    sequence(usage, yes, octets(digitalSignature)),
    sequence(purpose, octets(sequence(documentSigning))),
    ...common,
  ];
}

const keyId = (key: KeyObject) =>
  createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest()
    .subarray(0, 20);

const toPem = (certificate: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replace(/.{64}/g, "$&\n").trim()}\n-----END CERTIFICATE-----\n`;
