import { afterAll, beforeAll, expect, it } from "vitest";
import { type Edge, startEdge } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge({ CORS_ORIGINS: "https://app.example https://other.example" });
  ({ key } = await edge.newKey());
});
afterAll(() => edge.close());

const preflight = (origin: string) =>
  edge.call("OPTIONS", "/dreams", {
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization, content-type, idempotency-key",
    },
  });

it("pages of other sites may call if they are named", async () => {
  const { status, headers } = await preflight("https://app.example");
  expect(status).toBe(204);
  expect(headers.get("access-control-allow-origin")).toBe("https://app.example");
  expect(headers.get("access-control-allow-headers")).toBe("authorization,content-type,idempotency-key");
  expect(headers.get("access-control-allow-credentials")).toBeNull();
  const from = { origin: "https://other.example" };
  const refused = await edge.call("GET", "/dreams/none", { key, headers: from });
  expect(refused.status).toBe(404);
  expect(refused.headers.get("access-control-allow-origin")).toBe("https://other.example");
  expect(refused.headers.get("vary")).toContain("Origin");
});

it("pages of other sites may not call if they are not", async () => {
  expect((await preflight("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
  const { headers } = await edge.call("GET", "/dreams", {
    key,
    headers: { origin: "https://evil.example" },
  });
  expect(headers.get("access-control-allow-origin")).toBeNull();
});
