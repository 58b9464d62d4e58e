import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";

const requestsPerMinute = 10_000;

/** Sets the headers of the real API: the request's id and the rate limits. */
export const vendorHeaders: RequestHandler = (_req, res, next) => {
  const startedAt = performance.now();
  res.set({
    "x-request-id": `req_${randomUUID().replaceAll("-", "")}`,
    "openai-version": "2020-10-01",
    "openai-organization": "dreamreel-local",
    "x-ratelimit-limit-requests": String(requestsPerMinute),
    "x-ratelimit-remaining-requests": String(requestsPerMinute - 1),
    "x-ratelimit-reset-requests": "6ms",
  });
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => typeof res;
  res.writeHead = (...args: unknown[]) => {
    if (!res.headersSent) res.set("openai-processing-ms", String(Math.round(performance.now() - startedAt)));
    return writeHead(...args);
  };
  next();
};
