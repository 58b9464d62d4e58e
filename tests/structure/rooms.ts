/**
 * Which folder may import which: the one declaration of the project's boundaries.
 * tests/structure/imports.test.ts checks every import of product code against it, imports of types included.
 */

/** Folders at the root: what each may import besides itself, and the packages that it may import. */
export const folders: Record<string, { imports: string[]; packages: string[] }> = {
  contract: { imports: [], packages: ["ipaddr.js", "standardwebhooks", "zod"] },
  db: { imports: [], packages: ["drizzle-orm"] },
  edge: {
    imports: ["contract", "db"],
    packages: ["@hono/zod-openapi", "aws4fetch", "cloudflare:workers", "drizzle-orm", "hono", "ulid", "zod"],
  },
  web: { imports: ["contract"], packages: ["eventsource-parser", "hls.js", "idb", "uplot"] },
  "render-worker": {
    imports: ["contract"],
    packages: [
      "@aws-sdk/client-s3",
      "@aws-sdk/lib-storage",
      "@contentauth/c2pa-node",
      "cloudflare",
      "css-line-break",
      "express",
      "fluent-ffmpeg",
      "iso-639-2",
      "n2words",
      "openai",
      "pino",
      "prom-client",
      "ws",
      "zod",
    ],
  },
  simulators: { imports: [], packages: ["cloudflare:workers", "express", "sharp", "ws", "zod"] },
  "command-line": {
    imports: [],
    packages: ["@commander-js/extra-typings", "commander", "fastest-levenshtein", "zod"],
  },
  cli: { imports: ["contract", "command-line"], packages: ["@commander-js/extra-typings", "zod"] },
  doctor: { imports: ["contract", "command-line", "render-worker"], packages: ["cloudflare", "zod"] },
  deploy: {
    imports: ["contract", "command-line", "doctor", "render-worker"],
    packages: ["commander", "smol-toml", "zod"],
  },
  local: {
    imports: ["contract", "command-line", "cli", "simulators", "doctor", "deploy"],
    packages: ["@cloudflare/workers-types", "miniflare", "vitest"],
  },
};

/**
 * Subfolders from the lowest to the highest: a file imports its own subfolder and lower ones. "" is the
 * folder itself.
 */
export const layers: Record<string, string[]> = {
  edge: [
    "errors",
    "forecast",
    "metrics",
    "store",
    "playback",
    "present",
    "channel",
    "webhooks",
    "pool",
    "jobs",
    "leases",
    "http",
    "routes",
    "",
  ],
  "render-worker": [
    "captions",
    "flow",
    "runtime",
    "clients",
    "credentials",
    "media",
    "ai",
    "purchases",
    "pipeline",
    "",
  ],
};

/**
 * Files that every layer of their folder may import. They import nothing of their folder but each other and
 * errors.
 */
export const base = ["edge/env.ts", "edge/ports.ts", "render-worker/errors.ts"];

/** Packages that one place alone imports. */
export const onlyFrom: Record<string, string> = {
  "fluent-ffmpeg": "render-worker/media/ffmpeg.ts",
  "drizzle-orm": "edge/store/",
};
