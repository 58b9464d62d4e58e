import { createConfig, lintFromString } from "@redocly/openapi-core";
import { expect, it } from "vitest";
import { buildApp } from "./app.ts";
import { realPorts } from "./ports.ts";

/** docs/openapi.json is the API's document as it was reviewed last: a change of the wire shows in a diff. */
it("the API's document changes only together with docs/openapi.json", async () => {
  await expect(await readDocument()).toMatchFileSnapshot("../docs/openapi.json");
});

it("passes Redocly's recommended rules", async () => {
  const config = await createConfig({ extends: ["recommended"] });
  const found = await lintFromString({ source: await readDocument(), absoluteRef: "/openapi.json", config });
  expect(found.map(({ ruleId, location }) => `${ruleId} ${location[0]?.pointer}`)).toEqual([
    // A WebSocket: its answer is 101.
    "operation-2xx-response #/paths/~1internal~1workers~1{worker_id}~1presence/get/responses",
    // These have no key, no parameters and no limit, so no request to them is refused.
    "operation-4xx-response #/paths/~1health/get/responses",
    "operation-4xx-response #/paths/~1problems/get/responses",
  ]);
});

async function readDocument(): Promise<string> {
  const response = await buildApp(realPorts).request("/openapi.json", {}, {});
  return `${JSON.stringify(await response.json(), null, 2)}\n`;
}
