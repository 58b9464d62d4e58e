import { describe, expect, it } from "vitest";
import { type Env, readSecrets } from "./env.ts";

const right = {
  CALLBACK_SECRETS: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  PLAYBACK_SECRET: "p".repeat(32),
  ADMIN_KEY: "a".repeat(16),
};
const read = (changed: Partial<Record<keyof typeof right, string | undefined>>) =>
  readSecrets({ ...right, ...changed } as Env);

describe("readSecrets", () => {
  it("takes one secret or several", () => {
    expect(read({})).toEqual({
      callback: [right.CALLBACK_SECRETS],
      playback: [right.PLAYBACK_SECRET],
      admin: right.ADMIN_KEY,
    });
    const two = `${right.CALLBACK_SECRETS}  whsec_${"B".repeat(86)}== `;
    expect(read({ CALLBACK_SECRETS: two }).callback).toHaveLength(2);
    expect(read({ PLAYBACK_SECRET: `${"n".repeat(32)} ${"o".repeat(40)}` }).playback[0]).toMatch(/^n/);
  });

  it.each([
    ["CALLBACK_SECRETS", undefined],
    ["CALLBACK_SECRETS", ""],
    ["CALLBACK_SECRETS", "whsec_short"],
    ["CALLBACK_SECRETS", right.CALLBACK_SECRETS.slice(6)],
    ["CALLBACK_SECRETS", `${right.CALLBACK_SECRETS} whsec_`],
    ["PLAYBACK_SECRET", undefined],
    ["PLAYBACK_SECRET", " "],
    ["PLAYBACK_SECRET", "p".repeat(31)],
    ["PLAYBACK_SECRET", `${right.PLAYBACK_SECRET} old`],
    ["ADMIN_KEY", undefined],
    ["ADMIN_KEY", "a".repeat(15)],
  ])("names %s where it is %j, and not what it holds", (name, value) => {
    const refusal = expect.objectContaining({
      code: "setup.incomplete",
      options: { detail: expect.stringContaining(name) },
    });
    expect(() => read({ [name]: value })).toThrow(refusal);
    try {
      read({ [name]: value });
    } catch (error) {
      if (value?.trim()) expect(JSON.stringify(error)).not.toContain(value);
    }
  });
});
