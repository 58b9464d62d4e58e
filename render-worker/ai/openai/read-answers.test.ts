/**
 * How each shape of a provider's answer is classified, over real sockets: the error, whether the call may be
 * paid, and the calls made.
 */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { CodedError } from "../../errors.ts";
import { CircuitBreaker } from "../../flow/circuit-breaker.ts";
import { Slots } from "../../flow/slots.ts";
import { parseProviders } from "../../runtime/providers.ts";
import { createAi } from "../create-ai.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const aiAt = (origin: string, more: Record<string, string> = {}) =>
  createAi(parseProviders({ OPENAI_BASE_URL: `${origin}/v1`, VOICE_CHAIN: "speech", ...more }));
const signal = new AbortController().signal;
const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const json = (status: number, body: unknown): RequestListener => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = text.startsWith("<") ? "text/html" : "application/json";
  return (_, response) => response.writeHead(status, { "content-type": type }).end(text);
};

type Ai = ReturnType<typeof createAi>;
const calls = {
  text: (ai: Ai) => ai.write({ system: "s", user: "u", schemaName: "n", schema: {} }, signal),
  picture: (ai: Ai) => ai.paint({ prompt: "p", size: "1024x1024" }, signal),
  voice: (ai: Ai) => ai.speak("speech", { text: "t", voice: "sage", instructions: "calm" }, signal),
};
const capabilities = Object.keys(calls) as (keyof typeof calls)[];

async function failureOf(capability: keyof typeof calls, answer: RequestListener): Promise<CodedError> {
  return calls[capability](aiAt(await serve(answer))).then(
    () => Promise.reject(new Error("it was taken for an answer")),
    (error: CodedError) => error,
  );
}

const vendor = (error: unknown) => ({ error });
const told = [
  ["a rate limit", vendor({ code: 429, message: "slow down" }), "openai.rate_limited"],
  ["a refused key", vendor({ code: 401, message: "No auth credentials found" }), "*.key_refused"],
  ["no credit", vendor({ code: 402, message: "Insufficient credits" }), "*.no_credit"],
  ["no such model", vendor({ code: 404, message: "No endpoints found" }), "*.model_unavailable"],
  ["flagged content", vendor({ code: 403, metadata: { flagged_input: "x" } }), "openai.refused"],
  ["a refusal", vendor({ code: "content_policy_violation", message: "no" }), "openai.refused"],
  ["a bad request", vendor({ code: 400, message: "bad size" }), "openai.bad_request"],
  ["a lost upstream", vendor({ code: 502, message: "upstream" }), "openai.unavailable"],
  ["text", vendor("the model is loading"), "openai.unavailable"],
  ["a web page", "<!doctype html><title>Welcome</title>", "openai.web_page"],
] as const;

describe.each(capabilities)("an answer of status 200 to a call for %s", (capability) => {
  it.each(told)("that tells %s is what it says, and nothing is paid", async (_, body, code) => {
    const error = await failureOf(capability, json(200, body));
    expect([error.code, error.mayBePaid]).toEqual([code.replace("*", capability), false]);
  });
});

describe.each(capabilities)("a status in answer to a call for %s", (capability) => {
  it.each([
    [401, {}, "*.key_refused", false],
    [402, {}, "*.no_credit", false],
    [403, {}, "*.key_refused", false],
    [404, vendor({ code: "model_not_found" }), "*.model_unavailable", false],
    [404, "<h1>Not found</h1>", "*.model_unavailable", false],
    [400, vendor({ message: "xyz is not a valid model ID" }), "*.model_unavailable", false],
    [400, vendor({ message: "bad size", param: "size" }), "openai.bad_request", false],
    [429, vendor({ code: "insufficient_quota" }), "*.no_credit", false],
    [429, {}, "openai.rate_limited", false],
    [500, {}, "openai.unavailable", false],
    [503, {}, "openai.unavailable", false],
    [502, {}, "openai.unavailable", true],
    [504, {}, "openai.unavailable", true],
    [520, "<h1>Cloudflare</h1>", "openai.unavailable", true],
    [521, "<h1>Cloudflare</h1>", "openai.unavailable", false],
    [524, "<h1>A timeout occurred</h1>", "openai.unavailable", true],
  ] as const)("%i %j is %s; the outcome is unknown: %s", async (status, body, code, mayBePaid) => {
    const error = await failureOf(capability, json(status, body));
    expect([error.code, error.mayBePaid]).toEqual([code.replace("*", capability), mayBePaid]);
  });
});

it("lets the owner ask again after a request that this provider could not use: another model may", async () => {
  const error = await failureOf("voice", json(400, vendor({ message: "bad format" })));
  expect([error.code, error.name]).toEqual(["openai.bad_request", "Rejected"]);
});

it("names no vendor, key, model or address to the dream's owner where the configuration is wrong", async () => {
  const error = await failureOf(
    "voice",
    json(404, vendor({ code: "model_not_found", message: "sk-1 tts-9" })),
  );
  expect(error.message).toBe(
    "The service that speaks is not set up: it does not exist under its configured name or address. " +
      "The operator has to repair it.",
  );
});

