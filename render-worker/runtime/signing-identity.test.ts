import { describe, expect, it } from "vitest";
import { makeLocalIdentity } from "../credentials/make-local-identity.ts";
import { ConfigError } from "./environment.ts";
import { parseSigningIdentity } from "./signing-identity.ts";

const nowMs = Date.now();
const yearMs = 365 * 24 * 3_600_000;
const { certificates, key } = makeLocalIdentity(nowMs);
const pem = toPem(key);
const [leaf = "", root = ""] = certificates.split(/(?<=END CERTIFICATE-----\n)/);

describe("C2PA_CERT and C2PA_KEY", () => {
  it("give the identity that signs, from PEM with line ends or with \\n", () => {
    const read = parseSigningIdentity({ C2PA_CERT: certificates, C2PA_KEY: pem }, nowMs);
    expect(read).toMatchObject({ certificates, algorithm: "es256", isLocal: false });
    expect(read?.expiresAtMs).toBeGreaterThan(nowMs + 9 * yearMs);
    const fold = (text: string) => text.replaceAll("\n", "\\n");
    const folded = parseSigningIdentity({ C2PA_CERT: fold(certificates), C2PA_KEY: fold(pem) }, nowMs);
    expect(folded?.certificates).toBe(certificates);
  });

  it("may both be absent", () => {
    expect(parseSigningIdentity({ C2PA_CERT: "", C2PA_KEY: "" }, nowMs)).toBeNull();
  });

  it.each([
    ["one is missing", { C2PA_KEY: "" }, /^C2PA_KEY: set it with C2PA_CERT$/],
    ["the other is missing", { C2PA_CERT: "" }, /^C2PA_CERT: set it with C2PA_KEY$/],
    ["the certificate is none", { C2PA_CERT: "MIIB" }, /^C2PA_CERT: is no PEM certificate$/],
    ["the certificate is damaged", { C2PA_CERT: damage(certificates) }, /^C2PA_CERT: is no PEM certificate$/],
    ["the key is none", { C2PA_KEY: certificates }, /^C2PA_KEY: is no PEM private key/],
    [
      "the key is another's",
      { C2PA_KEY: toPem(makeLocalIdentity(nowMs).key) },
      /^C2PA_KEY: is not the key of/,
    ],
    ["the CA is missing", { C2PA_CERT: leaf }, /^C2PA_CERT: needs the certificate of the CA too/],
    ["the order is wrong", { C2PA_CERT: root + leaf }, /^C2PA_CERT: certificate 1 was not issued by the one/],
  ])("are refused if %s", (_, wrong, message) => {
    expect(() => parseSigningIdentity({ C2PA_CERT: certificates, C2PA_KEY: pem, ...wrong }, nowMs)).toThrow(
      expect.objectContaining({ constructor: ConfigError, message: expect.stringMatching(message) }),
    );
  });

  it("are refused after the certificate's end, and before its beginning", () => {
    const at = (ms: number) => () => parseSigningIdentity({ C2PA_CERT: certificates, C2PA_KEY: pem }, ms);
    expect(at(nowMs + 11 * yearMs)).toThrow(/^C2PA_CERT: certificate 1 ended on \d{4}-\d\d-\d\d$/);
    expect(at(nowMs - yearMs)).toThrow(/^C2PA_CERT: certificate 1 begins on \d{4}-\d\d-\d\d$/);
  });

  it("are never shown: not in a refusal, and not by a log of the identity", () => {
    const secret = pem.split("\n")[1] as string;
    expect(
      JSON.stringify(parseSigningIdentity({ C2PA_CERT: certificates, C2PA_KEY: pem }, nowMs)),
    ).not.toContain(secret);
    expect(() => parseSigningIdentity({ C2PA_CERT: leaf, C2PA_KEY: pem }, nowMs)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    );
  });
});

function toPem(privateKey: typeof key): string {
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

function damage(text: string): string {
  return text.replace(/MII/, "AAA");
}
