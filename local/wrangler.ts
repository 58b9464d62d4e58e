/** `wrangler dev` and the migrations, as the local cloud and the tests run them. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startGroup } from "./process-group.ts";
import { root } from "./root.ts";

/** The variables of the local bucket over the S3 protocol, for the edge and the worker. */
export const localObjectStore = (edgeUrl: string) => ({
  S3_ENDPOINT: `${edgeUrl}/cdn-cgi/local/r2/s3`,
  S3_BUCKET: "dreamreel-media",
  S3_ACCESS_KEY_ID: "local",
  S3_SECRET_ACCESS_KEY: "local-secret",
});

/**
 * The arguments of `wrangler dev`. Its secrets are in the file `varsPath`, so that `ps` does not show them.
 *
 * @param logLevel `log` also prints what the Worker logs
 */
export async function wranglerDev(
  config: string,
  port: number,
  persistTo: string,
  varsPath: string,
  vars: Record<string, string>,
  logLevel: "warn" | "log" = "warn",
): Promise<string[]> {
  await writeFile(
    varsPath,
    Object.entries(vars)
      .map(([name, value]) => `${name}="${value}"\n`)
      .join(""),
    { mode: 0o600 },
  );
  return [
    // A test may serve bundled Workers.
    process.env.DREAMREEL_WRANGLER ?? join("node_modules", "wrangler", "bin", "wrangler.js"),
    "dev",
    ...["--config", config],
    ...["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"],
    ...["--persist-to", persistTo, "--env-file", varsPath],
    ...["--show-interactive-dev-session", "false", "--log-level", logLevel],
  ];
}

/**
 * Applies the migrations of db/migrations, once per set of files.
 * @throws Error with the path of the log
 */
export async function migrate(stateDir: string, logDir: string): Promise<void> {
  const migrated = await readFile(stampIn(stateDir), "utf8").catch(() => "");
  if (migrated === (await listMigrations())) return;
  await mkdir(join(stateDir, "edge"), { recursive: true });
  const group = startGroup(
    "migrate",
    [process.execPath, join("local", "apply-migrations.ts"), join(stateDir, "edge")],
    { cwd: root, env: process.env, logPath: join(logDir, "migrate.log") },
  );
  const { code } = await group.exited;
  if (code !== 0) throw new Error(`The migrations failed; see ${join(logDir, "migrate.log")}`);
  await markMigrated(stateDir);
}

/** Notes in the state folder that its database has all migrations. */
export async function markMigrated(stateDir: string): Promise<void> {
  await writeFile(stampIn(stateDir), await listMigrations());
}

const stampIn = (stateDir: string) => join(stateDir, "edge", "migrated");

async function listMigrations(): Promise<string> {
  const names = await readdir(join(root, "db", "migrations"));
  return names
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .join("\n");
}
