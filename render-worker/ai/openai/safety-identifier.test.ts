import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseProviders } from "../../runtime/providers.ts";
import { createPainter } from "./paint.ts";
import { createWriter } from "./write.ts";

const bodies: Record<string, unknown>[] = [];
const server = createServer(async (req, res) => {
  let text = "";
  for await (const chunk of req) text += chunk;
  bodies.push(JSON.parse(text));
  res.writeHead(400, { "content-type": "application/json" }).end("{}");
});
let baseUrl: string;
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(() => {
  server.close();
});

const { text, picture } = parseProviders({ OPENAI_API_KEY: "k" });
const { signal } = new AbortController();
const safetyIdentifier = "a".repeat(64);
const ask = async (provider: { takesSafetyIdentifier: boolean }) => {
  bodies.length = 0;
  const local = { baseUrl, takesSafetyIdentifier: provider.takesSafetyIdentifier };
  const paint = createPainter({ ...picture, ...local });
  const write = createWriter({ ...text, ...local });
  const request = { system: "s", user: "u", schemaName: "n", schema: {}, safetyIdentifier };
  await paint({ prompt: "p", size: "1024x1024", safetyIdentifier }, signal).catch(() => {});
  await write(request, signal).catch(() => {});
  return bodies.map((body) => body.safety_identifier);
};

it("tells OpenAI whose dream a picture and a storyboard are for", async () => {
  expect(await ask(picture)).toEqual([safetyIdentifier, safetyIdentifier]);
});

it("sends no field that another server may not know", async () => {
  const elsewhere = parseProviders({ OPENAI_BASE_URL: "http://localhost:8080/v1" });
  expect(await ask(elsewhere.picture)).toEqual([undefined, undefined]);
});
