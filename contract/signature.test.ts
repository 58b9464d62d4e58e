import { describe, expect, it } from "vitest";
import { type SignatureHeaders, signMessage, verifyMessage } from "./signature.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const now = 1614265330;
const body = '{"test": 2432232314}';
const vector = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

const verify = (headers: Partial<SignatureHeaders>, text = body, secrets = [secret], at = now) =>
  verifyMessage(secrets, (name) => headers[name], text, at);

describe("signature", () => {
  const signed = signMessage(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", now, body);

  it("makes the signature of the specification's own example", () => {
    expect(signed["webhook-signature"]).toBe(vector);
  });

  it("accepts its own signature, also among others and after a rotation", () => {
    const id = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek" };
    expect(verify(signed)).toEqual(id);
    expect(verify({ ...signed, "webhook-signature": `v1,AAAA ${vector} v1a,x` })).toEqual(id);
    expect(verify(signed, body, [other, secret])).toEqual(id);
  });

  it.each([
    ["another key", signed, body, [other]],
    ["a changed body", signed, `${body} `, [secret]],
    ["re-serialised JSON", signed, '{"test":2432232314}', [secret]],
    ["another id", { ...signed, "webhook-id": "msg_other" }, body, [secret]],
    ["an id with a dot", { ...signed, "webhook-id": "msg.1" }, body, [secret]],
    ["an empty signature", { ...signed, "webhook-signature": "v1," }, body, [secret]],
    ["a cut signature", { ...signed, "webhook-signature": vector.slice(0, -2) }, body, [secret]],
    ["another version", { ...signed, "webhook-signature": vector.replace("v1,", "v2,") }, body, [secret]],
  ])("refuses %s", (_, headers, text, secrets) => {
    expect(verify(headers, text, secrets)).toEqual({ fault: "signature.invalid" });
  });

  it.each([
    "-5",
    "123abc",
    "1e9",
    "1614265330.5",
    "99999999999999999999",
    String(now - 301),
    String(now + 301),
  ])("refuses the time %s", (timestamp) => {
    expect(verify({ ...signed, "webhook-timestamp": timestamp })).toEqual({ fault: "signature.stale" });
  });

  it.each(["webhook-id", "webhook-timestamp", "webhook-signature"] as const)(
    "refuses a missing %s",
    (name) => {
      expect(verify({ ...signed, [name]: undefined })).toEqual({ fault: "signature.missing" });
    },
  );
});
