/** docs/openapi.json is the API's document as it was reviewed last: a change of the wire shows in a diff. */
import { expect, it } from "vitest";
import { buildApp } from "./app.ts";
import { realPorts } from "./ports.ts";

it("the API's document changes only together with docs/openapi.json", async () => {
  const response = await buildApp(realPorts).request("/openapi.json", {}, {});
  const document = `${JSON.stringify(await response.json(), null, 2)}\n`;
  await expect(document).toMatchFileSnapshot("../docs/openapi.json");
});
