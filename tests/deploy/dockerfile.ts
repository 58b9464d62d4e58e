/**
 * Parses a Dockerfile and runs its steps in plain folders, without a Docker engine. A file that is not
 * copied, or a package that is not installed, is found this way too.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type CommandResult, runCommand } from "../../doctor/run-command.ts";

export interface Stage {
  base: string;
  name: string | null;
  steps: Step[];
}

export interface Step {
  instruction: string;
  text: string;
}

export function parseDockerfile(text: string): Stage[] {
  const lines = text
    .replace(/^\s*#.*\n/gm, "")
    .replace(/\\\n\s*/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, instruction = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (instruction === "FROM") {
      const [, base = "", name = null] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? [];
      stages.push({ base, name, steps: [] });
    } else stages.at(-1)?.steps.push({ instruction, text: rest });
  }
  return stages;
}

/** The arguments of an exec form. @throws SyntaxError if the text is a shell form */
export const execForm = (text: string): string[] =>
  JSON.parse(text.replace(/^.*?CMD\s+(?=\[)/, "")) as string[];

export interface Image {
  /** The folder that stands for `/`. */
  root: string;
  workdir: string;
  env: Record<string, string>;
  user: string | null;
  /** The arguments of CMD in exec form. */
  command: string[];
  healthcheck: string[];
  /** The commands that ran, and their ends. */
  ran: { text: string; result: CommandResult }[];
  /** The commands that need a Docker engine or root and did not run, or whose result exists already. */
  leftOut: string[];
}

/**
 * Runs the steps of all stages below `folder`, and returns the last stage. `path`: where node and npm are.
 */
export async function buildByHand(
  stages: Stage[],
  context: string,
  folder: string,
  path: string,
): Promise<Image> {
  const built = new Map<string, Image>();
  let last: Image | undefined;
  for (const [index, stage] of stages.entries()) {
    const root = join(folder, stage.name ?? `stage-${index}`);
    mkdirSync(root, { recursive: true });
    last = await buildStage(stage, { context, root, path, built });
    if (stage.name) built.set(stage.name, last);
  }
  if (!last) throw new Error("a Dockerfile without a stage");
  return last;
}

interface Surroundings {
  context: string;
  root: string;
  path: string;
  built: Map<string, Image>;
}

async function buildStage(stage: Stage, { context, root, path, built }: Surroundings): Promise<Image> {
  const image: Image = {
    ...{ root, workdir: "/", env: {}, user: null, command: [], healthcheck: [], ran: [], leftOut: [] },
  };
  const keeps = readDockerignore(context);
  const inRoot = (place: string) => join(root, place.startsWith("/") ? place : join(image.workdir, place));
  for (const { instruction, text } of stage.steps) {
    if (instruction === "WORKDIR") {
      image.workdir = text;
      mkdirSync(join(root, text), { recursive: true });
    } else if (instruction === "ENV") {
      for (const [, name, value] of text.matchAll(/(\w+)=(\S+)/g))
        image.env[name as string] = value as string;
    } else if (instruction === "USER") image.user = text;
    else if (instruction === "CMD") image.command = execForm(text);
    else if (instruction === "HEALTHCHECK") image.healthcheck = execForm(text);
    else if (instruction === "COPY") {
      const from = /^--from=(\S+)\s+/.exec(text);
      const source = from ? built.get(from[1] as string) : undefined;
      if (from && !source) throw new Error(`COPY from a stage that is not there: ${text}`);
      copy(text.slice(from?.[0].length ?? 0), source?.root ?? context, source ? () => true : keeps, inRoot);
    } else if (instruction === "RUN") {
      // A build stage gets the packages that the same lockfile has installed in this checkout.
      if (stage.name !== null && /\bnpm ci\b/.test(text)) {
        symlinkSync(join(context, "node_modules"), join(root, image.workdir, "node_modules"));
        image.leftOut.push(text);
      } else if (/apt-get|install -d/.test(text)) {
        image.leftOut.push(text);
        for (const [, place] of text.matchAll(/install -d .*?(\/\S+)/g))
          mkdirSync(join(root, place as string));
      } else
        image.ran.push(
          await runStep(text, join(root, image.workdir), { ...bareEnvironment(path), ...image.env }),
        );
    }
  }
  return image;
}

async function runStep(text: string, cwd: string, env: Record<string, string | undefined>) {
  const [file, ...args] = text.startsWith("[")
    ? execForm(text)
    : ["sh", "-c", text.replace(/--mount=\S+ /, "")];
  const result = await runCommand(file as string, args, { cwd, env, timeoutMs: 300_000 });
  if (result.code !== 0) throw new Error(`RUN ${text}\n${result.stdout}\n${result.stderr}`);
  return { text, result };
}

/**
 * Of the developer's environment only the registry, and npm's cache, so that packages are downloaded once.
 */
export function bareEnvironment(path: string): Record<string, string | undefined> {
  const way = [
    "npm_config_registry",
    "npm_config_cafile",
    "NODE_EXTRA_CA_CERTS",
    "HTTPS_PROXY",
    "https_proxy",
  ];
  return {
    PATH: path,
    HOME: process.env.HOME,
    npm_config_prefer_offline: "true",
    ...Object.fromEntries(way.map((name) => [name, process.env[name]])),
  };
}

function copy(
  text: string,
  source: string,
  keeps: (file: string) => boolean,
  inRoot: (place: string) => string,
) {
  const names = text.split(/\s+/);
  const to = names.pop() as string;
  for (const name of names) {
    const from = join(source, name);
    if (!existsSync(from) || !keeps(relative(source, from)))
      throw new Error(`COPY ${name}: not in the build context`);
    const target = to.endsWith("/") ? join(inRoot(to), name) : inRoot(to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(from, target, {
      recursive: true,
      filter: (file) => statSync(file).isDirectory() || keeps(relative(source, file)),
    });
  }
}

/**
 * The part of .dockerignore's syntax that this project uses: patterns, and `!` for exceptions; the last match
 * wins.
 */
function readDockerignore(context: string): (file: string) => boolean {
  const rules = readFileSync(join(context, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ keeps: line.startsWith("!"), pattern: toPattern(line.replace(/^!/, "")) }));
  return (file) => rules.findLast(({ pattern }) => pattern.test(file))?.keeps ?? true;
}

const toPattern = (glob: string) =>
  new RegExp(
    `^${glob
      .replace(/[.+^$()|[\]{}]/g, "\\$&")
      .replaceAll("**/", "(.*/)?")
      .replace(/(?<![.)])\*/g, "[^/]*")}(/.*)?$`,
  );

/** Every file below a folder, sorted, without node_modules. */
export function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
