import { describe, expect, it } from "vitest";
import { parseConfig } from "./config.ts";
import type { PaidVoiceProvider } from "./providers.ts";

const good = {
  EDGE_URL: "http://localhost:8787",
  CALLBACK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  CLOUDFLARE_ACCOUNT_ID: "a",
  CLOUDFLARE_API_TOKEN: "t",
  QUEUE_STANDARD_ID: "s",
  QUEUE_PREMIUM_ID: "p",
  S3_ENDPOINT: "http://localhost:8787/cdn-cgi/local/r2/s3",
  S3_ACCESS_KEY_ID: "k",
  S3_SECRET_ACCESS_KEY: "x",
  OPENAI_API_KEY: "sk-secret",
};

describe("config", () => {
  it("needs only what has no sensible default", () => {
    const config = parseConfig(good);
    expect(config.concurrency).toBe(2);
    expect(config.providers.text.baseUrl).toBe("https://api.openai.com/v1");
  });

  it("lets one capability live elsewhere", () => {
    const { providers } = parseConfig({ ...good, VOICE_BASE_URL: "http://tts.local/v1", VOICE_API_KEY: "v" });
    expect(providers.voices).toMatchObject([{ kind: "speech", baseUrl: "http://tts.local/v1", apiKey: "v" }]);
    expect(providers.picture).toMatchObject({ baseUrl: "https://api.openai.com/v1", apiKey: "sk-secret" });
  });

  it.each(["TEXT_", "PICTURE_", "VOICE_"] as const)(
    "never gives the key of one server to another: %sBASE_URL alone gets none",
    (prefix) => {
      const { providers } = parseConfig({ ...good, [`${prefix}BASE_URL`]: "https://other.example/v1" });
      const keys = { text: "sk-secret", picture: "sk-secret", voice: "sk-secret" };
      const expected = { ...keys, [prefix.slice(0, -1).toLowerCase()]: null };
      const { text, picture, voices } = providers;
      const [voice] = voices as [PaidVoiceProvider<"realtime">];
      expect({ text: text.apiKey, picture: picture.apiKey, voice: voice.apiKey }).toEqual(expected);
    },
  );

  it("inherits the key for another path of the same server, and needs none for a self-hosted server", () => {
    const same = parseConfig({ ...good, VOICE_BASE_URL: "https://api.openai.com/v2" });
    expect(same.providers.voices).toMatchObject([{ kind: "realtime", apiKey: "sk-secret" }]);
    const own = parseConfig({ ...good, OPENAI_API_KEY: "", OPENAI_BASE_URL: "http://ollama.local/v1" });
    expect(own.providers.text.apiKey).toBeNull();
  });

  it.each([
    ["EDGE_URL", "nowhere"],
    ["CALLBACK_SECRET", "hunter2"],
    ["WORKER_CONCURRENCY", "0"],
    ["WORKER_CONCURRENCY", "many"],
    ["S3_ENDPOINT", ""],
    ["OPENAI_API_KEY", ""],
    ["PICTURE_QUALITY", "best"],
    ["TEXT_PRICE_IN", "-1"],
  ])("names %s when it is wrong, and never shows its value (%s)", (name, value) => {
    const attempt = () => parseConfig({ ...good, [name]: value });
    expect(attempt).toThrow(name);
    if (value.length > 2) expect(attempt).not.toThrow(value);
  });
});