describe("a picture", () => {
  const paint = async (answer: RequestListener, more?: Record<string, string>) =>
    calls.picture(aiAt(await serve(answer), more)).then(({ value }) => Buffer.from(value));
  const linked =
    (url: (origin: string) => string, picture: RequestListener): RequestListener =>
    (request, response) =>
      request.method === "POST"
        ? json(200, { data: [{ url: url(`http://${request.headers.host}`) }] })(request, response)
        : picture(request, response);

  it.each([
    ["b64_json", { b64_json: png.toString("base64") }],
    ["b64_json with a data: prefix", { b64_json: `data:image/png;base64,${png.toString("base64")}` }],
    ["a data: address", { url: `data:image/png;base64,${png.toString("base64")}` }],
  ])("is read out of %s", async (_, picture) => {
    expect(await paint(json(200, { data: [picture] }))).toEqual(png);
  });

  it("without a byte is an answer, which the decoder refuses, and no unknown outcome", async () => {
    expect(await paint(json(200, { data: [{ b64_json: "" }] }))).toHaveLength(0);
  });

  it("is fetched from the provider's own origin, though that is private", async () => {
    const answer = linked(
      (origin) => `${origin}/generated/1.png`,
      (_, response) => response.end(png),
    );
    expect(await paint(answer)).toEqual(png);
  });

  it.each([
    ["a private address", () => "https://10.0.0.1/x.png"],
    ["loopback in IPv6", () => "https://[::1]/x.png"],
    ["a mapped address", () => "https://[::ffff:127.0.0.1]/x.png"],
    ["the metadata service", () => "http://169.254.169.254/latest"],
    ["a public host without TLS", () => "http://example.com/x.png"],
    ["a name of this machine", () => "https://localhost/x.png"],
    ["another port of the provider's host", () => "http://127.0.0.1:1/x.png"],
    ["a file", () => "file:///etc/passwd"],
  ])("is never fetched from %s: the provider is wrongly configured", async (_, url) => {
    let gets = 0;
    const answer = linked(url, (_, response) => {
      gets++;
      response.end(png);
    });
    await expect(paint(answer)).rejects.toMatchObject({
      code: "picture.answer_unusable",
      aiFault: "configuration",
      mayBePaid: true,
    });
    expect(gets).toBe(0);
  });

  it("is not followed elsewhere by a redirect, nor taken where it is a page", async () => {
    for (const picture of [
      (_: unknown, response: Parameters<RequestListener>[1]) =>
        response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
      (_: unknown, response: Parameters<RequestListener>[1]) => response.end("<html>"),
    ]) {
      const answer = linked((origin) => `${origin}/x.png`, picture);
      await expect(paint(answer)).rejects.toMatchObject({ code: "openai.picture_lost", mayBePaid: true });
    }
  });
});

describe("a provider that stalls", () => {
  const begun: RequestListener = (_, response) => {
    response.writeHead(200, { "content-type": "audio/wav", "content-length": "100000" });
    response.write("RIFF");
  };

  it.each([
    ["never answers", () => {}],
    ["stops after the headers", begun],
    [
      "sends a byte every 100 ms",
      (_: unknown, response: Parameters<RequestListener>[1]) => {
        response.writeHead(200, { "content-type": "audio/wav" });
        const timer = setInterval(() => response.write("R"), 100);
        response.once("close", () => clearInterval(timer));
      },
    ],
  ] satisfies [string, RequestListener][])(
    "%s: the call ends in time, its outcome unknown, its slot free",
    async (_, answer) => {
      const ai = aiAt(await serve(answer), { VOICE_TIMEOUT_SECONDS: "1" });
      const slots = new Slots(1);
      const call = slots.run(signal, () => calls.voice(ai));
      await expect(call).rejects.toMatchObject({ code: "openai.timeout", mayBePaid: true });
      expect(await slots.run(signal, async () => "free")).toBe("free");
    },
  );

  it("as a breaker's probe leaves the way free for the next probe", async () => {
    let now = 0;
    const breaker = new CircuitBreaker({ failures: 1, openMs: 10, longestOpenMs: 10 }, () => now);
    const ai = aiAt(await serve(begun), { VOICE_TIMEOUT_SECONDS: "1" });
    for (let probe = 0; probe < 2; probe++) {
      await expect(breaker.run(() => calls.voice(ai))).rejects.toMatchObject({ code: "openai.timeout" });
      now += 10;
    }
    expect(await breaker.run(async () => "back")).toBe("back");
  });
});

it("sends a key to the address it was given for alone, and no Authorization to a server without one", async () => {
  const heard: Record<string, string | undefined> = {};
  const hear =
    (name: string): RequestListener =>
    (request, response) => {
      heard[name] = request.headers.authorization;
      json(503, {})(request, response);
    };
  const [own, other] = await Promise.all([serve(hear("own")), serve(hear("other"))]);
  const ai = aiAt(own, { OPENAI_API_KEY: "sk-secret", VOICE_BASE_URL: `${other}/v1` });
  await Promise.allSettled([calls.picture(ai), calls.voice(ai)]);
  expect(heard).toEqual({ own: "Bearer sk-secret", other: undefined });
});
