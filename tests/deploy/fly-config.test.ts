import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../render-worker/runtime/config.ts";
import { parseDockerfile } from "./dockerfile.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface FlyConfig {
  kill_signal: string;
  kill_timeout: string;
  env: Record<string, string>;
  http_service: {
    internal_port: number;
    auto_stop_machines: string;
    auto_start_machines: boolean;
    checks: { path: string }[];
  };
  checks: Record<string, { port: number; path: string }>;
  metrics: { port: number; path: string }[];
  restart: { policy: string }[];
  build: { dockerfile: string };
}
const text = readFileSync(join(root, "fly.worker.toml"), "utf8");
const fly = parse(text) as unknown as FlyConfig;

/**
 * The keys flyctl knows, of the sections we use. `fly config validate --strict` refuses others; everything
 * else passes a misspelt key in silence.
 * @source superfly/flyctl internal/appconfig/config.go, service.go, toplevelcheck.go (2026-08)
 */
const known: Record<string, string[]> = {
  "": [
    ...[
      "app",
      "primary_region",
      "kill_signal",
      "kill_timeout",
      "swap_size_mb",
      "console_command",
      "build",
      "deploy",
    ],
    ...["env", "http_service", "checks", "metrics", "restart", "vm"],
  ],
  build: ["dockerfile", "ignorefile", "build-target", "args", "image"],
  deploy: ["strategy", "max_unavailable", "wait_timeout", "release_command", "release_command_timeout"],
  http_service: [
    ...["internal_port", "force_https", "auto_stop_machines", "auto_start_machines", "min_machines_running"],
    ...["processes", "concurrency", "tls_options", "http_options", "checks", "machine_checks"],
  ],
  "http_service.concurrency": ["type", "hard_limit", "soft_limit"],
  "http_service.checks": ["interval", "timeout", "grace_period", "method", "path", "protocol", "headers"],
  "checks.health": [
    "port",
    "type",
    "interval",
    "timeout",
    "grace_period",
    "method",
    "path",
    "protocol",
    "headers",
  ],
  metrics: ["port", "path", "https", "processes"],
  restart: ["policy", "retries", "processes"],
  vm: ["size", "memory", "cpus", "cpu_kind", "memory_mb", "kernel_args", "persist_rootfs", "processes"],
};

describe("fly.worker.toml", () => {
  it("names only keys that flyctl knows", () => {
    const used = listKeys(parse(text), "").filter(
      (key) => !key.startsWith("env.") && key !== "checks.health",
    );
    const unknown = used.filter((key) => {
      const at = key.lastIndexOf(".");
      return !known[key.slice(0, Math.max(0, at))]?.includes(key.slice(at + 1));
    });
    expect(unknown).toEqual([]);
  });

  it("gives a stopping worker more time than it needs, and less than Fly's maximum", () => {
    const killSeconds = Number(/^(\d+)s$/.exec(fly.kill_timeout)?.[1]);
    expect(fly.kill_signal).toBe("SIGTERM");
    expect(killSeconds).toBeGreaterThanOrEqual(Number(fly.env.STOP_DEADLINE_SECONDS) + 5);
    expect(killSeconds).toBeLessThanOrEqual(300);
  });

  it("never stops a machine, starts one on a request, and keeps one stopped that exits with 0", () => {
    expect(fly.http_service).toMatchObject({ auto_stop_machines: "off", auto_start_machines: true });
    expect(fly.restart).toEqual([expect.objectContaining({ policy: "on-failure" })]);
  });

  it("checks health on the port that the image listens on, and reads metrics on one that no service exposes", () => {
    const image = parseDockerfile(readFileSync(join(root, fly.build.dockerfile), "utf8")).at(-1);
    const exposed = Number(image?.steps.find(({ instruction }) => instruction === "EXPOSE")?.text);
    const ports = [
      fly.http_service.internal_port,
      Number(fly.env.PORT),
      ...Object.values(fly.checks).map(({ port }) => port),
    ];
    expect(new Set(ports)).toEqual(new Set([exposed]));
    expect(fly.metrics).toEqual([{ port: Number(fly.env.METRICS_PORT), path: "/metrics" }]);
    expect(ports).not.toContain(Number(fly.env.METRICS_PORT));
    expect(fly.http_service.checks.map(({ path }) => path)).toEqual(["/ready"]);
    expect(fly.checks.health?.path).toBe("/health");
  });

  it("has an environment that the worker accepts, with the variables that the deploy adds", () => {
    const config = parseConfig({
      ...fly.env,
      EDGE_URL: "https://dreamreel.example.workers.dev",
      CALLBACK_SECRET: `whsec_${Buffer.alloc(32).toString("base64")}`,
      CLOUDFLARE_ACCOUNT_ID: "a",
      CLOUDFLARE_API_TOKEN: "t",
      QUEUE_STANDARD_ID: "s",
      QUEUE_PREMIUM_ID: "p",
      S3_ENDPOINT: "https://a.r2.cloudflarestorage.com",
      S3_ACCESS_KEY_ID: "k",
      S3_SECRET_ACCESS_KEY: "s",
      OPENAI_API_KEY: "o",
    });
    expect(config.port).toBe(fly.http_service.internal_port);
    expect(config.stopDeadlineMs).toBe(Number(fly.env.STOP_DEADLINE_SECONDS) * 1000);
    // A picture takes up to 40 s, and one that is paid when the machine stops has to arrive.
    expect(config.purchaseGraceMs).toBeGreaterThan(40_000);
  });
});

/** Every key as its path; the tables of an array share one. */
function listKeys(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => listKeys(entry, path));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === "" ? key : `${path}.${key}`;
    return [at, ...listKeys(inner, at)];
  });
}
