/** What a call is booked at if the provider reports no usage, over real sockets. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { parseProviders } from "../../runtime/providers.ts";
import { createAi } from "../create-ai.ts";

const signal = new AbortController().signal;

/** Asks a server that gives this answer to every call. */
async function ask<T>(answer: object, call: (ai: ReturnType<typeof createAi>) => Promise<T>): Promise<T> {
  const server = createServer((_, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer)),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await call(
      createAi(parseProviders({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` })),
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const write = (ai: ReturnType<typeof createAi>) =>
  ai.write({ system: "s", user: "u", schemaName: "n", schema: {} }, signal);

/** The costs of a text and of a picture with this usage in their answers. */
const costsWith = (usage: object | null): Promise<(number | null)[]> =>
  ask(
    {
      data: [{ b64_json: "iVBORw0KGgo=" }],
      choices: [{ message: { content: "{}" }, finish_reason: "stop" }],
      ...(usage && { usage }),
    },
    async (ai) => {
      const text = await write(ai);
      const picture = await ai.paint({ prompt: "p", size: "1024x1024" }, signal);
      return [text.costMicroUsd, picture.costMicroUsd];
    },
  );

it.each([
  ["no usage at all", null],
  ["an empty usage", {}],
  ["a total alone", { total_tokens: 1_100 }],
  ["nothing but zeros", { input_tokens: 0, output_tokens: 0, prompt_tokens: 0, completion_tokens: 0 }],
])("is unknown, not nothing, with %s", async (_, usage) => {
  expect(await costsWith(usage)).toEqual([null, null]);
});

it("is what the usage says, where there is one", async () => {
  const usage = { input_tokens: 100, output_tokens: 1_056, prompt_tokens: 1_000, completion_tokens: 400 };
  expect(await costsWith(usage)).toEqual([300, 32_180]);
});

it("is booked for a text that broke while it was written, which is read like one that was cut off", async () => {
  const error = { code: 502, message: "upstream" };
  const choices = [{ message: { content: '{"title":' }, finish_reason: "error", error }];
  const usage = { prompt_tokens: 1_000, completion_tokens: 400 };
  expect(await ask({ choices, usage }, write)).toMatchObject({
    costMicroUsd: 300,
    value: { isCutOff: true, isRefused: false },
  });
  await expect(ask({ choices }, write)).rejects.toMatchObject({ code: "openai.unavailable" });
});

it("books pictures in a request at 8 dollars per million tokens, and its words at 5", async () => {
  const usage = (text_tokens: number, image_tokens: number) => ({
    input_tokens: text_tokens + image_tokens,
    input_tokens_details: { text_tokens, image_tokens },
    output_tokens: 1_000,
  });
  const [, words] = await costsWith(usage(1_000, 0));
  const [, pictures] = await costsWith(usage(200, 800));
  expect([words, pictures]).toEqual([5_000 + 30_000, 200 * 5 + 800 * 8 + 30_000]);
});
