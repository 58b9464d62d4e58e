/**
 * Prepares a fresh clone, then runs a script: `node local/setup.mjs [--with-browser] script.ts [arguments]`.
 *
 * Plain JavaScript without packages: it runs on the system's Node (20 or newer) before anything is installed.
 * It installs the npm packages (one of them is the Node that everything else runs on), ffmpeg, a voice and
 * fonts, and builds the camera kernel's WebAssembly and the pages. Each step first checks whether it is
 * needed.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import buildAll from "./build.mjs";
import {
  canReadLockfile,
  describeInstallation,
  describeSystem,
  findObstacle,
  listMissingTools,
  usesGlibc,
} from "./system-tools.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = join(root, "node_modules", ".bin");
/** For systems whose own npm is too old. It runs on Node 20. */
const newerNpm = "10.9.4";
const say = (line) => process.stderr.write(`${line}\n`);

const [first, ...others] = process.argv.slice(2);
const withBrowser = first === "--with-browser";
// An empty argument is one too: `--text ""` is an empty dream, not a missing one.
const [script, ...scriptArguments] = withBrowser ? others : process.argv.slice(2);

const obstacle = findObstacle(process.platform, process.versions.node, usesGlibc());
if (obstacle) fail(obstacle);
installPackages();
// A question about a command's options needs no more than the packages.
if (!scriptArguments.some((argument) => ["--help", "-h", "--version", "-V"].includes(argument))) {
  installSystemTools();
  buildKernelAndPages();
  writeDevSecrets();
}
if (script) handOver(script, scriptArguments);

function installPackages() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".installed-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  say("Installing npm packages, which takes a minute or two …");
  // npm warns that some packages need a newer Node than the system's; this command installs that Node.
  // npm before 11 does not read package.json's allowScripts and would run this package's install script.
  process.env.SKIP_RUST_BUILD = "1";
  const [command, ...first] = findNpm();
  run(command, [...first, "ci", "--no-audit", "--no-fund", "--loglevel=error"], "npm ci failed");
  writeFileSync(stamp, lock);
}

/** The command of an npm that can read the lockfile. */
function findNpm() {
  const version = spawnSync("npm", ["--version"], { encoding: "utf8" }).stdout?.trim() ?? "";
  if (canReadLockfile(version)) return ["npm"];
  const folder = join(root, "build", "npm");
  const cli = join(folder, "node_modules", "npm", "bin", "npm-cli.js");
  if (!existsSync(cli)) {
    say(`npm ${version} cannot read the lockfile. Installing npm ${newerNpm} into build/npm …`);
    mkdirSync(folder, { recursive: true });
    const options = ["--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
    run("npm", ["install", ...options, `npm@${newerNpm}`], `Install npm ${newerNpm} or newer yourself`);
  }
  return [process.execPath, cli];
}

function installSystemTools() {
  const missing = listMissingTools(withBrowser);
  if (missing.length === 0) return;
  const { command, automatic } = describeInstallation(missing, describeSystem());
  const names = missing.join(", ");
  if (command === null)
    fail(`Missing: ${names}. Install them with your system's package manager; README.md names the systems.`);
  if (!automatic) fail(`Missing: ${names}. Install with:\n  ${command}`);
  say(`Installing ${names} …`);
  run("sh", ["-c", command], `The installation failed. Run it yourself:\n  ${command}`);
  const still = listMissingTools(withBrowser);
  if (still.length > 0) fail(`Still missing after the installation: ${still.join(", ")}`);
}

function buildKernelAndPages() {
  try {
    buildAll();
  } catch (error) {
    fail(error.message);
  }
}

/** Writes secrets for a `wrangler dev` that a person starts; the local cloud has its own. */
function writeDevSecrets() {
  const path = join(root, ".dev.vars");
  if (existsSync(path)) return;
  const secret = () => randomBytes(32).toString("base64url");
  writeFileSync(
    path,
    `CALLBACK_SECRETS="whsec_${randomBytes(32).toString("base64")}"\nPLAYBACK_SECRET="${secret()}"\nADMIN_KEY="${secret()}"\n`,
    { mode: 0o600 },
  );
}

/**
 * Runs the script on the project's own Node. It gets Ctrl-C from the terminal; this process forwards SIGTERM.
 * Vitest kills its workers when it ends, and a worker that is killed leaves its workerd; so what the script
 * had started is ended here.
 */
function handOver(path, args) {
  mkdirSync(join(root, "build"), { recursive: true });
  const environment = {
    // Every process starts faster when Node finds its compiled code.
    NODE_COMPILE_CACHE: join(root, "build", "compiled"),
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
  };
  const child = spawn(join(bin, "node"), [path, ...args], { cwd: root, stdio: "inherit", env: environment });
  process.on("SIGINT", () => {});
  let started = [];
  for (const name of ["SIGTERM", "SIGHUP"])
    process.on(name, () => {
      started = descendantsOf(child.pid);
      child.kill(name);
    });
  child.on("exit", async (code, signal) => {
    await endAll(started);
    process.exit(code ?? (signal === "SIGINT" ? 130 : 143));
  });
}

/** The ids of the processes below this one. Empty where the system has no `ps`. */
function descendantsOf(pid) {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" });
  const processes = (stdout ?? "")
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent) =>
    processes.flatMap(([id, parentId]) => (parentId === parent ? [id, ...below(id)] : []));
  return below(pid);
}

/** Waits up to 3 s for the processes to end, then kills those that are left. */
async function endAll(pids) {
  const isAlive = (pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  for (let waits = 0; waits < 30 && pids.some(isAlive); waits++) await sleep(100);
  for (const pid of pids.filter(isAlive)) process.kill(pid, "SIGKILL");
}

function run(command, args, failure) {
  const environment = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    DEBIAN_FRONTEND: "noninteractive",
  };
  // A tool's output goes to stderr, because the script that follows uses stdout for its result.
  const { status } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], env: environment });
  if (status !== 0) fail(failure);
}

function fail(message) {
  say(message);
  process.exit(1);
}
