import { describe, expect, it } from "vitest";
import { makeLocalIdentity } from "../render-worker/credentials/make-local-identity.ts";
import { parseSigningIdentity } from "../render-worker/runtime/signing-identity.ts";
import { readSigningSecrets } from "./collect-secrets.ts";
import type { Found } from "./found.ts";
import { assertRenewable, decideSecrets, listMissingSecrets } from "./secrets.ts";

const blueprint = { edgeSecrets: ["CALLBACK_SECRETS", "PLAYBACK_SECRET", "ADMIN_KEY"] };
const given = {
  OPENAI_API_KEY: "openai",
  CLOUDFLARE_API_TOKEN: "token",
  S3_ACCESS_KEY_ID: "id",
  S3_SECRET_ACCESS_KEY: "key",
};

describe("decideSecrets", () => {
  it("gives both sides the same callback secret when neither has one", () => {
    const { edge, app, kept } = decide(null, null, {});
    expect(edge.CALLBACK_SECRETS).toBe("whsec_1");
    expect(app).toEqual({ CALLBACK_SECRET: "whsec_1", ...given });
    expect(kept).toMatchObject({ CALLBACK_SECRET: "whsec_1", ADMIN_KEY: edge.ADMIN_KEY });
  });

  it("gives the stored callback secret to the side that lacks it", () => {
    const kept = { CALLBACK_SECRET: "whsec_old", PLAYBACK_SECRET: "p", ADMIN_KEY: "a" };
    const decided = decide(blueprint.edgeSecrets, [], kept);
    expect(decided.edge).toEqual({ S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "key" });
    expect(decided.app.CALLBACK_SECRET).toBe("whsec_old");
    expect(decided.kept).toEqual({ ...kept, S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "key" });
  });

  it("makes a new callback secret for both sides when one lacks it and none is stored", () => {
    const { edge, app } = decide(blueprint.edgeSecrets, ["OPENAI_API_KEY"], {});
    expect(edge).toMatchObject({ CALLBACK_SECRETS: "whsec_1" });
    expect(app.CALLBACK_SECRET).toBe("whsec_1");
    expect(app.OPENAI_API_KEY).toBeUndefined();
  });

  it("changes nothing when both sides have all secrets", () => {
    const decided = decide(blueprint.edgeSecrets, ["CALLBACK_SECRET", ...Object.keys(given)], {});
    expect(decided).toEqual({ edge: {}, app: {}, edgeAfterwards: {}, kept: {} });
  });

  it("keeps addresses alive that were signed before the playback secret was renewed", () => {
    const all = ["CALLBACK_SECRET", ...Object.keys(given)];
    const { edge, kept } = decide(blueprint.edgeSecrets, all, { PLAYBACK_SECRET: "old" }, [
      "PLAYBACK_SECRET",
    ]);
    expect(edge).toEqual({ PLAYBACK_SECRET: "token_1 old" });
    expect(kept.PLAYBACK_SECRET).toBe("token_1");
  });

  it("gives the edge the workers' key of the bucket, once and when it is renewed", () => {
    const kept = { S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "key" };
    const all = ["CALLBACK_SECRET", ...Object.keys(given)];
    expect(decide([...blueprint.edgeSecrets], all, kept).edge).toEqual(kept);
    expect(decide([...blueprint.edgeSecrets, ...Object.keys(kept)], all, kept).edge).toEqual({});
  });

  it("plans the edge's key of the bucket before the operator has given it", () => {
    const random = { webhook: () => "whsec_1", token: () => "token_1" };
    const { edge } = decideSecrets(
      blueprint,
      { worker: null, app: null },
      { given: {}, kept: {}, renew: [], random },
    );
    expect(Object.keys(edge)).toEqual(expect.arrayContaining(["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"]));
  });

  it("asks again for a secret that --renew names", () => {
    const found = { app: { secrets: [{ name: "OPENAI_API_KEY", deployed: true }], machines: [] } };
    expect(listMissingSecrets(found, [])).not.toContain("OPENAI_API_KEY");
    expect(listMissingSecrets(found, ["OPENAI_API_KEY"])).toContain("OPENAI_API_KEY");
  });

  it("renews both halves of R2's key together, and not with the queues' token", () => {
    const secrets = Object.keys(given).map((name) => ({ name, deployed: true }));
    const renewed = (name: string) => listMissingSecrets({ app: { secrets, machines: [] } }, [name]);
    expect(renewed("S3_ACCESS_KEY_ID")).toEqual(["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"]);
    expect(renewed("CLOUDFLARE_API_TOKEN")).toEqual(["CLOUDFLARE_API_TOKEN"]);
  });

  it("refuses to renew an unknown secret", () => {
    expect(() => assertRenewable(["CALLBACK_SECRET", "ADMIN_KEY"], blueprint, null)).not.toThrow();
    expect(() => assertRenewable(["ADMIN_KYE"], blueprint, null)).toThrow(
      "--renew ADMIN_KYE: there is no such secret",
    );
  });
});

describe("C2PA_CERT and C2PA_KEY", () => {
  const { certificates, key } = makeLocalIdentity(Date.now());
  const env = { C2PA_CERT: certificates, C2PA_KEY: key.export({ type: "pkcs8", format: "pem" }) as string };
  const signing = readSigningSecrets(env, Date.now());
  const set = (there: string[], renew: string[] = []) => {
    const app = { secrets: there.map((name) => ({ name, deployed: true })), machines: [] };
    const random = { webhook: () => "whsec_1", token: () => "token_1" };
    const available = { given, signing, kept: {}, renew, random };
    return Object.keys(decideSecrets(blueprint, { worker: null, app }, available).app).filter((name) =>
      name.startsWith("C2PA_"),
    );
  };

  it("are one line each, as `flyctl secrets import` needs them, and a worker reads them", () => {
    for (const value of Object.values(signing ?? {})) expect(value).not.toContain("\n");
    expect(parseSigningIdentity({ ...signing }, Date.now())?.certificates).toBe(certificates);
  });

  it("are set where the pool lacks one of them, and again when one is renewed", () => {
    const both = ["C2PA_CERT", "C2PA_KEY"];
    expect(set([])).toEqual(both);
    expect(set(["C2PA_CERT"])).toEqual(both);
    expect(set(both)).toEqual([]);
    expect(set(both, ["C2PA_KEY"])).toEqual(both);
    expect(() => assertRenewable(["C2PA_KEY"], blueprint, signing)).not.toThrow();
    expect(() => assertRenewable(["C2PA_KEY"], blueprint, null)).toThrow("in the environment");
  });

  it("are optional, and refused if a worker would refuse them", () => {
    expect(readSigningSecrets({}, Date.now())).toBeNull();
    expect(() => readSigningSecrets({ C2PA_CERT: certificates }, Date.now())).toThrow("C2PA_KEY: set it");
    expect(() => readSigningSecrets({ ...env, C2PA_CERT: "x" }, Date.now())).toThrow("C2PA_CERT: is no PEM");
  });
});

function decide(
  onEdge: string[] | null,
  onApp: string[] | null,
  kept: Record<string, string>,
  renew: string[] = [],
) {
  let count = 0;
  const found: Pick<Found, "worker" | "app"> = {
    worker: onEdge && { secrets: onEdge, version: null },
    app: onApp && { secrets: onApp.map((name) => ({ name, deployed: true })), machines: [] },
  };
  const random = { webhook: () => `whsec_${++count}`, token: () => `token_${++count}` };
  // The shared secret is made last; its number is of no interest.
  const fixed = { ...random, webhook: () => "whsec_1" };
  return decideSecrets(blueprint, found, { given, kept, renew, random: fixed });
}
