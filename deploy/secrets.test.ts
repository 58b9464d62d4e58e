import { describe, expect, it } from "vitest";
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
    expect(() => assertRenewable(["CALLBACK_SECRET", "ADMIN_KEY"], blueprint)).not.toThrow();
    expect(() => assertRenewable(["ADMIN_KYE"], blueprint)).toThrow(
      "--renew ADMIN_KYE: there is no such secret",
    );
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
